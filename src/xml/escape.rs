//! A text as XML can hold it.

/// Escaped, and without the characters that XML has no way to write (XML 1.0 §2.2): a single one makes a document unreadable.
pub fn escaped(text: &str) -> String {
    let legal: String = text.chars().filter(|c| is_legal(*c)).collect();
    quick_xml::escape::escape(legal).into_owned()
}

fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Tree;

    #[test]
    fn whatever_a_text_holds_the_document_can_be_read() {
        let odd = "a\u{7}\u{0}<b> & \"c\" 'd'\u{FFFF}\tñ😀";
        let document = format!("<t a=\"{0}\">{0}</t>", escaped(odd));
        let tree = Tree::parse(document.as_bytes()).unwrap();
        assert_eq!(tree.root().text(), "a<b> & \"c\" 'd'\tñ😀");
        assert!(!document.contains(['\u{7}', '\u{0}', '\u{FFFF}']));
    }
}
