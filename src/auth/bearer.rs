//! API tokens of programs.

use super::{Caller, Proof};
use crate::crypto::token::{hash_token, random_token};
use crate::domain::ids::TokenId;
use crate::domain::people::{Actor, Scope};
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::domain::site::{SiteKey, Sites};
use crate::store::audit::{self, Entry, Outcome};
use crate::store::tokens::{self, ApiToken};
use crate::store::{self, Db, Tx, sites};
use chrono::{DateTime, TimeDelta, Utc};

/// When a token was last used is kept to the hour: a write for every request would cost a commit each.
const TOUCH_EVERY: TimeDelta = TimeDelta::hours(1);
const NAME_CHARS_MAX: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("a token's name needs 1 to {NAME_CHARS_MAX} characters and no spaces at its ends")]
    Name,
    #[error("there is no such token, or it was revoked before")]
    Unknown,
    #[error("there is no site called `{0}`; `referloop site list` shows them")]
    UnknownSite(SiteKey),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a token is to be.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    pub name: &'a str,
    pub scope: Scope,
    pub sites: Sites,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Makes a token on behalf of `actor`, with its row in the audit log. The secret is given once and never again.
pub async fn add(
    db: &Db,
    actor: &Actor,
    new: NewToken<'_>,
    now: DateTime<Utc>,
) -> Result<(ApiToken, String), TokenError> {
    let name = new.name;
    if name.is_empty()
        || name.trim() != name
        || name.chars().count() > NAME_CHARS_MAX
        || name.chars().any(char::is_control)
    {
        return Err(TokenError::Name);
    }
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let secret = random_token();
    let token = made(&secret, new, Some(actor.reference()), now);
    let mut tx = db.begin().await?;
    for site in token.sites.chosen().unwrap_or_default() {
        if sites::find(&mut tx, site).await?.is_none() {
            return Err(TokenError::UnknownSite(site.clone()));
        }
    }
    tokens::insert(&mut tx, &token).await?;
    let detail = serde_json::json!({
        "scope": token.scope,
        "sites": token.sites.chosen(),
        "expires_at": token.expires_at,
    });
    record(&mut tx, actor, "add_token", &token.id, detail, now).await?;
    tx.commit().await?;
    Ok((token, secret))
}

pub async fn revoke(db: &Db, actor: &Actor, id: &TokenId, now: DateTime<Utc>) -> Result<(), TokenError> {
    authorize(actor, Permission::ManageUsers, Resource::Installation)?;
    let mut tx = db.begin().await?;
    if !tokens::revoke(&mut tx, id, now).await? {
        return Err(TokenError::Unknown);
    }
    record(&mut tx, actor, "revoke_token", id, serde_json::json!({}), now).await?;
    Ok(tx.commit().await?)
}

async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    token: &TokenId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let entry = Entry {
        actor,
        action,
        resource_kind: "api_token",
        resource_id: token.as_str(),
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(tx, &entry, now).await
}

fn made(secret: &str, new: NewToken<'_>, made_by: Option<String>, now: DateTime<Utc>) -> ApiToken {
    ApiToken {
        id: TokenId::new(now),
        name: new.name.to_owned(),
        scope: new.scope,
        sites: new.sites,
        token_hash: hash_token(secret),
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
        made_by,
    }
}

/// Makes a token of all sites that nobody asked for: a benchmark's or a test's.
pub async fn create(
    db: &Db,
    name: &str,
    scope: Scope,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> store::Result<(ApiToken, String)> {
    let secret = random_token();
    let new = NewToken {
        name,
        scope,
        sites: Sites::All,
        expires_at,
    };
    let token = made(&secret, new, None, now);
    let mut tx = db.begin().await?;
    tokens::insert(&mut tx, &token).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Who is behind a bearer token, if it is still good.
pub async fn find(db: &Db, secret: &str, now: DateTime<Utc>) -> store::Result<Option<Caller>> {
    let mut tx = db.read().await?;
    let found = tokens::find_live(&mut tx, &hash_token(secret), now).await?;
    drop(tx);
    let Some(token) = found else { return Ok(None) };
    if token.last_used_at.is_none_or(|last| now - last >= TOUCH_EVERY) {
        note_use(db, &token.id, now).await;
    }
    Ok(Some(Caller {
        actor: Actor::Token {
            id: token.id,
            name: token.name,
            scope: token.scope,
            sites: token.sites,
        },
        proof: Proof::Token,
        emergency: None,
    }))
}

/// Where nothing can be written just now, the program may still read.
async fn note_use(db: &Db, token: &TokenId, now: DateTime<Utc>) {
    let noted = async {
        let mut tx = db.begin().await?;
        tokens::touch(&mut tx, token, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(token.id = %token, error.cause = %error, "the use of a token could not be noted");
    }
}
