//! The numbers of a referral and its patient, each under whoever gave it: what a partner's system knows an answer by.

use super::Outgoing;
use crate::app::App;
use crate::cda::oid;
use crate::cda::write::NewId;
use crate::domain::order::{OrderNumber, PatientNumber, ReferralOrder};
use crate::domain::referral::Referral;
use crate::store::{self, Tx};

/// A number with its authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// An OID or a UUID; empty where nobody said whose the number is.
    root: String,
    /// Empty where the root alone is the number.
    extension: String,
}

impl Number {
    /// What is no OID can be the root of no identifier: the number then stands without its authority.
    fn new(id: &str, authority: &str) -> Self {
        let (root, extension) = if oid::is_uid(authority) {
            (authority, id)
        } else if authority.is_empty() && oid::is_uid(id) {
            (id, "")
        } else {
            ("", id)
        };
        Self {
            root: root.to_owned(),
            extension: extension.to_owned(),
        }
    }

    fn as_id(&self) -> NewId<'_> {
        NewId {
            root: &self.root,
            extension: &self.extension,
        }
    }

    /// With the OID under which it is unique: packages and Direct Context write no number without one.
    pub fn with_authority(&self) -> Option<(&str, &str)> {
        let has_both = oid::is_oid(&self.root) && !self.extension.is_empty();
        has_both.then_some((self.extension.as_str(), self.root.as_str()))
    }
}

/// As a document writes them.
pub(super) fn as_ids(numbers: &[Number]) -> Vec<NewId<'_>> {
    numbers.iter().map(Number::as_id).collect()
}

/// Our system, as the authority for the numbers that it gives.
pub fn authority(app: &App) -> String {
    oid::derived(&app.config.mail.direct_domain)
}

/// Its initiator's number first, which the initiator's system looks for; then ours.
pub(super) fn numbers_of_referral(app: &App, outgoing: &Outgoing) -> Vec<Number> {
    let theirs = outgoing.order.as_ref().map(|order| &order.number);
    let theirs = theirs.map(|OrderNumber { id, authority }| Number::new(id, authority));
    theirs.into_iter().chain([ours(app, outgoing)]).collect()
}

/// Ours, for which the referral's stands: a record number on the pages is its sender's, and nobody says under which OID. Then those
/// that the order or the message gave with one.
pub(super) fn numbers_of_patient(app: &App, outgoing: &Outgoing) -> Vec<Number> {
    let mut numbers = vec![ours(app, outgoing)];
    for PatientNumber { id, authority } in &outgoing.patient_numbers {
        let number = Number::new(id, authority);
        if number.with_authority().is_some() && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// The patient's numbers at the sender: those of the order, and those that the message said to machines.
pub(super) async fn told(
    tx: &mut Tx,
    referral: &Referral,
    order: Option<&ReferralOrder>,
) -> store::Result<Vec<PatientNumber>> {
    let opened_by = store::transmissions::find(tx, &referral.transmission).await?;
    let said = opened_by.and_then(|opened_by| opened_by.details.said);
    let of_order = order.map(|order| order.patient_numbers.clone());
    let all = of_order.into_iter().chain(said.map(|said| said.numbers));
    Ok(all.flatten().collect())
}

fn ours(app: &App, outgoing: &Outgoing) -> Number {
    Number::new(outgoing.referral.id.as_str(), &authority(app))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_oid_stands_as_an_authority() {
        let check = |id: &str, authority: &str, root: &str, extension: &str, has_authority: bool| {
            let number = Number::new(id, authority);
            let found = (
                number.root.as_str(),
                number.extension.as_str(),
                number.with_authority().is_some(),
            );
            assert_eq!(found, (root, extension, has_authority), "{id} {authority}");
        };
        check("RF-1", "2.999.2", "2.999.2", "RF-1", true);
        check("RF-1", "NORTHSIDE", "", "RF-1", false);
        check("RF-1", "", "", "RF-1", false);
        check("2.999.2.1", "", "2.999.2.1", "", false);
        let uuid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
        check("RF-1", uuid, uuid, "RF-1", false);
    }
}
