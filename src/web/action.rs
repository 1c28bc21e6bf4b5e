//! What a person may do with a referral, as buttons and small forms.

use crate::domain::referral::{Action, CancelReason, DeclineReason, RejectReason};

/// One action with the inputs it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionForm {
    /// As the API calls it.
    pub name: &'static str,
    pub label: &'static str,
    pub icon: &'static str,
    /// What it does, in one sentence.
    pub what: &'static str,
    /// `primary`, `danger` or nothing.
    pub class: &'static str,
    /// Where the form goes.
    pub to: String,
    /// Whether a file goes with it.
    pub upload: bool,
    pub inputs: Vec<Input>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub name: &'static str,
    pub label: &'static str,
    /// An HTML input type, or `textarea`.
    pub kind: &'static str,
    pub required: bool,
    pub hint: &'static str,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

type Words = (&'static str, &'static str);

const NOTE_KINDS: &[Words] = &[
    ("final", "Final: ends the referral once it has arrived"),
    ("interim", "Interim report"),
];

fn input(name: &'static str, label: &'static str, kind: &'static str) -> Input {
    Input {
        name,
        label,
        kind,
        required: true,
        hint: "",
        choices: Vec::new(),
    }
}

fn choice(name: &'static str, label: &'static str, among: impl IntoIterator<Item = Words>) -> Input {
    let choices = among
        .into_iter()
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        })
        .collect();
    Input {
        choices,
        ..input(name, label, "select")
    }
}

fn optional(input: Input) -> Input {
    Input {
        required: false,
        ..input
    }
}

/// Coded, so that reasons can be counted; the free note says more.
fn reasons(among: impl IntoIterator<Item = Words>) -> Vec<Input> {
    vec![
        choice("reason", "Reason", among),
        optional(input("note", "Note", "textarea")),
    ]
}

fn reject_reasons() -> impl Iterator<Item = Words> {
    RejectReason::ALL.iter().map(|reason| (reason.as_str(), reason.label()))
}

fn decline_reasons() -> impl Iterator<Item = Words> {
    DeclineReason::ALL
        .iter()
        .map(|reason| (reason.as_str(), reason.label()))
}

fn cancel_reasons() -> impl Iterator<Item = Words> {
    CancelReason::ALL.iter().map(|reason| (reason.as_str(), reason.label()))
}

/// How a reason reads, for histories. An unknown code stands for itself.
pub fn reason_label(code: &str) -> String {
    reject_reasons()
        .chain(decline_reasons())
        .chain(cancel_reasons())
        .find(|(value, _)| *value == code)
        .map_or_else(|| super::layout::words(code), |(_, label)| label.to_owned())
}

/// How an action looks: label, icon and class.
fn look(action: Action) -> (&'static str, &'static str, &'static str) {
    match action {
        Action::Release => ("Release", "check", "primary"),
        Action::Reject => ("Reject", "no", "danger"),
        Action::RequestInformation => ("Request information", "question", ""),
        Action::Accept => ("Accept", "check", "primary"),
        Action::Decline => ("Decline", "no", "danger"),
        Action::Schedule => ("Schedule a visit", "calendar", ""),
        Action::CancelAppointment => ("Cancel the visit", "calendar", ""),
        Action::MarkSeen => ("Patient was seen", "check", "primary"),
        Action::MarkNoShow => ("Patient did not come", "no", ""),
        Action::AddNote => ("Add a note", "note", ""),
        Action::SendNote => ("Send the note by Direct", "send", "primary"),
        Action::DeliverByHand => ("Deliver by hand", "print", ""),
        Action::Cancel => ("Cancel the referral", "no", "danger"),
        Action::ConfirmCancel => ("Confirm the cancellation", "check", "danger"),
        Action::Reopen => ("Open again", "again", ""),
    }
}

