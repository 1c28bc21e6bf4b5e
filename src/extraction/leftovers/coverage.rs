//! Names of health plans, and the number beside one.

use super::Leftovers;
use crate::domain::codes::UsState;
use crate::extraction::findings::{Candidate, PageFindings};
use crate::extraction::fold::{fold, tokens};
use std::ops::Range;

impl Leftovers<'_> {
    pub(super) fn coverage(&self, page: &PageFindings) -> Vec<Candidate> {
        let mut found = Vec::new();
        if !self.has(page, "insurance.payer") {
            found.extend(self.all_runs().find_map(|run| self.plan(&run)));
        }
        let payer = found.first().or_else(|| self.best(page, "insurance.payer"));
        let member = payer.filter(|_| !self.has(page, "insurance.member_id"));
        if let Some(bounds) = member.map(|payer| payer.bounds) {
            let near = |run: &Range<usize>| {
                let token = &self.layout.tokens[run.start];
                let below = token.middle_y() - f64::from(bounds.y);
                let beside = self.left(run.start) >= f64::from(bounds.x) - 3.0 * self.layout.unit;
                let own = self.section(run.start) != "referrer";
                below > -0.5 * self.layout.unit && below < 1.5 * self.layout.pitch() && beside && own
            };
            let runs: Vec<Range<usize>> = self.all_runs().filter(near).collect();
            found.extend(runs.iter().find_map(|run| self.member_number(run)));
        }
        found
    }

    /// A stretch that holds the name of a health plan.
    fn plan(&self, run: &Range<usize>) -> Option<Candidate> {
        if matches!(
            self.section(run.start),
            "secondary" | "history" | "office" | "recipient"
        ) || run.len() > 14
        {
            return None;
        }
        let starts = run.clone().find(|at| {
            let rest = &self.layout.tokens[*at..run.end];
            let text = rest
                .iter()
                .map(|token| token.text.as_str())
                .collect::<Vec<_>>()
                .join(" ");
            let folded = format!("{} ", tokens(&text).collect::<Vec<_>>().join(" "));
            self.rules.payers.iter().any(|payer| folded.starts_with(payer.as_str()))
        })?;
        let text = |at: usize| self.layout.tokens[at].text.as_str();
        // "WI Medicaid", "Surest by UnitedHealthcare": the words before belong to the name.
        let before = (run.start..starts).rev().take(3).take_while(|at| {
            let word = text(*at);
            let state = word.len() == 2 && UsState::parse(word).is_ok();
            let name = word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic);
            // "Pian" is the label, misread.
            let label = self.rules.lexicon.nearest_label(&fold(word)).is_some();
            state || name && !label && !self.rules.lexicon.is_made_of_labels(word) || word == "by"
        });
        let first = before.last().unwrap_or(starts);
        let first = first + usize::from(first < starts && text(first) == "by");
        let ends = |at: usize| {
            let folded = fold(text(at));
            let number = ["id", "no", "nr", "number", "member", "group", "policy", "under", "ref"];
            number.contains(&folded.as_str()) || text(at).chars().filter(char::is_ascii_digit).count() > 3
        };
        let stop = (starts..run.end).find(|at| ends(*at) || *at > starts && text(at - 1).ends_with('.'));
        let end = (first..stop.unwrap_or(run.end))
            .rev()
            .find(|at| text(*at).chars().any(char::is_alphanumeric))?;
        let name = first..end + 1;
        let is_form = |at: usize| {
            ["form", "referral", "provider", "recipient", "program", "accepted"].contains(&fold(text(at)).as_str())
        };
        let medical = name.clone().any(is_form);
        (!medical)
            .then(|| self.propose("insurance.payer", &name, 0.5))
            .flatten()
    }

    /// A number of at least six signs that is no telephone's, no date and no amount.
    fn member_number(&self, run: &Range<usize>) -> Option<Candidate> {
        let texts = self.texts(run.clone());
        let words: Vec<String> = tokens(&texts.join(" ")).collect();
        let others = [
            "group",
            "grp",
            "auth",
            "authorized",
            "case",
            "provider",
            "tax",
            "procedure",
            "mrn",
            "phone",
            "tel",
            "copay",
            "bin",
            "pcn",
            "npi",
            "claim",
            "date",
        ];
        if words.iter().any(|word| others.contains(&word.as_str())) {
            return None;
        }
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let at = run.clone().find(|at| {
            let text = &self.layout.tokens[*at].text;
            digits(text) >= 4 && !text.contains(['/', '(', '$', '%'])
        })?;
        let texts = self.texts(at..run.end);
        let count = texts
            .iter()
            .take_while(|text| digits(text) > 0 && text.len() <= 15)
            .count();
        let total: usize = texts[..count].iter().map(|text| digits(text)).sum();
        let phone = self.propose("patient.phone", &(at..at + count), 1.0).is_some();
        let date = self.propose("referral.date", &(at..at + count), 1.0).is_some();
        (total >= 6 && !phone && !date)
            .then(|| self.propose("insurance.member_id", &(at..at + count), 0.5))
            .flatten()
    }
}
