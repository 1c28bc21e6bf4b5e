//! The log's codes in plain words.

use crate::audit::trace::{Did, Seer};
use crate::store::audit::{Outcome, Row};
use crate::web::fields::Names;
use crate::web::layout::{Tag, words};

/// What was done, as it follows a name, by the code of the act.
const DID: &[(&str, &str)] = &[
    ("accept", "Accepted"),
    ("add_anchor", "Trusted an anchor of Direct"),
    ("add_directory_contact", "Added a number or address"),
    ("add_directory_entry", "Added an entry of the directory"),
    ("add_edge_account", "Opened an account for the HISP"),
    ("add_final_note", "Added the final note"),
    ("add_identity", "Added a Direct certificate of ours"),
    ("add_interim_note", "Added an interim note"),
    ("add_memo", "Wrote a team note"),
    ("add_note", "Added a note"),
    ("add_partner_certificate", "Trusted a partner's certificate"),
    ("add_passkey", "Added a passkey"),
    ("add_site", "Added a site"),
    ("add_token", "Made a token"),
    ("add_trust_bundle", "Added a trust bundle"),
    ("add_user", "Opened an account"),
    ("arrange", "Arranged pages"),
    ("assign", "Gave to somebody"),
    ("attach_file", "Put a file of the same message with it"),
    ("back_up", "Took a backup"),
    ("begin_login", "Took the first step of a sign-in"),
    ("break_glass", "Broke the glass in an emergency"),
    ("cancel", "Cancelled"),
    ("cancel_appointment", "Cancelled the visit"),
    ("change_directory_entry", "Changed an entry of the directory"),
    ("change_password", "Changed the own password"),
    ("choose_referrer", "Said who the referrer is"),
    ("compose_role", "Composed a role"),
    ("confirm_cancel", "Confirmed the cancellation"),
    ("correct_field", "Corrected a field"),
    ("decline", "Declined"),
    ("deliver_by_hand", "Delivered by hand"),
    ("deliver_request_by_hand", "Delivered by hand"),
    ("delivery_confirmed", "Heard that the note arrived"),
    ("delivery_failed", "Heard that the note did not arrive"),
    ("disable_user", "Closed an account"),
    ("duplicate_closed", "Closed as a duplicate"),
    ("enable_user", "Opened an account again"),
    ("end_emergency", "Ended an emergency"),
    ("end_sessions", "Signed out elsewhere"),
    ("enrol_second_factor", "Set up a second factor"),
    ("escalate", "Escalated"),
    ("export_audit", "Took the audit log away"),
    ("forbidden_call", "Stopped an attack by a document"),
    ("found_certain", "Found everything certain"),
    ("grant", "Granted a role"),
    ("hand_over", "Handed over to another site"),
    ("hold_automation", "Stopped trusting a field"),
    ("invite_user", "Invited somebody"),
    ("lift_legal_hold", "Lifted a legal hold"),
    ("link_follow_up", "Linked as a follow-up"),
    ("link_identity", "Linked a sign-in"),
    ("login", "Signed in"),
    ("make_direct_key", "Made a key for a Direct certificate"),
    ("mark_no_show", "Marked as not come"),
    ("mark_seen", "Marked as seen"),
    ("merge_directory_entries", "Merged two entries of the directory"),
    ("not_a_duplicate", "Said that it is no duplicate"),
    ("open_door", "Opened a door"),
    ("open_link", "Opened a link that was handed over"),
    ("place_legal_hold", "Placed a legal hold"),
    ("prove_code", "Gave a code"),
    ("prove_passkey", "Showed a passkey"),
    ("put_away", "Put away"),
    ("put_site_address", "Gave an address to a site"),
    ("put_site_of_door", "Gave a door to a site"),
    ("receive", "Received"),
    ("refresh_trust_bundle", "Found a trust bundle changed"),
    ("receive_order_message", "Received what the sender says of it"),
    ("reject", "Rejected"),
    ("release", "Released"),
    ("remove_anchor", "Ceased to trust an anchor of Direct"),
    ("remove_edge_account", "Closed an account of the HISP"),
    ("remove_passkey", "Removed a passkey"),
    ("remove_second_factor", "Removed the second factor"),
    ("remove_trust_bundle", "Removed a trust bundle"),
    ("renew_recovery_codes", "Made new recovery codes"),
    ("reopen", "Opened again"),
    ("request", "Tried what is not allowed"),
    ("request_information", "Asked the referrer"),
    ("reread", "Read again"),
    ("reset_password", "Reset a password"),
    ("reset_second_factor", "Reset a second factor"),
    ("restore", "Restored a backup"),
    ("resume_automation", "Trusted a field again"),
    ("review_emergency", "Said whether it was an emergency"),
    ("review_needed", "Found something to review"),
    ("revoke_token", "Revoked a token"),
    ("route_document", "Sent the document elsewhere"),
    ("schedule", "Booked the visit"),
    ("search", "Searched"),
    ("search_audit", "Searched the audit log"),
    ("send_note", "Sent the note"),
    ("send_trial_message", "Tried a partner with a letter"),
    ("set_partner_ability", "Said what a partner's system can take"),
    ("set_password", "Set a password"),
    ("shred", "Destroyed documents"),
    ("step_up", "Proved once more who it is"),
    ("take_grant", "Took a role away"),
    ("take_over", "Took over the review"),
    ("tell_directory_entries_apart", "Said that two entries are not the same"),
    ("tell_sender", "Told the sender of a misdirected page"),
    ("treat_as_referral", "Opened as a referral"),
    ("undo_directory_merge", "Undid a merge of the directory"),
    ("unlink_identity", "Unlinked a sign-in"),
    ("unverify_directory_contact", "Doubted a number or address"),
    ("use_recovery_code", "Used a recovery code"),
    ("verify_directory_contact", "Verified a number or address"),
    ("view", "Looked at"),
];

