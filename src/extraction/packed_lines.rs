//! A public list as it is embedded: packed, sorted, an entry a line.

use std::cmp::Ordering;
use std::io::Read;

pub(super) struct PackedLines {
    text: String,
    /// Where each line begins.
    starts: Vec<u32>,
}

impl PackedLines {
    pub fn unpack(packed: &[u8]) -> std::io::Result<Self> {
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text)?;
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        starts.pop();
        Ok(Self { text, starts })
    }

    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// The line that is neither less nor greater than what is looked for.
    pub fn find(&self, compare: impl Fn(&str) -> Ordering) -> Option<&str> {
        let line = |start: &u32| self.text[*start as usize..].lines().next().unwrap_or_default();
        let at = self.starts.binary_search_by(|start| compare(line(start))).ok()?;
        self.starts.get(at).map(line)
    }
}
