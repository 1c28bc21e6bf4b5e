//! Accounts by which our HISP signs in, each with its secret as a hash.

use super::{Result, Tx, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EdgeAccount {
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub created_at: DateTime<Utc>,
}

/// Gives false where the name is taken.
pub async fn insert(tx: &mut Tx, account: &EdgeAccount) -> Result<bool> {
    let written = sql(
        "insert into edge_account (name, secret_hash, created_at) values ($1, $2, $3)
                       on conflict (name) do nothing",
    )
    .bind(account.name.clone())
    .bind(account.secret_hash.clone())
    .bind(account.created_at)
    .execute(tx)
    .await?;
    Ok(written == 1)
}

pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<EdgeAccount>> {
    sql("select name, secret_hash, created_at from edge_account where name = $1")
        .bind(name.to_owned())
        .fetch_optional(tx)
        .await
}

pub async fn list(tx: &mut Tx) -> Result<Vec<EdgeAccount>> {
    sql("select name, secret_hash, created_at from edge_account order by name")
        .fetch_all(tx)
        .await
}

/// `false` where there is none.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<bool> {
    let removed = sql("delete from edge_account where name = $1")
        .bind(name.to_owned())
        .execute(tx)
        .await?;
    Ok(removed == 1)
}