/// Who an actor is.
pub(super) fn actor(reference: &str, names: &Names) -> String {
    match reference.split_once(':') {
        Some(("door", name)) => format!("Door {name}"),
        _ if reference == "operator" => "The command line".to_owned(),
        _ => names.of(reference),
    }
}

/// Nobody knows who failed to sign in, or has taken one step of it only.
pub(super) fn who(row: &Row, names: &Names) -> String {
    let is_step = matches!(
        row.action.as_str(),
        "begin_login" | "prove_code" | "prove_passkey" | "use_recovery_code" | "open_link"
    );
    if is_step || row.action == "login" && row.outcome != Outcome::Allowed {
        "Somebody".to_owned()
    } else {
        actor(&row.actor, names)
    }
}

/// Where a step of a login came from, as far as that was known.
pub(super) fn from_where(row: &Row) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(&row.detail).ok()?;
    detail["network"].as_str().map(str::to_owned)
}

/// An act without words of its own is told by its code.
pub(super) fn did(act: &str) -> String {
    let told = DID.iter().find(|(known, _)| *known == act);
    told.map_or_else(|| words(act), |(_, told)| (*told).to_owned())
}

/// Which record, by its id: a name would be a patient's.
pub(super) fn record(row: &Row, names: &Names) -> String {
    let id = row.resource_id.as_str();
    match row.resource_kind.as_str() {
        "list" => {
            let detail: serde_json::Value = serde_json::from_str(&row.detail).unwrap_or_default();
            let shown = detail["referrals"].as_array().map_or(0, Vec::len);
            format!("list “{id}”, referrals: {shown}")
        }
        "user" => format!("account {}", names.of(id)),
        "transmission" => format!("fax or message {id}"),
        "directory_entry" => format!("directory {id}"),
        "permission" => format!("permission {id}"),
        "audit" => "the audit log".to_owned(),
        kind => format!("{} {id}", kind.replace('_', " ")),
    }
}

pub(super) fn outcome_tag(outcome: Outcome) -> Tag {
    match outcome {
        Outcome::Allowed => Tag::new("Allowed", "check", "good"),
        Outcome::Denied => Tag::new("Refused", "no", "bad"),
        Outcome::Failed => Tag::new("Failed", "problem", "warn"),
    }
}

/// "viewed 3 times, pages once; in a list on 2 days".
pub(super) fn seer_text(seer: &Seer) -> String {
    let times = |count: usize| match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    let mut parts: Vec<String> = seer
        .did
        .iter()
        .map(|(did, count)| format!("{} {}", did_word(*did), times(*count)))
        .collect();
    match seer.listed_days {
        0 => {}
        1 => parts.push("in a list on 1 day".to_owned()),
        days => parts.push(format!("in a list on {days} days")),
    }
    parts.join(", ")
}

fn did_word(did: Did) -> &'static str {
    match did {
        Did::Viewed => "viewed",
        Did::Pages => "pages or notes",
        Did::Corrected => "corrected",
        Did::Released => "released",
        Did::Sent => "sent",
        Did::Other => "other acts",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use std::collections::BTreeMap;

    #[test]
    fn what_somebody_did_is_a_line() {
        let seer = Seer {
            actor: "usr_1".to_owned(),
            first: DateTime::UNIX_EPOCH,
            last: DateTime::UNIX_EPOCH,
            did: BTreeMap::from([(Did::Released, 1), (Did::Viewed, 3)]),
            listed_days: 2,
        };
        assert_eq!(seer_text(&seer), "viewed 3 times, released once, in a list on 2 days");
        assert_eq!(did("release"), "Released");
        assert_eq!(did("something_new"), "Something new");
    }
}
