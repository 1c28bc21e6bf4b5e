//! An explanation as lines for a person and as JSON for a program.

use crate::direct::incoming::{Explanation, Finding, Message, Refusal, Step};
use serde_json::{Value, json};

pub struct Explained {
    pub lines: Vec<String>,
    pub json: Value,
}

impl Explained {
    pub fn new(explanation: &Explanation) -> Self {
        let refusal = explanation.outcome.as_ref().err();
        let mut lines = Vec::new();
        let mut steps = Vec::new();
        for step in Step::ALL {
            let state = state(step, explanation.reached, refusal);
            let found = || explanation.findings.iter().filter(move |found| found.step == step);
            let shown = state.replace('_', " ");
            lines.push(format!("{:<9} {shown:<12} {}", step.as_str(), question(step)));
            lines.extend(found().map(|found| format!("    {}: {}", found.what, printable(&found.value))));
            if let Some(refusal) = refusal.filter(|_| step == explanation.reached) {
                lines.push(format!("    {}: {refusal}", refusal.code()));
            }
            steps.push(json!({
                "step": step.as_str(),
                "state": state,
                "found": found().map(finding).collect::<Vec<_>>(),
            }));
        }
        lines.extend(conclusion(&explanation.outcome));
        let message = explanation.outcome.as_ref().ok();
        let json = json!({
            "accepted": message.is_some(),
            "refusal": refusal.map(|refusal| json!({
                "step": explanation.reached.as_str(),
                "code": refusal.code(),
                "reason": refusal.to_string(),
            })),
            "message_id": message.map(|message| printable(&message.message_id)),
            "recipients": message.map(|message| &message.recipients[..]).unwrap_or_default().iter()
                .map(ToString::to_string).collect::<Vec<_>>(),
            "refused": message.map(|message| &message.refused[..]).unwrap_or_default().iter()
                .map(|(recipient, refusal)| json!({
                    "recipient": recipient.to_string(),
                    "code": refusal.code(),
                    "reason": refusal.to_string(),
                }))
                .collect::<Vec<_>>(),
            "steps": steps,
        });
        Self { lines, json }
    }
}

fn state(step: Step, reached: Step, refusal: Option<&Refusal>) -> &'static str {
    match step.cmp(&reached) {
        std::cmp::Ordering::Greater => "not_reached",
        std::cmp::Ordering::Equal if refusal.is_some() => "refused",
        _ => "passed",
    }
}

fn question(step: Step) -> &'static str {
    match step {
        Step::Outer => "Is it a message, and encrypted?",
        Step::Decrypt => "Is it encrypted to us, by algorithms that are accepted?",
        Step::Verify => "Is it signed, and does the signature fit the bytes?",
        Step::Inner => "Is a whole message inside, with one sender?",
        Step::Signer => "May the signer's certificate speak for the sender now?",
        Step::Trust => "Do our recipients trust it?",
        Step::Content => "Can the content be read?",
        Step::Envelope => "Does the envelope name the same people?",
    }
}

fn conclusion(outcome: &Result<Message, Refusal>) -> Vec<String> {
    let Ok(message) = outcome else {
        return vec!["Not accepted.".to_owned()];
    };
    let accepted = message.recipients.iter().map(|each| format!("Accepted for {each}."));
    let refused = message.refused.iter();
    accepted
        .chain(refused.map(|(recipient, refusal)| format!("Not accepted for {recipient}: {refusal}.")))
        .collect()
}

fn finding(found: &Finding) -> Value {
    json!({ "what": found.what, "value": printable(&found.value) })
}

/// The sender chose these texts: a control character in one could take over the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}
