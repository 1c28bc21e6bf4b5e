//! MIME for messages whose bytes matter: headers, content types and transfer encodings, read without touching the
//! bytes of the body. Whatever could be read in two ways (a header twice, a boundary twice) is refused.

use super::split;
use std::borrow::Cow;

/// Why bytes are not a MIME entity that can be read in one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MimeError {
    #[error("the header section is malformed")]
    Header,
    #[error("the header section is too long")]
    TooLong,
    #[error("a header that may stand only once stands several times")]
    Repeated,
    #[error("the content type is malformed")]
    ContentType,
    #[error("the transfer encoding is unknown or damaged")]
    Encoding,
    #[error("the multipart structure is broken")]
    Structure,
    #[error("the message is nested too deeply or has too many parts")]
    Limit,
}

const HEADERS_MAX: usize = 500;
const HEADER_BYTES_MAX: usize = 256 * 1024;

/// A header section and a body.
#[derive(Clone, Debug)]
pub struct Entity<'a> {
    pub headers: Headers,
    pub body: &'a [u8],
}

/// Header fields in their order, unfolded.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl<'a> Entity<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, MimeError> {
        // Some senders put a byte order mark in front of a file that became the message.
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let (headers, length) = Headers::parse(bytes)?;
        Ok(Self {
            headers,
            body: &bytes[length..],
        })
    }

    pub fn content_type(&self) -> Result<ContentType, MimeError> {
        match self.headers.once("Content-Type")? {
            Some(value) => ContentType::parse(value),
            None => Ok(ContentType::plain_text()),
        }
    }

    /// The body without its transfer encoding.
    pub fn decoded(&self) -> Result<Cow<'a, [u8]>, MimeError> {
        let encoding = self
            .headers
            .once("Content-Transfer-Encoding")?
            .unwrap_or("7bit")
            .trim()
            .to_ascii_lowercase();
        match encoding.as_str() {
            "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(self.body)),
            "base64" => split::base64_decode(self.body)
                .map(Cow::Owned)
                .ok_or(MimeError::Encoding),
            "quoted-printable" => Ok(Cow::Owned(quoted_printable(self.body))),
            _ => Err(MimeError::Encoding),
        }
    }

    /// The file name that the sender gave, as text to show: never a path to write to.
    pub fn file_name(&self) -> Option<String> {
        let disposition = self
            .headers
            .first("Content-Disposition")
            .and_then(|value| ContentType::parse_loose(value).ok());
        disposition
            .and_then(|disposition| disposition.parameter("filename").map(str::to_owned))
            .or_else(|| {
                self.content_type()
                    .ok()
                    .and_then(|kind| kind.parameter("name").map(str::to_owned))
            })
            .map(|name| name.chars().filter(|c| !c.is_control()).take(200).collect())
    }

    pub fn is_attachment(&self) -> bool {
        let disposition = self.headers.first("Content-Disposition").unwrap_or_default();
        disposition
            .trim_start()
            .get(..10)
            .is_some_and(|start| start.eq_ignore_ascii_case("attachment"))
    }
}

impl Headers {
    /// Reads header fields up to the empty line; says also how many bytes they took.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), MimeError> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let end = bytes[at..]
                .iter()
                .position(|&byte| byte == b'\n')
                .map_or(bytes.len(), |n| at + n + 1);
            let line = trim_line_end(&bytes[at..end]);
            at = end;
            if at > HEADER_BYTES_MAX || fields.len() > HEADERS_MAX {
                return Err(MimeError::TooLong);
            }
            if line.is_empty() {
                return Ok((Self(fields), at));
            }
            let line = String::from_utf8_lossy(line);
            if line.starts_with([' ', '\t']) {
                let (_, value) = fields.last_mut().ok_or(MimeError::Header)?;
                value.push_str(&line);
            } else {
                let (name, value) = line.split_once(':').ok_or(MimeError::Header)?;
                let name = name.trim_end();
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
                    return Err(MimeError::Header);
                }
                fields.push((name.to_owned(), value.trim_start().to_owned()));
            }
        }
        Ok((Self(fields), at))
    }

    /// Names and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.trim_end()))
    }

    pub fn first<'s>(&'s self, name: &str) -> Option<&'s str> {
        self.all(name).next()
    }

    pub fn all<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s str> {
        self.0
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_end())
    }

    /// A field that may stand only once: two would let two readers see two messages.
    pub fn once<'s>(&'s self, name: &str) -> Result<Option<&'s str>, MimeError> {
        let mut all = self.all(name);
        let first = all.next();
        if all.next().is_some() {
            Err(MimeError::Repeated)
        } else {
            Ok(first)
        }
    }
}

fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A media type with its parameters; a Content-Disposition reads the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// Lower case, as `multipart/signed`.
    pub name: String,
    parameters: Vec<(String, String)>,
}

impl ContentType {
    fn plain_text() -> Self {
        Self {
            name: "text/plain".to_owned(),
            parameters: Vec::new(),
        }
    }

    /// Refuses a parameter that stands twice.
    pub fn parse(value: &str) -> Result<Self, MimeError> {
        let kind = Self::parse_loose(value)?;
        let repeated =
            |(at, (name, _)): (usize, &(String, String))| kind.parameters[..at].iter().any(|(n, _)| n == name);
        if kind.parameters.iter().enumerate().any(repeated) {
            Err(MimeError::ContentType)
        } else {
            Ok(kind)
        }
    }

