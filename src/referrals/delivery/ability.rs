//! What a partner's system can take: set by people for an address or a whole domain, the address first.

use crate::app::App;
use crate::direct::address::{Address, is_domain};
use crate::domain::ability::{Ability, Confirms};
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::store::audit::{self, Outcome};
use crate::store::{self, Tx, abilities};
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum AbilityError {
    #[error(
        "what a partner can take is set for a Direct address or a domain, as `dr.osei@direct.example` or `direct.example`"
    )]
    Name,
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What is set for the address, else for its domain, else what every system can take.
pub async fn ability_of(app: &App, tx: &mut Tx, address: &str) -> store::Result<Ability> {
    let address = address.to_lowercase();
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    for bound_to in [address.as_str(), domain] {
        if let Some(set) = abilities::find(tx, bound_to).await? {
            return Ok(set.ability.into());
        }
    }
    let mut usual = Ability::default();
    if app
        .config
        .mail
        .processed_only
        .iter()
        .any(|known| known.eq_ignore_ascii_case(domain))
    {
        usual.confirms = Confirms::Processed;
    }
    Ok(usual)
}

/// Sets it, or with `None` forgets what was set.
pub async fn set_ability(
    app: &App,
    actor: &Actor,
    bound_to: &str,
    ability: Option<Ability>,
) -> Result<String, AbilityError> {
    authorize(actor, Permission::EditDirectory, Resource::Installation)?;
    let bound_to = bound_to.trim().to_lowercase();
    if bound_to.parse::<Address>().is_err() && !(is_domain(&bound_to) && bound_to.contains('.')) {
        return Err(AbilityError::Name);
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if let Some(ability) = &ability {
        abilities::set(&mut tx, &bound_to, ability, &actor.reference(), now).await?;
    } else {
        abilities::remove(&mut tx, &bound_to).await?;
    }
    noted(&mut tx, actor, &bound_to, ability, now).await?;
    tx.commit().await?;
    Ok(bound_to)
}

async fn noted(
    tx: &mut Tx,
    actor: &Actor,
    bound_to: &str,
    ability: Option<Ability>,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = audit::Entry {
        actor,
        action: "set_partner_ability",
        resource_kind: "partner",
        resource_id: bound_to,
        outcome: Outcome::Allowed,
        detail: serde_json::json!({ "ability": ability }),
    };
    audit::insert(tx, &entry, now).await
}
