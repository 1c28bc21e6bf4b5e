//! The block between the head of a letter and its salutation.

use super::Letter;
use crate::extraction::findings::Candidate;
use crate::extraction::fold::fold;
use crate::extraction::values::name;
use std::ops::Range;

impl Letter<'_> {
    /// The block between the head and the salutation names the addressee.
    pub(super) fn addressee(&self, head_end: usize, salutation: usize, found: &mut Vec<Candidate>) {
        let (mut person, mut organization) = (false, false);
        let below = self.letterhead_row(head_end).map_or(0, |row| row + 1);
        // Beside a narrow column with other things, the letter has its own.
        let left = self
            .salutation_segment()
            .map_or(0, |segment| self.layout.tokens[segment.start].bounds.x);
        let in_column = |segment: &Range<usize>| {
            f64::from(self.layout.tokens[segment.start].bounds.x) > f64::from(left) - 3.0 * self.layout.unit
        };
        let surname = self.saluted(salutation);
        let date = self.date_row(salutation).filter(|date| date + 2 < salutation);
        let below = below.max(date.map_or(0, |date| date + 1));
        for row in below.max(salutation.saturating_sub(18))..salutation {
            if self.labels.iter().any(|label| label.row == row && label.name == "re") {
                break;
            }
            for segment in self
                .layout
                .segments(row)
                .into_iter()
                .filter(|segment| in_column(segment))
            {
                let text = self.layout.text(segment.clone());
                let mut words = text.split_whitespace();
                let titled = words
                    .next()
                    .is_some_and(|word| matches!(fold(word).as_str(), "dr" | "doctor"));
                let credentials = text.contains(',') && words.next_back().is_some_and(name::is_credential);
                // "Dear Dr. Wainwright" tells which of several names is meant; a list of partners is nobody's.
                let another = surname
                    .as_ref()
                    .is_some_and(|surname| !fold(&text).contains(surname.as_str()));
                let several = text.contains(['•', '·', '|']);
                if !person && (titled || credentials) && !another && !several {
                    let candidate =
                        self.candidate("recipient.name", &segment.clone().collect::<Vec<_>>(), 0.9, "addressee");
                    person |= candidate.is_some();
                    found.extend(candidate);
                } else if !organization && let Some(tokens) = self.named_organization(segment, true) {
                    let candidate = self.candidate("recipient.organization", &tokens, 0.9, "addressee");
                    organization |= candidate.is_some();
                    found.extend(candidate);
                }
            }
        }
    }

    /// The family name of "Dear Dr. Wainwright:", folded.
    fn saluted(&self, salutation: usize) -> Option<String> {
        let text = self.layout.row_text(salutation);
        let mut words = text.split_whitespace().skip_while(|word| fold(word) != "dear").skip(1);
        let titled = words
            .next()
            .is_some_and(|word| matches!(fold(word).as_str(), "dr" | "doctor" | "mr" | "ms" | "mrs"));
        let surname = words.last().filter(|_| titled).map(fold)?;
        (surname.len() > 1).then_some(surname)
    }
}
