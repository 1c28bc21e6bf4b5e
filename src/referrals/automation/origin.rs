//! Where a value came from: which sender or known form, which field, under which label. A form that was never seen is read
//! wrong in the same place again and again, so that is what trust is earned by.

use crate::domain::codes::FaxNumber;
use crate::domain::fields::FieldKey;
use crate::domain::ids::ReferralId;
use crate::domain::transmission::TransmissionDetails;
use crate::store::{self, Tx};

const PURPOSE: &str = "automation.origin";

/// What is known of where a document came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// A Direct address, or else a number. `None` for files by hand and for numbers that were withheld.
    sender: Option<String>,
    /// The known form, or the rules where it is none.
    template: Option<String>,
}

impl Source {
    pub fn of(details: &TransmissionDetails, template: Option<&str>) -> Self {
        let number = || Some(FaxNumber::parse(details.from.as_deref()?).ok()?.to_string());
        Self {
            sender: details.direct_sender.as_deref().map(str::to_lowercase).or_else(number),
            template: template.map(str::to_owned),
        }
    }

    /// From what is stored of a referral's document.
    pub async fn load(tx: &mut Tx, referral: &ReferralId) -> store::Result<Self> {
        let Some(referral) = store::referrals::find(tx, referral).await? else {
            return Ok(Self::default());
        };
        let Some(transmission) = store::transmissions::find(tx, &referral.transmission).await? else {
            return Ok(Self::default());
        };
        let document = store::documents::find(tx, &referral.document).await?;
        let template = document.and_then(|document| document.template);
        Ok(Self::of(&transmission.details, template.as_deref()))
    }

    /// The blind index of a value's origin. `rule` is that of the value, as `general.us@1 label:dob:right`.
    pub fn index(&self, tx: &Tx, key: &FieldKey, rule: &str) -> Option<Vec<u8>> {
        let described = self.described(key, rule)?;
        Some(tx.keys().blind.index(PURPOSE, &described))
    }

    fn described(&self, key: &FieldKey, rule: &str) -> Option<String> {
        // Versions change with every upgrade; the label and where its value stood do not.
        let place = rule.split_once(' ').map_or(rule, |(_, place)| place);
        let form = self
            .template
            .as_deref()
            .filter(|name| place.strip_prefix("form:") == Some(*name));
        // A known form is read the same way, whoever sends it.
        let from = form.or(self.sender.as_deref())?;
        Some(format!("{from} {key} {place}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(from: Option<&str>, direct: Option<&str>, template: &str) -> Source {
        let details = TransmissionDetails {
            from: from.map(str::to_owned),
            direct_sender: direct.map(str::to_owned),
            ..TransmissionDetails::default()
        };
        Source::of(&details, Some(template))
    }

    #[test]
    fn an_origin_is_a_sender_a_field_and_a_label() {
        let key = FieldKey::new("patient.birth_date");
        let rules = "general.us@1+confidence@5";
        let described = |source: Source, rule: &str| source.described(&key, rule);
        let first = described(
            source(Some("(412) 555-0123"), None, rules),
            "general.us@1 label:dob:right",
        );
        assert_eq!(
            first.as_deref(),
            Some("+14125550123 patient.birth_date label:dob:right")
        );
        // The same number written otherwise, read by a later version of the rules.
        let later = described(
            source(Some("+14125550123"), None, "general.us@2"),
            "general.us@2 label:dob:right",
        );
        assert_eq!(first, later);
        let below = described(
            source(Some("+14125550123"), None, rules),
            "general.us@1 label:dob:below",
        );
        assert_ne!(first, below);
        let direct = described(
            source(Some("4125550123"), Some("Office@Direct.Example"), rules),
            "x label:dob:right",
        );
        assert_eq!(
            direct.as_deref(),
            Some("office@direct.example patient.birth_date label:dob:right")
        );
    }

    #[test]
    fn a_known_form_is_an_origin_by_itself_and_a_withheld_number_is_none() {
        let key = FieldKey::new("patient.name");
        let form = source(None, None, "sleep-study@2");
        let zone = form.described(&key, "general.us@1 form:sleep-study@2");
        assert_eq!(zone.as_deref(), Some("sleep-study@2 patient.name form:sleep-study@2"));
        // Read beside the form's zones: nothing speaks for it.
        assert_eq!(form.described(&key, "general.us@1 label:name:right"), None);
        assert_eq!(
            source(Some("anonymous"), None, "r").described(&key, "label:name:right"),
            None
        );
    }
}
