//! What was found on the way, for a person who asks why a message is or is not accepted.

use super::Step;

/// One thing that was found: as `cipher: AES-256-CBC`. Never content; of people only their addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub step: Step,
    pub what: &'static str,
    pub value: String,
}

/// Keeps the step that a message has reached, and what was found if anyone wants to know.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub reached: Step,
    pub findings: Option<Vec<Finding>>,
}

impl Trail {
    pub fn at(&mut self, step: Step) {
        self.reached = step;
    }

    pub fn note(&mut self, what: &'static str, value: impl FnOnce() -> String) {
        let step = self.reached;
        if let Some(findings) = &mut self.findings {
            let value = value();
            findings.push(Finding { step, what, value });
        }
    }

    pub fn notes(&mut self, described: impl FnOnce() -> Vec<(&'static str, String)>) {
        if self.findings.is_some() {
            for (what, value) in described() {
                self.note(what, || value);
            }
        }
    }
}
