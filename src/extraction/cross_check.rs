//! Values of one document held against each other.

use super::decide::Decided;

/// Values that can't be right together.
pub(super) fn cross_check(decided: &mut Decided) {
    let patient_phone = decided.text("patient.phone").map(str::to_owned);
    let shared = ["referrer.phone", "referrer.fax", "recipient.phone", "recipient.fax"]
        .iter()
        .any(|key| patient_phone.is_some() && decided.text(key) == patient_phone.as_deref());
    if shared {
        decided.doubt(
            "patient.phone",
            0.4,
            "shared_with_practice",
            "the same number stands for a practice",
        );
    }
    if decided.text("patient.birth_date").is_some()
        && decided.text("patient.birth_date") == decided.text("referral.date")
    {
        decided.doubt(
            "patient.birth_date",
            0.5,
            "equals_referral_date",
            "the same day as the referral's date",
        );
    }
    if let (Some(birth), Some(date)) = (decided.text("patient.birth_date"), decided.text("referral.date"))
        && birth > date
    {
        decided.doubt(
            "patient.birth_date",
            0.5,
            "after_referral_date",
            "later than the referral's date",
        );
    }
    for (one, other) in [
        ("patient.name", "referrer.name"),
        ("referrer.name", "recipient.name"),
        ("referrer.npi", "recipient.npi"),
    ] {
        if decided.text(one).is_some() && decided.text(one) == decided.text(other) {
            decided.doubt(
                one,
                0.6,
                "same_as_other_party",
                "the same value stands for another party",
            );
        }
    }
}
