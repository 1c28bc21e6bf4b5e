//! XML from partners, as a tree of bounded size whose values know their XPath.
//!
//! Read for its elements alone: prefixes and namespaces are not looked at, since real documents get them wrong; a
//! processing instruction (a style sheet) is passed over, a document type is refused, and nothing is ever fetched.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;
use std::fmt::Write;

mod encoding;
mod escape;

pub use escape::escaped;

/// C-CDA documents of 3 MB occur; a message is at most some 50 MB.
pub const BYTES_MAX: usize = 24 * 1024 * 1024;
const ELEMENTS_MAX: usize = 400_000;
const ATTRIBUTES_MAX: usize = 64;
const DEPTH_MAX: usize = 128;

/// Why bytes are not read as XML. Never quotes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("the characters are in no encoding that is read here")]
    Encoding,
    #[error("the XML is malformed or cut off")]
    Malformed,
    #[error("the XML declares a document type, which is refused")]
    DocumentType,
    #[error("the XML is too large, too deeply nested or has too many elements")]
    Limit,
}

/// A document that was read: always has a root element.
#[derive(Debug)]
pub struct Tree(Vec<Node>);

#[derive(Debug)]
struct Node {
    parent: Option<usize>,
    /// Without its prefix.
    name: String,
    /// From 1, among its siblings of the same name, as XPath counts.
    nth: usize,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Element(usize),
    Text(String),
}

impl Tree {
    pub fn parse(bytes: &[u8]) -> Result<Self, XmlError> {
        if bytes.len() > BYTES_MAX {
            return Err(XmlError::Limit);
        }
        let text = encoding::decode(bytes)?;
        let mut building = Building::default();
        let mut reader = Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(|_| XmlError::Malformed)? {
                Event::Start(start) => building.open(&start)?,
                Event::Empty(start) => {
                    building.open(&start)?;
                    building.open.pop();
                }
                Event::End(_) => {
                    building.open.pop();
                }
                Event::Text(text) => building.text(&text.xml10_content())?,
                Event::CData(text) => building.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let resolved = reference.resolve_char_ref().map_err(|_| XmlError::Malformed)?;
                    building.reference(&reference.xml10_content(), resolved)?;
                }
                Event::DocType(_) => return Err(XmlError::DocumentType),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => break,
            }
        }
        if building.nodes.is_empty() || !building.open.is_empty() {
            return Err(XmlError::Malformed);
        }
        Ok(Self(building.nodes))
    }

    pub fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    /// Every element of the document in its order, the root first.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.0.len()).map(|at| Element { tree: self, at })
    }
}

#[derive(Default)]
struct Building {
    nodes: Vec<Node>,
    open: Vec<Open>,
}

/// An element whose end has not come, with how many of each name it holds so far.
struct Open {
    at: usize,
    names: HashMap<String, usize>,
}

impl Building {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        if self.open.len() >= DEPTH_MAX || self.nodes.len() >= ELEMENTS_MAX {
            return Err(XmlError::Limit);
        }
        let parent = self.open.last().map(|open| open.at);
        if parent.is_none() && !self.nodes.is_empty() {
            return Err(XmlError::Malformed);
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| XmlError::Malformed)?;
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .map_err(|_| XmlError::Malformed)?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
            if attributes.len() > ATTRIBUTES_MAX {
                return Err(XmlError::Limit);
            }
        }
        let name = start.local_name().as_ref().to_owned();
        let at = self.nodes.len();
        let nth = self.open.last_mut().map_or(1, |open| {
            let before = open.names.entry(name.clone()).or_default();
            *before += 1;
            *before
        });
        self.nodes.push(Node {
            parent,
            name,
            nth,
            attributes,
            children: Vec::new(),
        });
        if let Some(parent) = parent {
            self.nodes[parent].children.push(Child::Element(at));
        }
        self.open.push(Open {
            at,
            names: HashMap::new(),
        });
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        let Some(at) = self.open.last().map(|open| open.at) else {
            // Line breaks between the root and what stands around it.
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(XmlError::Malformed)
            };
        };
        match self.nodes[at].children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => self.nodes[at].children.push(Child::Text(text.to_owned())),
        }
        Ok(())
    }

    /// The five entities of XML and characters by number; what only a document type could define stays as it is written.
    fn reference(&mut self, name: &str, resolved: Option<char>) -> Result<(), XmlError> {
        match (resolved, quick_xml::escape::resolve_xml_entity(name)) {
            (Some(character), _) => self.text(character.encode_utf8(&mut [0; 4])),
            (None, Some(text)) => self.text(text),
            (None, None) => self.text(&format!("&{name};")),
        }
    }
}

/// An element within its tree.
#[derive(Clone, Copy, Debug)]
pub struct Element<'t> {
    tree: &'t Tree,
    at: usize,
}

