//! A referral whose document holds other pages now: what the machine reads on these takes the place of what it read before. What
//! a person wrote stays.

use super::correct::follow;
use super::open::machine_values;
use super::record::{RecordError, Remark, remark};
use crate::app::App;
use crate::domain::fields::ExtractedDocument;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::store::fields::{FieldValue, MACHINE};
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// Writes what was found, within the caller's transaction. A referral that went on meanwhile stays as it is.
pub async fn reread(
    app: &App,
    tx: &mut Tx,
    id: &ReferralId,
    extracted: &ExtractedDocument,
    now: DateTime<Utc>,
) -> store::Result<()> {
    const ACTION: &str = "reread";
    let Some(mut referral) = store::referrals::find_to_change(tx, id).await? else {
        return Ok(());
    };
    if !referral.status.name().is_before_release() {
        return Ok(());
    }
    let mut found = machine_values(extracted, now);
    let before = store::fields::current(tx, id).await?;
    for (key, value) in &before {
        if value.source != MACHINE {
            found.remove(key);
        } else if value.value.is_some() || value.problem.is_some() {
            found.entry(key.clone()).or_insert_with(|| nothing(now));
        }
    }
    for (key, value) in found {
        if before.get(&key).is_none_or(|old| !is_same(old, &value)) {
            store::fields::append(tx, id, &key, &value).await?;
        }
    }
    follow(app, tx, &mut referral, None).await?;
    match remark(tx, &Actor::System, &mut referral, ACTION, Remark::default(), now).await {
        Ok(()) => Ok(()),
        Err(RecordError::Store(error)) => Err(error),
        Err(RecordError::Invalid(_) | RecordError::Overtaken) => {
            unreachable!("the referral is held until the transaction ends, and nothing moves")
        }
    }
}

/// The machine finds nothing any more.
fn nothing(now: DateTime<Utc>) -> FieldValue {
    FieldValue {
        source: MACHINE.to_owned(),
        value: None,
        raw: None,
        confidence: 0.0,
        page: None,
        bounds: None,
        boxes: Vec::new(),
        rule: String::new(),
        passage: None,
        problem: None,
        created_at: now,
    }
}

fn is_same(old: &FieldValue, new: &FieldValue) -> bool {
    let when = new.created_at;
    let old = FieldValue {
        created_at: when,
        ..old.clone()
    };
    old == *new
}
