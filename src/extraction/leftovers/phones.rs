//! Telephone numbers without a label: whose they are is told by the block that they stand in.

use super::Leftovers;
use crate::domain::codes::Npi;
use crate::extraction::findings::{Candidate, PageFindings};

impl Leftovers<'_> {
    pub(super) fn phones(&self, page: &PageFindings) -> Vec<Candidate> {
        let blocks = [
            ("letterhead", "referrer.phone"),
            ("referrer", "referrer.phone"),
            ("patient", "patient.phone"),
            ("recipient", "recipient.phone"),
        ];
        // At the head of a form that asks to be sent back stand the numbers of whoever printed it.
        let foreign = self.has(page, "recipient.fax") && !self.has(page, "referrer.organization");
        let mut found: Vec<Candidate> = Vec::new();
        for (section, key) in blocks {
            let known = found
                .iter()
                .any(|c| self.rules.catalogue.all[c.field].key.as_str() == key);
            if known || self.has(page, key) || section == "letterhead" && foreign {
                continue;
            }
            found.extend(
                self.all_runs()
                    .filter(|run| self.section(run.start) == section)
                    .find_map(|run| {
                        let text = self.layout.text(run.clone()).to_lowercase();
                        let other = ["fax", "fx", "work", "cell of", "emergency", "pharmacy"]
                            .iter()
                            .any(|word| text.contains(word));
                        let starts = run.clone().find(|at| {
                            let text = &self.layout.tokens[*at].text;
                            text.starts_with(|c: char| c.is_ascii_digit() || "(+".contains(c))
                        })?;
                        let is_npi = Npi::parse(&self.layout.tokens[starts].text).is_ok();
                        (!other && !is_npi && run.len() <= 8)
                            .then(|| self.propose(key, &(starts..run.end), 0.45))
                            .flatten()
                    }),
            );
        }
        found
    }
}
