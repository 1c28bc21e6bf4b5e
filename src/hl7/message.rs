//! A message in ER7, the encoding with bars: segments, fields, repetitions, components, subcomponents and escapes
//! (HL7 v2.5.1 §2.6-2.7). Numbers count from 1, as the standard does: `PID-5` is `field(5)`.

/// Why bytes are no message. Never quotes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hl7Error {
    #[error("the message does not begin with a header segment (MSH)")]
    NoHeader,
    #[error("the header does not say which characters separate fields")]
    Separators,
    #[error("the message is too large or has too many segments")]
    Limit,
    #[error("the file holds several messages")]
    Several,
}

const BYTES_MAX: usize = 16 * 1024 * 1024;
const SEGMENTS_MAX: usize = 20_000;

/// The characters that a message separates its parts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Separators {
    field: char,
    component: char,
    repetition: char,
    escape: char,
    subcomponent: char,
}

#[derive(Clone, Debug)]
pub struct Message {
    separators: Separators,
    segments: Vec<String>,
}

/// Whether bytes are worth reading as a message, whatever their file name and type say.
pub fn looks_like(bytes: &[u8]) -> bool {
    start(bytes).starts_with(b"MSH")
}

/// Without a byte order mark, the start block of MLLP, and blank lines.
fn start(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0B;
    let first = bytes.iter().position(|byte| !blank(byte)).unwrap_or(bytes.len());
    &bytes[first..]
}

impl Message {
    /// Segments may end in CR as they must, or in LF or CR LF as files from editors do.
    pub fn parse(bytes: &[u8]) -> Result<Self, Hl7Error> {
        if bytes.len() > BYTES_MAX {
            return Err(Hl7Error::Limit);
        }
        let bytes = start(bytes);
        // Old systems send Latin-1 whatever MSH-18 says.
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        };
        let separators = separators(&text)?;
        let end_block = |c: char| c == '\u{1C}' || c.is_whitespace();
        let lines = text.split(['\r', '\n']).map(|line| line.trim_end_matches(end_block));
        let segments: Vec<String> = lines
            .filter(|line| !line.is_empty())
            .take(SEGMENTS_MAX + 1)
            .map(str::to_owned)
            .collect();
        if segments.len() > SEGMENTS_MAX {
            return Err(Hl7Error::Limit);
        }
        // Read as one, the second's patient and order would be lost behind the first's.
        if segments.iter().filter(|segment| segment.starts_with("MSH")).count() > 1 {
            return Err(Hl7Error::Several);
        }
        Ok(Self { separators, segments })
    }

    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.segments.iter().map(|text| Segment {
            text,
            separators: self.separators,
        })
    }

    pub fn all<'m>(&'m self, name: &str) -> impl Iterator<Item = Segment<'m>> {
        self.segments().filter(move |segment| segment.name() == name)
    }

    /// The first segment of a name; an empty one where there is none, so that each of its fields is empty.
    pub fn segment(&self, name: &str) -> Segment<'_> {
        self.all(name).next().unwrap_or(Segment {
            text: "",
            separators: self.separators,
        })
    }
}

fn separators(text: &str) -> Result<Separators, Hl7Error> {
    let rest = text.strip_prefix("MSH").ok_or(Hl7Error::NoHeader)?;
    let mut characters = rest.chars();
    let field = characters.next().ok_or(Hl7Error::Separators)?;
    let others: Vec<char> = characters.take_while(|&c| c != field).take(5).collect();
    // A fifth one, for truncation, came with v2.7.
    let [component, repetition, escape, subcomponent, ..] = others[..] else {
        return Err(Hl7Error::Separators);
    };
    let all = [field, component, repetition, escape, subcomponent];
    let usable = |c: &char| c.is_ascii_punctuation();
    let distinct = (1..all.len()).all(|at| !all[..at].contains(&all[at]));
    if !distinct || !all.iter().all(usable) {
        return Err(Hl7Error::Separators);
    }
    Ok(Separators {
        field,
        component,
        repetition,
        escape,
        subcomponent,
    })
}

#[derive(Clone, Copy, Debug)]
pub struct Segment<'m> {
    text: &'m str,
    separators: Separators,
}

impl<'m> Segment<'m> {
    pub fn name(self) -> &'m str {
        self.text.split(self.separators.field).next().unwrap_or_default()
    }

    /// A field by its number; an empty one where the segment ends before it. `MSH-1` is the separator itself and is not
    /// given.
    pub fn field(self, number: usize) -> Field<'m> {
        let at = if self.name() == "MSH" {
            number.saturating_sub(1)
        } else {
            number
        };
        // The name is no field, and the separators of MSH-2 are no content.
        let text = match at {
            0 => None,
            at => self.text.split(self.separators.field).nth(at),
        };
        Field {
            text: text.unwrap_or_default(),
            separators: self.separators,
        }
    }
}

/// A field, or one repetition of one.
#[derive(Clone, Copy, Debug)]
pub struct Field<'m> {
    text: &'m str,
    separators: Separators,
}

