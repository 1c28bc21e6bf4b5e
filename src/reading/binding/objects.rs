//! Objects from one PDF to another, with all that they refer to and nothing that leads to other pages.

use std::collections::{HashMap, VecDeque};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::STREAM_BYTES_MAX;
use super::drawn::{self, Names};
use crate::reading::document::Refusal;

/// Arrays within arrays that a real page has; a document that goes deeper is left where it is.
const DEPTH_MAX: usize = 64;

/// What stands in no page of ours: it acts on its own, or carries a file.
const LEFT_BEHIND: [&[u8]; 7] = [b"AA", b"OpenAction", b"JS", b"JavaScript", b"EF", b"AF", b"PieceInfo"];

/// Copies from one document; each object once, whoever refers to it.
pub struct Copy<'a> {
    from: &'a Document,
    known: HashMap<ObjectId, ObjectId>,
    waiting: VecDeque<(ObjectId, ObjectId)>,
    /// Of resources, only what is drawn comes along: the pages left behind may be another patient's.
    only_drawn: bool,
    /// It can't be told what is drawn.
    unclear: bool,
}

impl<'a> Copy<'a> {
    /// Everything that the copied objects refer to.
    pub fn all_of(from: &'a Document) -> Self {
        Self {
            from,
            known: HashMap::new(),
            waiting: VecDeque::new(),
            only_drawn: false,
            unclear: false,
        }
    }

    /// For some pages of many, which may share their lists of resources.
    pub fn only_drawn_of(from: &'a Document) -> Self {
        Self {
            only_drawn: true,
            ..Self::all_of(from)
        }
    }

    /// The resources that this content draws with, as they are in the other document still.
    pub fn drawn(&mut self, resources: &Dictionary, contents: &[&Stream]) -> Dictionary {
        if !self.only_drawn {
            return resources.clone();
        }
        let mut content = Vec::new();
        for part in contents {
            let room = STREAM_BYTES_MAX.saturating_sub(content.len());
            match part.get_plain_content_with_limit(room) {
                Ok(plain) => {
                    content.extend_from_slice(&plain);
                    content.push(b'\n');
                }
                Err(_) => self.unclear = true,
            }
        }
        Names::of(&content).only(resources, self.from)
    }

    /// The object as it is written in the other document. What it refers to is copied by `finish`.
    pub fn object(&mut self, object: &Object, to: &mut Document) -> Object {
        self.rewritten(object, to, 0)
    }

    /// Copies what is still referred to, one after the other rather than by recursion: a hostile chain is long.
    /// Refuses where it can't be told what is drawn.
    pub fn finish(&mut self, to: &mut Document) -> Result<(), Refusal> {
        while let Some((old, new)) = self.waiting.pop_front() {
            let object = match self.from.get_object(old) {
                Ok(object) if !leads_to_pages(object) => self.rewritten(object, to, 0),
                _ => Object::Null,
            };
            to.set_object(new, object);
        }
        if self.unclear { Err(Refusal::Unreadable) } else { Ok(()) }
    }

    fn rewritten(&mut self, object: &Object, to: &mut Document, depth: usize) -> Object {
        self.unclear |= self.only_drawn && drawn::may_draw_anything(object);
        if depth > DEPTH_MAX {
            return Object::Null;
        }
        match object {
            Object::Reference(old) => self.reference(*old, to),
            Object::Array(items) => items
                .iter()
                .map(|item| self.rewritten(item, to, depth + 1))
                .collect::<Vec<_>>()
                .into(),
            Object::Dictionary(dictionary) => self.dictionary(dictionary, to, depth).into(),
            Object::Stream(stream) => {
                let mut dictionary = {
                    let own = self.with_drawn(stream);
                    self.dictionary(&own, to, depth)
                };
                // Data that lie in a file elsewhere.
                for key in [b"F".as_slice(), b"FFilter", b"FDecodeParms"] {
                    dictionary.remove(key);
                }
                dictionary.set("Length", stream.content.len() as i64);
                Stream::new(dictionary, stream.content.clone())
                    .with_compression(false)
                    .into()
            }
            plain => plain.clone(),
        }
    }

    /// A stream's dictionary; that of a form with no more resources than it draws.
    fn with_drawn(&mut self, stream: &Stream) -> Dictionary {
        let mut dictionary = stream.dict.clone();
        let resources = dictionary.get_deref(b"Resources", self.from).and_then(Object::as_dict);
        if let Ok(resources) = resources.cloned() {
            dictionary.set("Resources", self.drawn(&resources, &[stream]));
        }
        dictionary
    }

    fn dictionary(&mut self, dictionary: &Dictionary, to: &mut Document, depth: usize) -> Dictionary {
        // A table of names has no type, and a font may well be called AF.
        let typed = dictionary.has(b"Type") || dictionary.has(b"Subtype") || dictionary.has(b"S");
        let kept = dictionary
            .iter()
            .filter(|(key, _)| !typed || !LEFT_BEHIND.contains(&key.as_slice()));
        let kept: Vec<(Vec<u8>, Object)> = kept
            .map(|(key, value)| (key.clone(), self.rewritten(value, to, depth + 1)))
            .collect();
        kept.into_iter().collect()
    }

    fn reference(&mut self, old: ObjectId, to: &mut Document) -> Object {
        let new = *self.known.entry(old).or_insert_with(|| {
            let new = to.new_object_id();
            self.waiting.push_back((old, new));
            new
        });
        Object::Reference(new)
    }
}

/// Other pages come along with whatever points at them, so nothing may.
fn leads_to_pages(object: &Object) -> bool {
    let kind = object.as_dict().ok().and_then(|dictionary| dictionary.get_type().ok());
    kind.is_some_and(|kind| [b"Page".as_slice(), b"Pages", b"Catalog"].contains(&kind))
}
