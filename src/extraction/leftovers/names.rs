//! People and practices without a label: whose they are is told by where they stand.

use super::Leftovers;
use crate::domain::page::PixelBox;
use crate::extraction::findings::{Candidate, PageFindings};
use crate::extraction::values::is_organization_word;
use crate::extraction::values::name::{is_credential, is_title};
use std::ops::Range;

impl Leftovers<'_> {
    pub(super) fn names(&self, page: &PageFindings) -> Vec<Candidate> {
        let mut found = Vec::new();
        found.extend(self.patient(page));
        for (key, section) in [("recipient.name", "recipient"), ("referrer.name", "referrer")] {
            if !self.has(page, key) {
                found.extend(self.all_runs().find_map(|run| self.person_in(&run, key, section)));
            }
        }
        for (key, section) in [
            ("recipient.organization", "recipient"),
            ("referrer.organization", "referrer"),
        ] {
            if !self.has(page, key) {
                found.extend(self.all_runs().find_map(|run| self.practice_in(&run, key, section)));
            }
        }
        found.extend(self.head(page, &found));
        found.extend(self.signer(page, &found));
        found.extend(self.addressee(page, &found));
        found
    }

    /// "IBRAHIM, GILBERT" near the date of birth.
    fn patient(&self, page: &PageFindings) -> Option<Candidate> {
        if self.has(page, "patient.name") {
            return None;
        }
        let birth = self.best(page, "patient.birth_date")?.bounds;
        let near = |run: &Range<usize>| self.lines_apart(run, &birth) < 2.6;
        self.all_runs().filter(near).find_map(|run| {
            let texts = self.texts(run.clone());
            let last_first = texts[0].ends_with(',') && (2..=4).contains(&texts.len());
            let plain = texts
                .iter()
                .all(|text| text.chars().all(|c| c.is_alphabetic() || ",.'-’".contains(c)));
            let of_patient = self.section(run.start) == "patient" && (2..=4).contains(&texts.len());
            if !plain || self.is_professional(&run) || !(last_first || of_patient) {
                return None;
            }
            let found = self.propose("patient.name", &run, 0.5)?;
            (found.signs.reading > 0.95).then_some(found)
        })
    }

    /// How many lines lie between a stretch and a value.
    fn lines_apart(&self, run: &Range<usize>, value: &PixelBox) -> f64 {
        let middle = f64::from(value.y) + f64::from(value.height) / 2.0;
        (self.layout.tokens[run.start].middle_y() - middle).abs() / self.layout.pitch()
    }

    fn is_professional(&self, run: &Range<usize>) -> bool {
        let texts = self.texts(run.clone());
        is_title(texts[0]) || texts[1..].iter().any(|text| is_credential(text) && text.len() > 1)
    }

    pub(super) fn names_a_practice(&self, run: &Range<usize>) -> bool {
        let texts = self.texts(run.clone());
        let named = texts.iter().any(|text| is_organization_word(text, self.rules));
        let digits = texts.concat().chars().any(|c| c.is_ascii_digit());
        let capitals = texts.iter().filter(|text| text.starts_with(char::is_uppercase)).count();
        let caption = self.rules.lexicon.is_made_of_labels(&texts.join(" "));
        named
            && capitals > 1
            && !caption
            && !digits
            && (2..=8).contains(&texts.len())
            && !texts[0].starts_with(char::is_lowercase)
    }

    fn person_in(&self, run: &Range<usize>, key: &str, section: &str) -> Option<Candidate> {
        if self.section(run.start) != section || !self.is_professional(run) {
            return None;
        }
        self.propose(key, run, 0.5).filter(|found| found.signs.reading > 0.9)
    }

    fn practice_in(&self, run: &Range<usize>, key: &str, section: &str) -> Option<Candidate> {
        let fits = self.section(run.start) == section && self.names_a_practice(run);
        fits.then(|| self.propose(key, run, 0.5)).flatten()
    }

    /// At the head of a form that a specialist printed stands the specialist.
    fn head(&self, page: &PageFindings, found: &[Candidate]) -> Option<Candidate> {
        let known = |key: &str| {
            self.has(page, key)
                || found
                    .iter()
                    .any(|c| self.rules.catalogue.all[c.field].key.as_str() == key)
        };
        let foreign = self
            .best(page, "referrer.organization")
            .is_some_and(|sender| sender.labelled);
        if known("recipient.name") || !foreign {
            return None;
        }
        let high = |run: &Range<usize>| self.layout.tokens[run.start].middle_y() < 0.16 * f64::from(self.layout.height);
        self.all_runs().filter(high).find_map(|run| {
            let title = is_title(&self.layout.tokens[run.start].text);
            let stop = (run.start..run.end).find(|at| {
                let text = &self.layout.tokens[*at].text;
                *at > run.start && text.chars().all(|c| !c.is_alphanumeric())
            });
            let name = run.start..stop.unwrap_or(run.end);
            let found = self.propose("recipient.name", &name, 0.45).filter(|_| title)?;
            (found.signs.reading > 0.95).then_some(found)
        })
    }

    /// A name with credentials in the lower half, or beside an NPI, is the one who signs.
    fn signer(&self, page: &PageFindings, found: &[Candidate]) -> Option<Candidate> {
        let known = found
            .iter()
            .any(|c| self.rules.catalogue.all[c.field].key.as_str() == "referrer.name");
        if known || self.has(page, "referrer.name") {
            return None;
        }
        let npi = self.best(page, "referrer.npi").map(|npi| npi.bounds);
        let half = 0.5 * f64::from(self.layout.height);
        let runs: Vec<Range<usize>> = self.all_runs().collect();
        runs.iter().rev().find_map(|run| {
            let low = self.layout.tokens[run.start].middle_y() > half;
            let beside = npi.is_some_and(|npi| self.lines_apart(run, &npi) < 1.6);
            let elsewhere = matches!(
                self.section(run.start),
                "recipient" | "pcp" | "office" | "emergency" | "history"
            );
            if !(low || beside) || elsewhere || !self.is_professional(run) || is_title(self.texts(run.clone())[0]) {
                return None;
            }
            let found = self.propose("referrer.name", run, if beside { 0.55 } else { 0.42 })?;
            (found.signs.reading > 0.95).then_some(found)
        })
    }

    /// Beside the recipient's practice, a person; beside the person, a practice.
    fn addressee(&self, page: &PageFindings, found: &[Candidate]) -> Vec<Candidate> {
        let (person, practice) = ("recipient.name", "recipient.organization");
        let known = |key: &str| {
            let mine = found
                .iter()
                .find(|c| self.rules.catalogue.all[c.field].key.as_str() == key);
            mine.or_else(|| self.best(page, key)).map(|c| c.bounds)
        };
        let beside = |bounds: PixelBox| {
            move |run: &Range<usize>| {
                let apart = (self.left(run.start) - f64::from(bounds.x)).abs();
                self.lines_apart(run, &bounds) < 1.6 && apart < 4.0 * self.layout.unit
            }
        };
        match (known(person), known(practice)) {
            (None, Some(bounds)) => {
                let near = self
                    .all_runs()
                    .filter(beside(bounds))
                    .filter(|run| self.is_professional(run));
                near.filter_map(|run| self.propose(person, &run, 0.45))
                    .take(1)
                    .collect()
            }
            (Some(bounds), None) => {
                let near = self
                    .all_runs()
                    .filter(beside(bounds))
                    .filter(|run| self.names_a_practice(run));
                near.filter_map(|run| self.propose(practice, &run, 0.45))
                    .take(1)
                    .collect()
            }
            _ => Vec::new(),
        }
    }
}
