//! Acts on a referral: the one path that the screens, the API and every other door end in.

mod prepared;
mod refusal;
mod request;

pub use refusal::{ActError, Obstacle};
pub use request::ActRequest;

use self::prepared::{prepare, store_attachment};
use super::automation::judge_release;
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{RecordError, audit_denial, record};
use super::register::{Settled, settle};
use crate::app::App;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize};
use crate::domain::referral::{Action, Event, InvalidTransition, Referral};
use crate::store;

/// What this actor may do with this referral now.
pub fn possible(actor: &Actor, referral: &Referral) -> Vec<Action> {
    Action::ALL
        .into_iter()
        .filter(|action| action.is_possible_in(referral.status.name()))
        .filter(|action| authorize(actor, Permission::Act(*action), referral.into()).is_ok())
        .collect()
}

/// Does what is asked, or says why not. `expected` is the version that the caller saw.
pub async fn act(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    request: ActRequest,
) -> Result<Referral, ActError> {
    let now = app.clock.now();
    let action = request.action();
    if let Err(denied) = authorize(actor, Permission::Act(action), Resource::Somewhere) {
        return Err(audit_denial(&app.db, actor, action.as_str(), id, denied, now)
            .await?
            .into());
    }
    // What the act brings is durable before the transaction: no disk or network is waited for inside it.
    let attachment = store_attachment(app, &request, now).await?;
    let permission = Permission::Act(action);
    let (mut tx, mut referral) = find_to_change(app, actor, permission, action.as_str(), id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    if expected.is_some_and(|expected| expected != referral.version) {
        return Err(ActError::Stale {
            current: referral.version,
        });
    }
    if !action.is_possible_in(referral.status.name()) {
        return Err(impossible(&referral, &request));
    }
    let (event, remark) = prepare(app, &mut tx, actor, &referral, request, attachment, now).await?;
    record(
        &mut tx,
        &app.config.deadlines,
        actor,
        &mut referral,
        &event,
        remark,
        now,
    )
    .await
    .map_err(|error| refused(error, referral.version))?;
    if event == Event::Release {
        let values = store::fields::current(&mut tx, id).await?;
        if settle(&mut tx, actor, id, &values, now).await? == Settled::Ask {
            return Err(Obstacle::WhoIsThis.into());
        }
        judge_release(app, &mut tx, id, now).await?;
    }
    tx.commit().await?;
    Ok(referral)
}

pub(super) fn refused(error: RecordError, current: u64) -> ActError {
    match error {
        RecordError::Invalid(invalid) => invalid.into(),
        RecordError::Overtaken => ActError::Stale { current },
        RecordError::Store(error) => error.into(),
    }
}

/// The refusal of the grid, told before anything is written.
fn impossible(referral: &Referral, request: &ActRequest) -> ActError {
    use crate::domain::referral::EventName;
    let asked = request.action();
    let event = EventName::ALL
        .into_iter()
        .find(|event| event.action() == Some(asked))
        .expect("every action is the name of an event");
    ActError::Invalid(InvalidTransition {
        from: referral.status.name(),
        event,
    })
}
