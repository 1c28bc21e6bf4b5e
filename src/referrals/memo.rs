//! What people of the clinic tell each other of a referral. It moves nothing and is never sent, so the version stays.

use super::act::ActError;
use super::permitted::find_to_change;
use super::record::audit_row;
use crate::app::App;
use crate::domain::ids::{MemoId, ReferralId};
use crate::domain::memo::MemoText;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::store::audit::Outcome;
use crate::store::memos::{self, Memo};

/// Keeps a team note, also with a referral that has ended: the phone rings later, too.
pub async fn write(app: &App, actor: &Actor, id: &ReferralId, text: MemoText) -> Result<Memo, ActError> {
    const ACTION: &str = "add_memo";
    let now = app.clock.now();
    let memo = Memo {
        id: MemoId::new(now),
        referral: id.clone(),
        author: actor.reference(),
        text,
        created_at: now,
    };
    // Who shares work may say something of it.
    let (mut tx, _) = find_to_change(app, actor, Permission::Assign, ACTION, id, now).await?;
    memos::insert(&mut tx, &memo).await?;
    audit_row(&mut tx, actor, ACTION, id, Outcome::Allowed, now).await?;
    tx.commit().await?;
    Ok(memo)
}
