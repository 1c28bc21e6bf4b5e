//! What partners' systems can take, filed under an address or a domain.

use super::{Result, Tx, sql};
use crate::domain::ability::{Ability, Cipher, Confirms, KeyTransport};
use crate::domain::delivery::Form;
use chrono::{DateTime, Utc};

/// What is set of a partner.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PartnerAbility {
    /// Lower case.
    pub bound_to: String,
    #[sqlx(flatten)]
    pub ability: AbilityColumns,
    /// Who said so.
    pub updated_by: String,
    pub updated_at: DateTime<Utc>,
}

/// An [`Ability`] as its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AbilityColumns {
    form: Form,
    key_transport: KeyTransport,
    cipher: Cipher,
    confirms: Confirms,
}

impl From<AbilityColumns> for Ability {
    fn from(columns: AbilityColumns) -> Self {
        Self {
            form: columns.form,
            key_transport: columns.key_transport,
            cipher: columns.cipher,
            confirms: columns.confirms,
        }
    }
}

/// Takes the place of what was set before.
pub async fn set(tx: &mut Tx, bound_to: &str, ability: &Ability, by: &str, now: DateTime<Utc>) -> Result<()> {
    sql(
        "insert into partner_ability (bound_to, form, key_transport, cipher, confirms, updated_by, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (bound_to) do update set form = excluded.form, key_transport = excluded.key_transport,
             cipher = excluded.cipher, confirms = excluded.confirms, updated_by = excluded.updated_by,
             updated_at = excluded.updated_at",
    )
    .bind(bound_to.to_owned())
    .bind(ability.form)
    .bind(ability.key_transport)
    .bind(ability.cipher)
    .bind(ability.confirms)
    .bind(by.to_owned())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Says whether something was set.
pub async fn remove(tx: &mut Tx, bound_to: &str) -> Result<bool> {
    let rows = sql("delete from partner_ability where bound_to = $1")
        .bind(bound_to.to_owned())
        .execute(tx)
        .await?;
    Ok(rows > 0)
}

pub async fn find(tx: &mut Tx, bound_to: &str) -> Result<Option<PartnerAbility>> {
    sql(
        "select bound_to, form, key_transport, cipher, confirms, updated_by, updated_at
         from partner_ability where bound_to = $1",
    )
    .bind(bound_to.to_owned())
    .fetch_optional(tx)
    .await
}

pub async fn list(tx: &mut Tx) -> Result<Vec<PartnerAbility>> {
    sql(
        "select bound_to, form, key_transport, cipher, confirms, updated_by, updated_at
         from partner_ability order by bound_to",
    )
    .fetch_all(tx)
    .await
}
