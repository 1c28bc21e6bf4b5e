//! The sentence that tells why the patient is sent: the longest unread one that speaks the language of medicine.

use super::Leftovers;
use crate::extraction::catalogue::ValueType;
use crate::extraction::code_list;
use crate::extraction::findings::{Candidate, PageFindings};
use crate::extraction::fold::tokens;
use crate::extraction::values::{Outcome, Reading, Words, read};
use std::ops::Range;

impl Leftovers<'_> {
    pub(super) fn reasons(&self, page: &PageFindings) -> Vec<Candidate> {
        let Some(field) = self.rules.catalogue.position("referral.reason") else {
            return Vec::new();
        };
        if self.has(page, "referral.reason") {
            return Vec::new();
        }
        let best = self
            .paragraphs()
            .into_iter()
            .map(|lines| self.to_the_point(lines))
            .filter_map(|lines| Some((self.tells_why(&lines)?, lines)))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, lines)) = best else { return Vec::new() };
        let words = Words {
            lines: lines.iter().map(|line| self.texts(line.clone())).collect(),
        };
        let Outcome::Value(reading) = read(ValueType::Text, &words, self.rules, self.calendar) else {
            return Vec::new();
        };
        let used: Vec<usize> = lines.into_iter().flatten().collect();
        let mut found = self.candidate(
            field,
            used[0],
            Reading {
                words: vec![0],
                ..reading
            },
            0.42,
        );
        found.bounds = self.layout.hull(&used);
        found.raw = words.lines.concat().join(" ");
        vec![found]
    }

    /// Unread lines that go on below each other.
    fn paragraphs(&self) -> Vec<Vec<Range<usize>>> {
        let mut paragraphs: Vec<Vec<Range<usize>>> = Vec::new();
        for run in self.all_runs() {
            let row = self.layout.tokens[run.start].row;
            let goes_on = |lines: &Vec<Range<usize>>| {
                let last = &lines[lines.len() - 1];
                let above = self.layout.tokens[last.start].row;
                let tight = self.layout.rows[row].y - self.layout.rows[above].y < 1.15 * self.layout.pitch();
                above + 1 == row && tight && self.aligned(lines[0].start, run.start) && last.len() >= 4
            };
            match paragraphs.iter_mut().rev().take(4).find(|lines| goes_on(lines)) {
                Some(lines) => lines.push(run),
                None => paragraphs.push(vec![run]),
            }
        }
        paragraphs.retain(|lines| lines[0].len() >= 3);
        paragraphs
    }

    /// A paragraph without captions among its lines, and without a first sentence that only announces the next: "The problem is
    /// this. Cannot read road signs".
    fn to_the_point(&self, mut lines: Vec<Range<usize>>) -> Vec<Range<usize>> {
        let is_caption = |line: &Range<usize>| {
            line.len() <= 6 && self.rules.lexicon.is_made_of_labels(&self.layout.text(line.clone()))
        };
        while lines.len() > 1 && lines.last().is_some_and(is_caption) {
            lines.pop();
        }
        while lines.len() > 1 && is_caption(&lines[0]) {
            lines.remove(0);
        }
        if let Some(first) = lines.first_mut() {
            let stop = first
                .clone()
                .take(7)
                .find(|at| self.layout.tokens[*at].text.ends_with('.'));
            if let Some(stop) = stop.filter(|stop| stop + 1 < first.end) {
                let said = self.layout.text(first.start..stop + 1);
                if !tokens(&said).any(|word| word.len() > 4 && word != "problem" && code_list::is_medical(&word)) {
                    first.start = stop + 1;
                }
            }
        }
        lines
    }

    /// How much a paragraph tells of an illness; `None` where it says something else.
    fn tells_why(&self, lines: &[Range<usize>]) -> Option<f64> {
        let section = self.section(lines[0].start);
        if matches!(section, "history" | "office" | "emergency" | "letterhead" | "pharmacy") {
            return None;
        }
        let text = lines
            .iter()
            .map(|line| self.layout.text(line.clone()))
            .collect::<Vec<_>>()
            .join(" ");
        let words: Vec<String> = tokens(&text).collect();
        let small = text
            .split_whitespace()
            .filter(|word| word.starts_with(char::is_lowercase))
            .count();
        let said = format!(" {} ", words.join(" "));
        let boilerplate = self
            .rules
            .boilerplate
            .iter()
            .any(|phrase| said.contains(phrase.as_str()));
        if words.len() < 5 || words.len() > 70 || small * 2 < words.len() || boilerplate {
            return None;
        }
        let medical = words.iter().filter(|word| code_list::is_medical(word)).count();
        // A list of diagnoses holds nothing else.
        let listed = text.starts_with(|c: char| "*•+«·-–".contains(c)) || medical * 4 > words.len() * 3;
        (medical >= 2 && !listed).then_some(medical as f64 + 0.1 * words.len() as f64)
    }
}
