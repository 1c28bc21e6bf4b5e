//! Handing a referral to another site of the clinic: a fax that came to the wrong number.

use super::act::{ActError, Obstacle, refused};
use super::claim::unclaimed;
use super::permitted::find_to_change;
use super::record::{Remark, remark};
use crate::app::App;
use crate::domain::ids::ReferralId;
use crate::domain::people::Actor;
use crate::domain::permission::Permission;
use crate::domain::referral::Referral;
use crate::domain::site::SiteKey;
use crate::store::sites;

/// Moves the referral. Whoever hands it over need not work at the other site, and may see it no more afterwards. Its owner is done
/// with it.
pub async fn hand_over(
    app: &App,
    actor: &Actor,
    id: &ReferralId,
    expected: Option<u64>,
    to: &SiteKey,
) -> Result<Referral, ActError> {
    const ACTION: &str = "hand_over";
    let now = app.clock.now();
    let (mut tx, mut referral) = find_to_change(app, actor, Permission::Assign, ACTION, id, now).await?;
    unclaimed(&mut tx, actor, &referral, now).await?;
    let version = referral.version;
    if expected.is_some_and(|expected| expected != version) {
        return Err(ActError::Stale { current: version });
    }
    let open = sites::find(&mut tx, to).await?.filter(|site| site.closed_at.is_none());
    let site = open.ok_or(Obstacle::NoSuchSite)?;
    if referral.site == site.key {
        return Ok(referral);
    }
    let said = Remark {
        reason: Some(site.key.to_string()),
        ..Remark::default()
    };
    referral.site = site.key;
    referral.owner = None;
    remark(&mut tx, actor, &mut referral, ACTION, said, now)
        .await
        .map_err(|error| refused(error, version))?;
    tx.commit().await?;
    Ok(referral)
}
