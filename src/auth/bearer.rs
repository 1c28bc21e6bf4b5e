//! API tokens of programs.

use super::{Caller, Proof};
use crate::crypto::token::{hash_token, random_token};
use crate::domain::ids::TokenId;
use crate::domain::people::{Actor, Scope};
use crate::store::tokens::{self, ApiToken};
use crate::store::{self, Db};
use chrono::{DateTime, Utc};

/// Makes a token. The secret is given once and never again.
pub async fn create(
    db: &Db,
    name: &str,
    scope: Scope,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> store::Result<(ApiToken, String)> {
    let secret = random_token();
    let token = ApiToken {
        id: TokenId::new(now),
        name: name.to_owned(),
        scope,
        token_hash: hash_token(&secret),
        created_at: now,
        expires_at,
        revoked_at: None,
    };
    let mut tx = db.begin().await?;
    tokens::insert(&mut tx, &token).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Who is behind a bearer token, if it is still good.
pub async fn find(db: &Db, secret: &str, now: DateTime<Utc>) -> store::Result<Option<Caller>> {
    let mut tx = db.read().await?;
    let found = tokens::find_live(&mut tx, &hash_token(secret), now).await?;
    Ok(found.map(|token| Caller {
        actor: Actor::Token {
            id: token.id,
            name: token.name,
            scope: token.scope,
        },
        proof: Proof::Token,
        emergency: None,
    }))
}
