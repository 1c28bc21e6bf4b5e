//! Objects from one PDF to another, with all that they refer to and nothing that leads to other pages.

use std::collections::{HashMap, VecDeque};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// Arrays within arrays that a real page has; a document that goes deeper is left where it is.
const DEPTH_MAX: usize = 64;

/// What stands in no page of ours: it acts on its own, or carries a file.
const LEFT_BEHIND: [&[u8]; 7] = [b"AA", b"OpenAction", b"JS", b"JavaScript", b"EF", b"AF", b"PieceInfo"];

/// Copies from one document; each object once, whoever refers to it.
pub struct Copy<'a> {
    from: &'a Document,
    known: HashMap<ObjectId, ObjectId>,
    waiting: VecDeque<(ObjectId, ObjectId)>,
}

impl<'a> Copy<'a> {
    pub fn new(from: &'a Document) -> Self {
        Self {
            from,
            known: HashMap::new(),
            waiting: VecDeque::new(),
        }
    }

    /// The object as it is written in the other document. What it refers to is copied by `finish`.
    pub fn object(&mut self, object: &Object, to: &mut Document) -> Object {
        self.rewritten(object, to, 0)
    }

    /// Copies what is still referred to, one after the other rather than by recursion: a hostile chain is long.
    pub fn finish(&mut self, to: &mut Document) {
        while let Some((old, new)) = self.waiting.pop_front() {
            let object = match self.from.get_object(old) {
                Ok(object) if !leads_to_pages(object) => self.rewritten(object, to, 0),
                _ => Object::Null,
            };
            to.set_object(new, object);
        }
    }

    fn rewritten(&mut self, object: &Object, to: &mut Document, depth: usize) -> Object {
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
                let mut dictionary = self.dictionary(&stream.dict, to, depth);
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
