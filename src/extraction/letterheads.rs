//! Whose the head of a page is: what a specialist prints on a form is the specialist's, be it a name or a number.

use super::catalogue::ValueType;
use super::decide::alike;
use super::findings::Candidate;
use super::rules::RuleSets;

/// A letterhead that is not the practice named as the sender's is the one the form is to be sent to.
pub(super) fn give_to_recipient(candidates: &mut [Candidate], rules: &RuleSets) {
    move_names(candidates, rules);
    move_numbers(candidates, rules);
}

fn move_names(candidates: &mut [Candidate], rules: &RuleSets) {
    let position = |key: &str| rules.catalogue.position(key);
    let (Some(sender), Some(recipient)) = (position("referrer.organization"), position("recipient.organization"))
    else {
        return;
    };
    let labelled = |candidates: &[Candidate], field: usize| {
        candidates
            .iter()
            .find(|c| c.field == field && c.labelled && c.score > 0.6)
            .map(|c| c.content.clone())
    };
    let Some(named) = labelled(candidates, sender) else {
        return;
    };
    let has_recipient = labelled(candidates, recipient).is_some();
    for candidate in candidates
        .iter_mut()
        .filter(|c| c.field == sender && c.rule == "letter:letterhead")
    {
        if alike(&candidate.content, &named, ValueType::Organization) {
            continue;
        }
        // What a label says is the sender's practice is it, whatever is printed at the head.
        candidate.score *= 0.85;
        if !has_recipient {
            candidate.field = recipient;
        }
    }
}

/// Telephone and fax beside a letterhead that is the recipient's are the recipient's, too.
fn move_numbers(candidates: &mut [Candidate], rules: &RuleSets) {
    let position = |key: &str| rules.catalogue.position(key);
    let heads: Vec<(u32, u32, u32)> = candidates
        .iter()
        .filter(|c| Some(c.field) == position("recipient.organization") && c.rule == "letter:letterhead")
        .map(|c| (c.page, c.bounds.y, c.bounds.height))
        .collect();
    for (from, to) in [("referrer.phone", "recipient.phone"), ("referrer.fax", "recipient.fax")] {
        let (Some(from), Some(to)) = (position(from), position(to)) else {
            continue;
        };
        for candidate in candidates.iter_mut().filter(|c| c.field == from) {
            // A head has four lines at most.
            let beside = heads
                .iter()
                .any(|(page, y, height)| *page == candidate.page && candidate.bounds.y.abs_diff(*y) < 6 * height);
            if beside {
                candidate.field = to;
            }
        }
    }
}