    fn parse_loose(value: &str) -> Result<Self, MimeError> {
        let (name, mut rest) = value.split_once(';').unwrap_or((value, ""));
        let name = name.trim().to_ascii_lowercase();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(MimeError::ContentType);
        }
        let mut parameters = Vec::new();
        while let Some((parameter, after)) = next_parameter(rest)? {
            parameters.push(parameter);
            rest = after;
        }
        Ok(Self { name, parameters })
    }

    /// A parameter by its lower-case name, RFC 2231 forms included.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub fn is_multipart(&self) -> bool {
        self.name.starts_with("multipart/")
    }
}

type Parameter = (String, String);

fn next_parameter(text: &str) -> Result<Option<(Parameter, &str)>, MimeError> {
    let text = text.trim_start_matches([';', ' ', '\t', '\r', '\n']);
    if text.is_empty() {
        return Ok(None);
    }
    let Some((name, rest)) = text.split_once('=') else {
        return Err(MimeError::ContentType);
    };
    let name = name.trim().to_ascii_lowercase();
    let rest = rest.trim_start();
    let (value, rest) = if let Some(quoted) = rest.strip_prefix('"') {
        quoted_string(quoted)?
    } else {
        let end = rest.find(';').unwrap_or(rest.len());
        (rest[..end].trim().to_owned(), &rest[end..])
    };
    if name.is_empty() || name.contains([';', '"', ' ']) {
        return Err(MimeError::ContentType);
    }
    let parameter = match name.strip_suffix('*') {
        Some(plain) => (plain.trim_end_matches("*0").to_owned(), percent_decoded(&value)),
        None => (name.trim_end_matches("*0").to_owned(), value),
    };
    Ok(Some((parameter, rest)))
}

fn quoted_string(text: &str) -> Result<(String, &str), MimeError> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    Err(MimeError::ContentType)
}

/// `utf-8''r%C3%A9sum%C3%A9.pdf` of RFC 2231.
fn percent_decoded(value: &str) -> String {
    let text = value.splitn(3, '\'').nth(2).unwrap_or(value);
    let mut bytes = Vec::new();
    unescape(text.as_bytes(), b'%', &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decodes quoted-printable; what is no valid escape stays as it is.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let text = trim_line_end(line);
        let ended = text.len() < line.len();
        let text = text.trim_ascii_end();
        let (text, soft) = text.strip_suffix(b"=").map_or((text, false), |text| (text, true));
        unescape(text, b'=', &mut decoded);
        if ended && !soft {
            decoded.extend_from_slice(b"\r\n");
        }
    }
    decoded
}

/// Two hexadecimal digits behind the mark become a byte; all else is copied.
fn unescape(text: &[u8], mark: u8, into: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let escape = (byte == mark)
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| hex::decode(digits).ok());
        if let Some(bytes) = escape {
            into.extend(bytes);
            rest = &tail[2..];
        } else {
            into.push(byte);
            rest = tail;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_unfold_and_end_at_the_empty_line() {
        let entity = Entity::parse(b"\xEF\xBB\xBFA : one\r\n two\r\nb:\r\n\r\nbody\r\n").unwrap();
        assert_eq!(entity.headers.first("a"), Some("one two"));
        assert_eq!(entity.headers.first("B"), Some(""));
        assert_eq!(entity.body, b"body\r\n");
        assert_eq!(Entity::parse(b"no colon here\r\n\r\n").unwrap_err(), MimeError::Header);
        assert_eq!(Entity::parse(b" folded first\r\n\r\n").unwrap_err(), MimeError::Header);
        let twice = Entity::parse(b"From: a@b\r\nfrom: c@d\r\n\r\n").unwrap();
        assert_eq!(twice.headers.once("From"), Err(MimeError::Repeated));
    }

    #[test]
    fn content_types_read_one_way_only() {
        let kind = ContentType::parse("Multipart/Signed; boundary=\"a \\\"b\"; micalg=sha-256").unwrap();
        assert!(kind.is("multipart/signed") && kind.is_multipart());
        assert_eq!(kind.parameter("boundary"), Some("a \"b"));
        assert_eq!(kind.parameter("micalg"), Some("sha-256"));
        let name = ContentType::parse("application/pdf; name*=utf-8''r%C3%A9f%.pdf;").unwrap();
        assert_eq!(name.parameter("name"), Some("réf%.pdf"));
        for odd in ["", "a/b; boundary=x; Boundary=y", "a/b; boundary=\"x", "a/b; junk"] {
            assert_eq!(ContentType::parse(odd), Err(MimeError::ContentType), "{odd}");
        }
    }

    #[test]
    fn quoted_printable_is_read_leniently() {
        assert_eq!(
            quoted_printable(b"caf=C3=A9 =\r\nau lait=3D=ZZ  \r\n"),
            "café au lait==ZZ\r\n".as_bytes()
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(head in "[ -~\\r\\n\\t;=\"*'%é]{0,200}", body in proptest::collection::vec(0u8..255, 0..200)) {
            let text = [b"Content-Type: multipart/report; ", head.as_bytes(), b"\r\n\r\n--x\n", &body].concat();
            if let Ok(entity) = Entity::parse(&text) {
                let _ = (entity.content_type(), entity.decoded(), entity.file_name(), entity.is_attachment());
                let _ = crate::direct::mdn::Report::read(&entity);
            }
            let _ = quoted_printable(&body);
        }
    }
}
