//! What people of the clinic tell each other of a referral. It moves nothing and is never sent, so the version stays.

use super::act::ActError;
use super::record::{audit_denial, audit_row};
use crate::app::App;
use crate::domain::ids::{MemoId, ReferralId};
use crate::domain::memo::MemoText;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, authorize};
use crate::store::audit::Outcome;
use crate::store::memos::{self, Memo};
use crate::store::referrals;

/// Keeps a team note, also with a referral that has ended: the phone rings later, too.
pub async fn write(app: &App, actor: &Actor, id: &ReferralId, text: MemoText) -> Result<Memo, ActError> {
    const ACTION: &str = "add_memo";
    let now = app.clock.now();
    // Who shares work may say something of it.
    if let Err(denied) = authorize(actor, Permission::Assign) {
        return Err(audit_denial(&app.db, actor, ACTION, id, denied, now).await?.into());
    }
    let memo = Memo {
        id: MemoId::new(now),
        referral: id.clone(),
        author: actor.reference(),
        text,
        created_at: now,
    };
    let mut tx = app.db.begin().await?;
    referrals::find(&mut tx, id).await?.ok_or(ActError::NotFound)?;
    memos::insert(&mut tx, &memo).await?;
    audit_row(&mut tx, actor, ACTION, id, Outcome::Allowed, now).await?;
    tx.commit().await?;
    Ok(memo)
}
