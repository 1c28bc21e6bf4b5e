//! What a command prints: lines for a person, or one JSON object for a program.

use serde::Serialize;
use std::io::Write;

pub struct Answer<'a, T> {
    pub json: &'a T,
    pub lines: &'a [String],
}

impl<T: Serialize> Answer<'_, T> {
    pub fn write(&self, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
        if as_json {
            writeln!(out, "{}", serde_json::to_string(self.json)?)?;
        } else {
            for line in self.lines {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}