impl<'t> Element<'t> {
    fn node(self) -> &'t Node {
        &self.tree.0[self.at]
    }

    pub fn name(self) -> &'t str {
        &self.node().name
    }

    pub fn children(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        self.node().children.iter().filter_map(move |child| match child {
            Child::Element(at) => Some(Self { tree, at: *at }),
            Child::Text(_) => None,
        })
    }

    pub fn all(self, name: &str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.name() == name)
    }

    pub fn first(self, name: &str) -> Option<Self> {
        self.all(name).next()
    }

    /// The first element down such a path of names, the first of each name taken.
    pub fn at(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |element, name| element.first(name))
    }

    /// An attribute by its name without a prefix; one that has no prefix goes before one that has.
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        self.attribute_entry(name).map(|(_, value)| value.as_str())
    }

    fn attribute_entry(self, name: &str) -> Option<&'t (String, String)> {
        let attributes = &self.node().attributes;
        let local = |key: &str| key.split_once(':').is_some_and(|(_, local)| local == name);
        attributes
            .iter()
            .find(|(key, _)| key == name)
            .or_else(|| attributes.iter().find(|(key, _)| local(key)))
    }

    /// All text within, that of inner elements too, as it stands.
    pub fn text(self) -> String {
        let mut text = String::new();
        self.collect_text(&mut text);
        text
    }

    fn collect_text(self, into: &mut String) {
        for piece in self.pieces() {
            match piece {
                Piece::Text(text) => into.push_str(text),
                Piece::Element(inner) => inner.collect_text(into),
            }
        }
    }

    /// What stands within, in its order.
    pub fn pieces(self) -> impl Iterator<Item = Piece<'t>> {
        let tree = self.tree;
        self.node().children.iter().map(move |child| match child {
            Child::Element(at) => Piece::Element(Self { tree, at: *at }),
            Child::Text(text) => Piece::Text(text),
        })
    }

    /// The elements within it, at any depth, in the document's order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        // Elements are numbered as they open, so that all within one follow it without a gap.
        (self.at + 1..tree.0.len())
            .map(move |at| Self { tree, at })
            .take_while(move |inner| inner.is_within(self))
    }

    fn is_within(self, outer: Self) -> bool {
        let mut at = self.at;
        while at > outer.at {
            match self.tree.0[at].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        at == outer.at
    }

    /// A path that leads to this element in any XPath 1.0 processor, whatever prefixes the document uses.
    pub fn xpath(self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(self.at);
        while let Some(node) = at.map(|at| &self.tree.0[at]) {
            steps.push((&node.name, node.nth));
            at = node.parent;
        }
        let mut path = String::new();
        for (name, nth) in steps.into_iter().rev() {
            // A name holds no quote: it would have ended the tag's name for the reader.
            let _ = write!(path, "/*[local-name()='{}'][{nth}]", name.replace('\'', ""));
        }
        path
    }

    /// The path of one of its attributes.
    pub fn attribute_xpath(self, name: &str) -> String {
        match self.attribute_entry(name) {
            Some((key, _)) if key != name => format!("{}/@*[local-name()='{name}']", self.xpath()),
            _ => format!("{}/@{name}", self.xpath()),
        }
    }
}

/// A part of an element's content.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'t> {
    Text(&'t str),
    Element(Element<'t>),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> XmlError {
        Tree::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn elements_are_found_whatever_their_prefix() {
        let text = "\u{feff}<?xml version='1.0'?><?xml-stylesheet href='http://example.invalid/x.xsl'?>\n\
                    <c:a xmlns:c='urn:x'><b/><c:b n='1' x:n='2' x:t='3'>one &amp; <i>two</i>&#33;<![CDATA[<3]]>&nbsp;</c:b></c:a>\n";
        let tree = Tree::parse(text.as_bytes()).unwrap();
        let second = tree.root().all("b").nth(1).unwrap();
        assert_eq!(second.text(), "one & two!<3&nbsp;");
        assert_eq!((second.attribute("n"), second.attribute("t")), (Some("1"), Some("3")));
        assert_eq!(second.xpath(), "/*[local-name()='a'][1]/*[local-name()='b'][2]");
        assert_eq!(second.attribute_xpath("n"), second.xpath() + "/@n");
        assert_eq!(second.attribute_xpath("t"), second.xpath() + "/@*[local-name()='t']");
        let inner: Vec<_> = tree.root().descendants().map(Element::name).collect();
        assert_eq!(inner, ["b", "b", "i"]);
        assert_eq!(second.descendants().count(), 1);
    }

    #[test]
    fn other_encodings_are_read() {
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>Mu\xF1oz</a>";
        assert_eq!(Tree::parse(latin).unwrap().root().text(), "Muñoz");
        let quoted = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>O\x92Brien \xE9</a>";
        assert_eq!(Tree::parse(quoted).unwrap().root().text(), "O’Brien é");
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>Muñoz</a>";
        let wide: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(Tree::parse(&wide).unwrap().root().text(), "Muñoz");
        assert_eq!(Tree::parse(b"<a>\xF1</a>").unwrap_err(), XmlError::Encoding);
    }

    #[test]
    fn what_could_harm_is_refused() {
        assert_eq!(
            refusal("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"),
            XmlError::DocumentType
        );
        assert_eq!(refusal(&"<a>".repeat(DEPTH_MAX + 1)), XmlError::Limit);
        assert_eq!(
            refusal(&format!("<a>{}</a>", "<b/>".repeat(ELEMENTS_MAX))),
            XmlError::Limit
        );
        for cut in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a x=1/>",
            "<a x='1' x='2'/>",
            "<a/>text",
        ] {
            assert_eq!(refusal(cut), XmlError::Malformed, "{cut}");
        }
    }

    #[test]
    fn many_names_below_one_element_take_no_longer_than_one_name() {
        let many: String = (0..100_000).map(|n| format!("<a{n}/>")).collect::<Vec<_>>().concat();
        let tree = Tree::parse(format!("<r>{many}</r>").as_bytes()).unwrap();
        assert_eq!(
            tree.root().children().last().unwrap().xpath(),
            "/*[local-name()='r'][1]/*[local-name()='a99999'][1]"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0u8..255, 0..200), text in "[<>/&;a-c='\"!?\\[\\]# -]{0,80}") {
            let _ = Tree::parse(&bytes);
            if let Ok(tree) = Tree::parse(format!("<a>{text}</a>").as_bytes()) {
                for element in tree.elements() {
                    let _ = (element.text(), element.xpath());
                }
            }
        }
    }
}
