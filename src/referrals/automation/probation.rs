//! Nothing of a sender goes straight through before people have looked at it a few times. A confidence is fitted on forms
//! that were seen; a form that was not is read wrong with certainty now and then, in the same place each time.

use super::origin::Source;
use crate::app::App;
use crate::domain::fields::FieldKey;
use crate::domain::outcome::Outcome;
use crate::referrals::open::NewReferral;
use crate::store::{self, Tx};
use std::collections::BTreeSet;

/// The critical fields whose values have not earned trust: of the same origin, too few were found right running.
pub(super) async fn untried(app: &App, tx: &mut Tx, new: &NewReferral<'_>) -> store::Result<BTreeSet<FieldKey>> {
    let runs = app.config.automation.probation;
    let source = Source::of(new.details, new.extracted.template.as_deref());
    let mut untried = BTreeSet::new();
    for field in app.rules.catalogue().critical() {
        let Some(found) = new.extracted.fields.get(&field.key) else {
            continue;
        };
        let trusted = match source.index(tx, &field.key, &found.rule) {
            Some(origin) => is_tried(tx, &origin, runs).await?,
            None => runs == 0,
        };
        if !trusted {
            untried.insert(field.key.clone());
        }
    }
    Ok(untried)
}

async fn is_tried(tx: &mut Tx, origin: &[u8], runs: u32) -> store::Result<bool> {
    let latest = store::outcomes::latest_of_origin(tx, origin, runs).await?;
    Ok(latest.len() == runs as usize && latest.iter().all(|outcome| *outcome == Outcome::Confirmed))
}
