//! A section's narrative as plain text. Never markup: what a document brings is shown as characters and nothing else.

use crate::xml::{Element, Piece};

const CHARACTERS_MAX: usize = 60_000;

pub fn plain(text: Element<'_>) -> String {
    let mut lines = Lines::default();
    lines.add(text);
    lines.end();
    lines.done.join("\n")
}

#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    characters: usize,
}

impl Lines {
    fn add(&mut self, element: Element<'_>) {
        for piece in element.pieces() {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Element(inner) => self.inner(inner),
            }
        }
    }

    fn inner(&mut self, element: Element<'_>) {
        match element.name() {
            "br" => self.end(),
            "paragraph" | "list" | "item" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "caption" => {
                self.end();
                self.add(element);
                self.end();
            }
            "td" | "th" => {
                if !self.line.trim().is_empty() {
                    self.text(" | ");
                }
                self.add(element);
            }
            _ => self.add(element),
        }
    }

    fn text(&mut self, text: &str) {
        let room = CHARACTERS_MAX - self.characters;
        let taken: String = text.chars().take(room).collect();
        self.characters += taken.chars().count();
        self.line.push_str(&taken);
    }

    fn end(&mut self) {
        let line = super::one_line(&self.line);
        self.line.clear();
        if !line.is_empty() {
            self.done.push(line);
        }
    }
}
