//! Holds a field whose certain values were corrected too often: as long as it is held, nothing goes straight through. An
//! operator lets it go.

use crate::app::App;
use crate::domain::fields::FieldKey;
use crate::domain::outcome::{Outcome, Stream, Way};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::precision::{self, Since, Watched};
use crate::extraction::Field;
use crate::store::audit;
use crate::store::watched_fields::Hold;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// How far back is looked. A score forgets a wrong value after some hundred right ones, so more would change nothing.
const VERDICTS_MAX: u32 = 1_000;

/// Looks at a field after a value of it was corrected, and holds it where too many were.
pub(super) async fn watch(
    app: &App,
    tx: &mut Tx,
    key: &FieldKey,
    stream: Stream,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let Some(field) = app.rules.catalogue().field(key).filter(|field| field.critical) else {
        return Ok(());
    };
    let resumed_at = store::watched_fields::touch(tx, key, now).await?;
    let Some(run) = look(tx, field, stream, resumed_at).await?.alarm else {
        return Ok(());
    };
    if !store::watched_fields::hold(tx, key, run, now).await? {
        return Ok(());
    }
    let detail = serde_json::json!({ "wrong": run.wrong, "checked": run.checked, "target": field.target });
    audited(
        tx,
        &Actor::System,
        "hold_automation",
        key,
        audit::Outcome::Allowed,
        detail,
        now,
    )
    .await?;
    metrics::counter!("referloop_automation_holds_total", "field" => key.to_string()).increment(1);
    tracing::warn!(
        field.name = %key,
        "too many values of `{key}` were corrected: nothing goes straight through until `referloop automation resume {key}`"
    );
    Ok(())
}

async fn look(tx: &mut Tx, field: &Field, stream: Stream, resumed_at: Option<DateTime<Utc>>) -> store::Result<Watched> {
    let verdicts = store::outcomes::verdicts(tx, &field.key, stream, resumed_at, VERDICTS_MAX).await?;
    let since = if verdicts.len() < VERDICTS_MAX as usize {
        Since::TheFirst
    } else {
        Since::SomeTime
    };
    Ok(precision::watch(field.target, since, verdicts))
}

/// Why a field can't be let go.
#[derive(Debug, thiserror::Error)]
pub enum ResumeError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("`{0}` is not held; `referloop automation status` shows which fields are")]
    NotHeld(FieldKey),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Lets values of a field be trusted again. What was released before no longer counts, so that the same mistakes do not
/// hold it at once.
pub async fn resume(app: &App, actor: &Actor, key: &FieldKey) -> Result<(), ResumeError> {
    const ACTION: &str = "resume_automation";
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if let Err(denied) = authorize(actor, Permission::ManageAutomation, Resource::Installation) {
        let detail = serde_json::json!({});
        audited(&mut tx, actor, ACTION, key, audit::Outcome::Denied, detail, now).await?;
        tx.commit().await?;
        return Err(denied.into());
    }
    if !store::watched_fields::resume(&mut tx, key, now).await? {
        return Err(ResumeError::NotHeld(key.clone()));
    }
    let detail = serde_json::json!({});
    audited(&mut tx, actor, ACTION, key, audit::Outcome::Allowed, detail, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn audited(
    tx: &mut Tx,
    actor: &Actor,
    action: &'static str,
    key: &FieldKey,
    outcome: audit::Outcome,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action,
        resource_kind: "field",
        resource_id: key.as_str(),
        outcome,
        detail,
    };
    audit::insert(tx, &entry, now).await
}

/// How one critical field fares.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldStatus {
    pub key: FieldKey,
    pub target: f64,
    pub hold: Option<Hold>,
    pub resumed_at: Option<DateTime<Utc>>,
    /// The worse of both streams; at [`precision::ALARM`] the field is held.
    pub score: f64,
    /// Certain values by the way that they went and what came of them, since the beginning.
    pub counts: BTreeMap<(Way, Outcome), i64>,
}

/// How every critical field fares, in the order of the screen.
pub async fn status(app: &App, tx: &mut Tx) -> store::Result<Vec<FieldStatus>> {
    let mut held = store::watched_fields::held(tx).await?;
    let resumed = store::watched_fields::resumed(tx).await?;
    let counts = store::outcomes::counts(tx).await?;
    let mut all = Vec::new();
    for field in app.rules.catalogue().critical() {
        let resumed_at = resumed.get(&field.key).copied();
        let mut score = 0.0_f64;
        for stream in Stream::ALL {
            score = score.max(look(tx, field, stream, resumed_at).await?.score);
        }
        let own = counts.iter().filter(|((key, _, _), _)| *key == field.key);
        all.push(FieldStatus {
            key: field.key.clone(),
            target: field.target,
            hold: held.remove(&field.key),
            resumed_at,
            score,
            counts: own
                .map(|((_, way, outcome), count)| ((*way, *outcome), *count))
                .collect(),
        });
    }
    Ok(all)
}

/// A hold in words: "Birth dates are checked by a person since 27 Nov: 3 of the last 90 were corrected."
pub fn said(field: &Field, hold: &Hold) -> String {
    let what = match &field.plural {
        Some(plural) => format!("{plural} are"),
        None => format!("“{}” is", field.label),
    };
    let since = hold.since.format("%-d %b");
    let (wrong, checked) = (hold.run.wrong, hold.run.checked);
    let were = if wrong == 1 { "was" } else { "were" };
    format!("{what} checked by a person since {since}: {wrong} of the last {checked} {were} corrected.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::precision::Run;
    use crate::extraction::RuleSets;

    #[test]
    fn a_hold_is_said_in_plain_words() {
        let rules = RuleSets::embedded();
        let say = |key: &str, wrong, checked| {
            let hold = Hold {
                since: "2026-11-27T09:00:00Z".parse().unwrap(),
                run: Run { wrong, checked },
            };
            said(rules.catalogue().field(&FieldKey::new(key)).unwrap(), &hold)
        };
        assert_eq!(
            say("patient.birth_date", 3, 90),
            "Birth dates are checked by a person since 27 Nov: 3 of the last 90 were corrected."
        );
        assert_eq!(
            say("patient.phone", 1, 12),
            "“Phone” is checked by a person since 27 Nov: 1 of the last 12 was corrected."
        );
    }
}