impl<'m> Field<'m> {
    /// Its repetitions that hold anything.
    pub fn repetitions(self) -> impl Iterator<Item = Self> {
        let separators = self.separators;
        self.text
            .split(separators.repetition)
            .filter(|text| !text.is_empty())
            .map(move |text| Self { text, separators })
    }

    /// A component of the first repetition, its escapes resolved; empty where it is missing or `""`, HL7's word for
    /// "delete". Of one with subcomponents, the first.
    pub fn component(self, number: usize) -> String {
        self.subcomponent(number, 1)
    }

    pub fn subcomponent(self, component: usize, number: usize) -> String {
        let first = self.text.split(self.separators.repetition).next().unwrap_or_default();
        let part = |text: &'m str, separator, number: usize| text.split(separator).nth(number.checked_sub(1)?);
        let text = part(first, self.separators.component, component)
            .and_then(|text| part(text, self.separators.subcomponent, number))
            .unwrap_or_default();
        if text == "\"\"" {
            return String::new();
        }
        self.unescaped(text).trim().to_owned()
    }

    /// `\F\` and its like are the separators, `\.br\` a line break, `\X..\` bytes; what else stands between escapes is
    /// formatting and is left out, but an escape that never ends is text.
    fn unescaped(self, text: &str) -> String {
        let escape = self.separators.escape;
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(escape) {
            plain.push_str(before);
            let Some((code, behind)) = after.split_once(escape) else {
                plain.push(escape);
                rest = after;
                break;
            };
            match code {
                "F" => plain.push(self.separators.field),
                "S" => plain.push(self.separators.component),
                "R" => plain.push(self.separators.repetition),
                "E" => plain.push(escape),
                "T" => plain.push(self.separators.subcomponent),
                ".br" | ".sp" | ".ce" => plain.push('\n'),
                _ => plain.push_str(&bytes(code).unwrap_or_default()),
            }
            rest = behind;
        }
        plain + rest
    }
}

fn bytes(code: &str) -> Option<String> {
    let bytes = hex::decode(code.strip_prefix('X')?).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> String {
        let message = Message::parse(format!("MSH|^~\\&|A\rNTE|1||{text}\r").as_bytes()).unwrap();
        message.segment("NTE").field(3).component(1)
    }

    #[test]
    fn fields_are_counted_as_the_standard_counts() {
        for end in ["\r", "\n", "\r\n"] {
            let text = format!(
                "\u{b}MSH|^~\\&|APP|^2.999.2^ISO{end}{end}PID|||1^^^&2.999.1&ISO~2^^^B||Example^Ana{end}\u{1c}\r"
            );
            let message = Message::parse(text.as_bytes()).unwrap();
            assert_eq!(message.segments().count(), 2, "{end:?}");
            assert_eq!(message.segment("MSH").field(3).component(1), "APP");
            assert_eq!(message.segment("MSH").field(4).component(2), "2.999.2");
            let ids = message.segment("PID").field(3);
            assert_eq!(ids.subcomponent(4, 2), "2.999.1");
            assert_eq!(
                ids.repetitions().map(|id| id.component(1)).collect::<Vec<_>>(),
                ["1", "2"]
            );
            assert_eq!(message.segment("PID").field(5).component(2), "Ana");
            assert_eq!(message.segment("PID").field(99).component(1), "");
            assert_eq!(message.segment("ZZZ").field(0).component(0), "");
        }
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(field("a\\T\\b \\F\\\\S\\\\R\\\\E\\"), "a&b |^~\\");
        assert_eq!(field("one\\.br\\two\\X0D0A\\three\\H\\!\\N\\"), "one\ntwo\nthree!");
        assert_eq!(field("half \\X4"), "half \\X4");
        assert_eq!(field("\"\""), "");
    }

    #[test]
    fn other_separators_and_encodings_are_read() {
        let message = Message::parse(b"MSH$%~?!$A\nPID$$$1%%%!x\nNTE$1$$caf\xE9").unwrap();
        assert_eq!(message.segment("PID").field(3).subcomponent(4, 2), "x");
        assert_eq!(message.segment("NTE").field(3).component(1), "café");
        for (odd, error) in [
            ("", Hl7Error::NoHeader),
            ("PID|1", Hl7Error::NoHeader),
            ("MSH", Hl7Error::Separators),
            ("MSH|^~|", Hl7Error::Separators),
            ("MSH|^^\\&|", Hl7Error::Separators),
            ("MSHabcde", Hl7Error::Separators),
            ("MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rPID|2", Hl7Error::Several),
        ] {
            assert_eq!(Message::parse(odd.as_bytes()).unwrap_err(), error, "{odd}");
        }
        let long = format!("MSH|^~\\&|{}", "\rA".repeat(SEGMENTS_MAX));
        assert_eq!(Message::parse(long.as_bytes()).unwrap_err(), Hl7Error::Limit);
    }
}
