//! The fields of a report, read with more patience than a header section: odd lines are skipped, and so is whatever
//! stands before the first field.

use super::Event;
use super::read::Said;
use crate::direct::address::Address;
use crate::direct::split;

const LINES_MAX: usize = 2000;
const BLOCKS_MAX: usize = 200;

/// Fields, of one block or of several.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

/// Blocks as empty lines part them.
pub(super) fn blocks(bytes: &[u8]) -> Vec<Fields> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut blocks = vec![Fields::default()];
    for line in String::from_utf8_lossy(bytes).lines().take(LINES_MAX) {
        if line.trim().is_empty() {
            if blocks.last().is_some_and(|block| !block.0.is_empty()) && blocks.len() < BLOCKS_MAX {
                blocks.push(Fields::default());
            }
        } else if let Some(block) = blocks.last_mut() {
            block.take(line);
        }
    }
    blocks.retain(|block| !block.0.is_empty());
    blocks
}

impl Fields {
    /// All fields, whatever empty lines stand between them.
    pub(super) fn read(bytes: &[u8]) -> Self {
        Self(blocks(bytes).into_iter().flat_map(|block| block.0).collect())
    }

    /// Only up to the empty line: what follows is a message's text.
    pub(super) fn read_headers(bytes: &[u8]) -> Self {
        let canonical = split::canonical_line_ends(bytes);
        let start = canonical.len() - canonical.trim_ascii_start().len();
        let end = canonical[start..]
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .map_or(canonical.len(), |at| start + at);
        Self::read(&canonical[start..end])
    }

    fn take(&mut self, line: &str) {
        let is_folded = line.starts_with([' ', '\t']);
        match self.0.last_mut() {
            Some((_, value)) if is_folded => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    self.0.push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    fn all<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s str> {
        let named =
            move |(field, value): &'s (String, String)| field.eq_ignore_ascii_case(name).then_some(value.as_str());
        self.0.iter().filter_map(named)
    }

    /// Whether it tells of a recipient, and not of the whole message.
    pub(super) fn tells_of_a_recipient(&self) -> bool {
        ["Action", "Final-Recipient", "Original-Recipient", "Disposition"]
            .iter()
            .any(|name| self.get(name).is_some())
    }

    /// What these fields say, and of whom.
    pub(super) fn said(&self) -> Said {
        let recipients = self.all("Final-Recipient").chain(self.all("Original-Recipient"));
        Said {
            event: self.event(),
            status: self.get("Status").and_then(status),
            recipients: recipients.filter_map(recipient).collect(),
        }
    }

    /// The gravest of what is said.
    fn event(&self) -> Event {
        let dispositions = self.all("Disposition").map(disposition);
        let actions = self.all("Action").map(action);
        let all = dispositions.chain(actions);
        all.max_by_key(Event::weight)
            .unwrap_or_else(|| Event::Other(String::new()))
    }
}

/// `automatic-action/MDN-sent-automatically; processed/error`; also without the modes, with a comment, or with nothing
/// behind a last semicolon.
fn disposition(value: &str) -> Event {
    let value = without_comments(value).to_ascii_lowercase();
    let kind = value.rsplit(';').map(str::trim).find(|piece| !piece.is_empty());
    let mut words = kind.unwrap_or_default().split(['/', ',']).map(str::trim);
    let kind = words.next().unwrap_or_default();
    let failed = |word: &str| matches!(word, "failed" | "failure" | "denied" | "error");
    if failed(kind) || words.any(failed) {
        return Event::Failed;
    }
    match kind {
        "processed" => Event::Processed,
        "dispatched" => Event::Dispatched,
        other => Event::Other(word(other)),
    }
}

/// Of a bounce. That another server relayed or delivered it says nothing of the one whom it was for.
fn action(value: &str) -> Event {
    match without_comments(value).trim().to_ascii_lowercase().as_str() {
        "failed" | "failure" => Event::Failed,
        other => Event::Other(word(other)),
    }
}

/// What may be shown and stored of a stranger's word.
fn word(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_ ".contains(*c))
        .take(40)
        .collect()
}

fn without_comments(value: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for character in value.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

/// `5.1.1`, of RFC 3463; what stands behind it are the server's own words.
fn status(value: &str) -> Option<String> {
    let code = value.split_whitespace().next()?;
    let numbers: Vec<&str> = code.split('.').collect();
    let is_code = numbers.len() == 3
        && numbers
            .iter()
            .all(|number| (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()));
    is_code.then(|| code.to_owned())
}

/// `rfc822;a@b`, `a@b`, `rfc822; "Name" <a@b>`, `'a@b'`, `a@b (Name)`: all have been seen.
fn recipient(value: &str) -> Option<Address> {
    let value = value.split_once(';').map_or(value, |(_, address)| address);
    let value = without_comments(value);
    let value = value
        .rsplit_once('<')
        .map_or(value.as_str(), |(_, rest)| rest.split('>').next().unwrap_or_default());
    let value = value.trim().trim_matches(['"', '\'']).trim();
    match value.split_once(':') {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case("mailto") => address.parse().ok(),
        _ => value.parse().ok(),
    }
}