/// What an action does.
fn what(action: Action) -> &'static str {
    match action {
        Action::Release => "The referral is right: it goes to the work queue.",
        Action::Reject => "This is no referral for this clinic. It leaves the desk.",
        Action::RequestInformation => "Something is missing. The referral waits for the referrer's answer.",
        Action::Accept => "The clinic takes the patient.",
        Action::Decline => "The clinic does not take the patient, and says why.",
        Action::Schedule => "Books the visit, or moves it.",
        Action::CancelAppointment => "The visit does not take place; the referral stays.",
        Action::MarkSeen => "The visit took place. A note is owed now.",
        Action::MarkNoShow => "The visit was missed. It can be booked again.",
        Action::AddNote => "Type the consult note, or attach it as a PDF, or both.",
        Action::SendNote => "Sends the letter, signed and encrypted, to the referrer's Direct address.",
        Action::DeliverByHand => "Print the letter and hand it over, then record here how you know that it arrived.",
        Action::Cancel => "The referrer or the patient withdraws. A second step confirms it.",
        Action::ConfirmCancel => "Ends the referral as cancelled.",
        Action::Reopen => "Puts the referral back on the review desk.",
    }
}

fn inputs(action: Action) -> Vec<Input> {
    match action {
        Action::Reject => reasons(reject_reasons()),
        Action::Decline => reasons(decline_reasons()),
        Action::Cancel => reasons(cancel_reasons()),
        Action::RequestInformation => vec![Input {
            hint: "One item a line, as the referrer will read it.",
            ..input("items", "What is missing", "textarea")
        }],
        Action::Schedule => vec![Input {
            hint: "Date and time as at the clinic.",
            ..input("appointment", "Visit", "datetime-local")
        }],
        Action::AddNote => vec![
            choice("kind", "Kind", NOTE_KINDS.iter().copied()),
            optional(input("text", "Note", "textarea")),
            optional(Input {
                hint: "Up to 20 MB.",
                ..input("document", "PDF", "file")
            }),
        ],
        Action::DeliverByHand => vec![Input {
            hint: "For example: handed to the front desk of the practice, received by M. Ortiz.",
            ..input("proof", "How do you know that it arrived?", "textarea")
        }],
        Action::Release
        | Action::Accept
        | Action::CancelAppointment
        | Action::MarkSeen
        | Action::MarkNoShow
        | Action::SendNote
        | Action::ConfirmCancel
        | Action::Reopen => Vec::new(),
    }
}

pub fn label(action: Action) -> &'static str {
    look(action).0
}

/// The form for an action on a referral.
pub fn form(action: Action, referral: &str) -> ActionForm {
    let (label, icon, class) = look(action);
    let upload = action == Action::AddNote;
    let last = if upload { "notes" } else { "act" };
    ActionForm {
        name: action.as_str(),
        label,
        icon,
        what: what(action),
        class,
        to: format!("/referrals/{referral}/{last}"),
        upload,
        inputs: inputs(action),
    }
}

/// What stands in the list after an action was done.
pub fn done(action: Action) -> &'static str {
    match action {
        Action::Release => "Released. The referral is on the work queue now.",
        Action::Reject => "Rejected. It can be opened again from the work queue.",
        Action::RequestInformation => "Waiting for the referrer's answer now.",
        Action::Accept => "Accepted. Next: book a visit.",
        Action::Decline => "Declined.",
        Action::Schedule => "The visit is booked.",
        Action::CancelAppointment => "The visit is cancelled; the referral waits for another.",
        Action::MarkSeen => "Seen. Next: the consult note.",
        Action::MarkNoShow => "Recorded. Next: book another visit, or decline.",
        Action::AddNote => "The note is kept. Next: send it.",
        Action::SendNote => "The note is on its way. The referral closes when the partner confirms it.",
        Action::DeliverByHand => "The delivery is recorded with its proof.",
        Action::Cancel => "The cancellation is asked for. It must be confirmed.",
        Action::ConfirmCancel => "Cancelled.",
        Action::Reopen => "Open again, on the review desk.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_form_under_the_name_of_the_api() {
        for action in Action::ALL {
            let form = form(action, "ref_1");
            assert_eq!(form.name, action.as_str());
            assert!(!form.label.is_empty() && form.what.ends_with('.') && done(action).ends_with('.'));
        }
    }

    #[test]
    fn reasons_are_coded_and_read_as_words() {
        assert_eq!(reason_label("not_for_us"), "Meant for another clinic");
        assert_eq!(reason_label("something_new"), "Something new");
    }
}
