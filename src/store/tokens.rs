//! API tokens: shown once, kept as a hash.

use super::{Error, Result, Tx, sql};
use crate::domain::ids::TokenId;
use crate::domain::people::Scope;
use crate::domain::site::{SiteKey, Sites};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub id: TokenId,
    pub name: String,
    pub scope: Scope,
    pub sites: Sites,
    pub token_hash: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    /// To the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The reference of who made it; none from before this was kept.
    pub made_by: Option<String>,
}

#[derive(FromRow)]
struct TokenRow {
    id: TokenId,
    name: String,
    scope: Scope,
    sites: Option<String>,
    token_hash: Vec<u8>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    made_by: Option<String>,
}

impl TokenRow {
    fn token(self) -> Result<ApiToken> {
        let sites = match self.sites.as_deref().map(serde_json::from_str::<Vec<SiteKey>>) {
            None => Sites::All,
            Some(Ok(chosen)) if !chosen.is_empty() => Sites::of(chosen),
            // A list that can't be read must not become all sites.
            Some(_) => return Err(Error::inconsistent("api_token", self.id.as_str(), "sites")),
        };
        Ok(ApiToken {
            id: self.id,
            name: self.name,
            scope: self.scope,
            sites,
            token_hash: self.token_hash,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            last_used_at: self.last_used_at,
            made_by: self.made_by,
        })
    }
}

pub async fn insert(tx: &mut Tx, token: &ApiToken) -> Result<()> {
    sql(
        "insert into api_token (id, name, scope, token_hash, created_at, expires_at, made_by, sites)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(token.id.clone())
    .bind(token.name.clone())
    .bind(token.scope)
    .bind(token.token_hash.clone())
    .bind(token.created_at)
    .bind(token.expires_at)
    .bind(token.made_by.clone())
    .bind(token.sites.chosen().map(|chosen| serde_json::json!(chosen).to_string()))
    .execute(tx)
    .await?;
    Ok(())
}

/// The token behind a hash, unless it was revoked or has expired.
pub async fn find_live(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<ApiToken>> {
    sql(
        "select id, name, scope, sites, token_hash, created_at, expires_at, revoked_at, last_used_at, made_by
         from api_token where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .fetch_optional::<TokenRow>(tx)
    .await?
    .map(TokenRow::token)
    .transpose()
}

/// All tokens, the newest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<ApiToken>> {
    sql(
        "select id, name, scope, sites, token_hash, created_at, expires_at, revoked_at, last_used_at, made_by
         from api_token order by id desc",
    )
    .fetch_all::<TokenRow>(tx)
    .await?
    .into_iter()
    .map(TokenRow::token)
    .collect()
}

/// Says whether there was one to revoke.
pub async fn revoke(tx: &mut Tx, id: &TokenId, now: DateTime<Utc>) -> Result<bool> {
    let revoked = sql("update api_token set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(revoked == 1)
}

/// Notes that it was used.
pub async fn touch(tx: &mut Tx, id: &TokenId, now: DateTime<Utc>) -> Result<()> {
    sql("update api_token set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)")
        .bind(id.clone())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}
