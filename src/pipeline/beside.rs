//! Where a transmission's documents belong when they open no referral of their own: those beside the leading file of a message go
//! to the referral that it opened, and what names a referral by its initiator's number goes to that one. What does not fit is
//! offered to a person instead, and treated like anything else that came.

use super::clinical::Clinical;
use super::clinical::patients::Known;
use super::receive::enqueue_reading;
use crate::direct::address::Address;
use crate::domain::decision::AnswerBasis;
use crate::domain::fields::{Extraction, FieldContent, FieldKey};
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::referrals::beside::{Arrived, take};
use crate::store::orders::OrderMessage;
use crate::store::transmissions::Transmission;
use crate::store::{self, Tx};
use chrono::{DateTime, NaiveDate, Utc};

/// Where it belongs, and why we think so.
pub(super) struct Belonging {
    pub referral: ReferralId,
    pub basis: AnswerBasis,
    /// What it says, where it speaks about the referral.
    message: Option<OrderMessage>,
}

impl Belonging {
    /// Whether its documents are filed there and open no referral.
    pub fn is_filed(&self) -> bool {
        self.basis.is_enough_to_attach()
    }

    /// Writes it down, within the caller's transaction.
    pub async fn keep(self, tx: &mut Tx, transmission: &Transmission, now: DateTime<Utc>) -> store::Result<()> {
        let arrived = Arrived {
            transmission: &transmission.id,
            basis: self.basis,
            message: self.message.as_ref(),
        };
        take(tx, &self.referral, &arrived, now).await
    }
}

/// Where a transmission belongs, besides to itself.
pub(super) async fn belonging(
    tx: &mut Tx,
    transmission: &Transmission,
    clinical: Option<&Clinical>,
    extraction: &Extraction,
    now: DateTime<Utc>,
) -> store::Result<Option<Belonging>> {
    if transmission.details.answers.is_some() {
        return Ok(None);
    }
    if let Some(clinical) = clinical
        && let Some(found) = by_number(tx, transmission, clinical, now).await?
    {
        return Ok(Some(found));
    }
    by_message(tx, transmission, extraction).await
}

async fn by_number(
    tx: &mut Tx,
    transmission: &Transmission,
    clinical: &Clinical,
    now: DateTime<Utc>,
) -> store::Result<Option<Belonging>> {
    let (Some(number), Some((kind, words))) = (clinical.number(), clinical.later()) else {
        return Ok(None);
    };
    let Some(referral) = store::orders::find(tx, &number).await? else {
        return Ok(None);
    };
    let basis = if is_from_the_initiator(tx, &referral, transmission).await? {
        AnswerBasis::OrderNumber
    } else {
        AnswerBasis::OtherInitiator
    };
    Ok(Some(Belonging {
        message: Some(OrderMessage {
            transmission: transmission.id.clone(),
            referral: referral.clone(),
            kind,
            words,
            arrived_at: now,
        }),
        referral,
        basis,
    }))
}

/// A number can be guessed, and another practice that we trust must not cancel what is not its own.
async fn is_from_the_initiator(tx: &mut Tx, id: &ReferralId, transmission: &Transmission) -> store::Result<bool> {
    let Some(referral) = store::referrals::find(tx, id).await? else {
        return Ok(false);
    };
    let first = store::transmissions::find(tx, &referral.transmission).await?;
    let address = |text: Option<&String>| text.and_then(|text| text.parse::<Address>().ok());
    let asked = first.and_then(|first| address(first.details.direct_sender.as_ref()));
    let now = address(transmission.details.direct_sender.as_ref());
    Ok(asked.zip(now).is_some_and(|(asked, now)| asked.same_domain(&now)))
}

async fn by_message(
    tx: &mut Tx,
    transmission: &Transmission,
    extraction: &Extraction,
) -> store::Result<Option<Belonging>> {
    let Some(lead) = store::message_parts::lead_of(tx, &transmission.id).await? else {
        return Ok(None);
    };
    let opened = store::referrals::of_transmission(tx, &lead).await?;
    let referral = match &opened[..] {
        [one] => Some(one.clone()),
        [] => store::answers::attached_to(tx, &lead).await?,
        _ => None,
    };
    let Some(referral) = referral else {
        return Ok(None);
    };
    let values = store::fields::current(tx, &referral).await?;
    let patient = known(|key| values.get(key).and_then(|value| value.value.as_ref()));
    let is_another = extraction.documents.iter().any(|document| {
        let here = known(|key| document.fields.get(key).map(|found| &found.value));
        here.is_another_than(&patient)
    });
    Ok(Some(Belonging {
        referral,
        basis: if is_another {
            AnswerBasis::OtherPatient
        } else {
            AnswerBasis::SameMessage
        },
        message: None,
    }))
}

pub(super) fn known<'v>(value: impl Fn(&FieldKey) -> Option<&'v FieldContent>) -> Known {
    let text = |key: &str| match value(&FieldKey::new(key)) {
        Some(FieldContent::Text(text)) => text.clone(),
        Some(FieldContent::List(_)) | None => String::new(),
    };
    let born: Option<NaiveDate> = text("patient.birth_date").parse().ok();
    Known::named(&text("patient.name"), born)
}

/// Lets those be read that waited for this one: now it is known whether there is a referral for them.
pub(super) async fn release_waiting(tx: &mut Tx, lead: &TransmissionId, now: DateTime<Utc>) -> store::Result<()> {
    for part in store::message_parts::waiting_for(tx, lead).await? {
        if let Some(transmission) = store::transmissions::find(tx, &part).await? {
            enqueue_reading(tx, &part, &transmission.details, now).await?;
        }
    }
    Ok(())
}
