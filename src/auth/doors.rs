//! Opening a door: who may hand faxes in, and with which secrets.

use crate::crypto::token::{hash_token, random_token};
use crate::domain::ids::DoorId;
use crate::domain::people::Actor;
use crate::doors::{self, DoorSettings, SecretSource};
use crate::store::audit::{self, Entry, Outcome};
use crate::store::doors::Door;
use crate::store::{self, Db, ResultExt};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a new door is to be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDoor {
    pub name: String,
    pub kind: String,
    /// How the gateway reaches us, as `https://fax.clinic.example`. Carriers that sign the URL need it.
    #[serde(default)]
    pub public_base: Option<String>,
    /// Where the gateway makes the secret up: its callback token.
    #[serde(default)]
    pub secret: Option<String>,
}

/// What is shown once. The HMAC key is the ASCII bytes of `secret`.
#[derive(Clone, Serialize)]
pub struct OpenedDoor {
    pub door: DoorId,
    pub path: String,
    pub token: String,
    pub secret: String,
    /// To be typed at the gateway exactly so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error("a door's name needs 1 to 64 letters, digits, `-`, `_` or `.`")]
    Name,
    #[error("there is no kind of door called `{0}`; the kinds are {kinds}", kinds = kinds())]
    Kind(String),
    #[error("this kind of door signs its URL: say how the gateway reaches us, as `https://fax.clinic.example`")]
    PublicBase,
    #[error("this kind of gateway makes up the secret itself: give the callback token that its console shows")]
    Secret,
    #[error("a door of this name exists already")]
    Taken,
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn kinds() -> String {
    doors::ALL
        .iter()
        .map(|carrier| carrier.kind())
        .collect::<Vec<_>>()
        .join(", ")
}

pub async fn add(db: &Db, actor: &Actor, new: NewDoor, now: DateTime<Utc>) -> Result<OpenedDoor, DoorError> {
    let (door, opened) = make(new, now)?;
    let mut tx = db.begin().await?;
    store::doors::insert(&mut tx, &door)
        .await
        .on_constraint("door_name_key", || DoorError::Taken)?;
    audit::insert(
        &mut tx,
        &Entry {
            actor,
            action: "open_door",
            resource_kind: "door",
            resource_id: door.id.as_str(),
            outcome: Outcome::Allowed,
            detail: serde_json::json!({ "kind": door.kind }),
        },
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(opened)
}

fn make(new: NewDoor, now: DateTime<Utc>) -> Result<(Door, OpenedDoor), DoorError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !(1..=64).contains(&new.name.len()) || !new.name.chars().all(plain) {
        return Err(DoorError::Name);
    }
    let carrier = doors::carrier(&new.kind).ok_or_else(|| DoorError::Kind(new.kind.clone()))?;
    // The path is unguessable besides the signature: a secret of its own, never logged.
    let path_key = random_token();
    let path = format!("/intake/fax/{path_key}");
    let given = new
        .secret
        .map(|secret| secret.trim().to_owned())
        .filter(|secret| !secret.is_empty());
    let (secret, url) = match carrier.secret_source() {
        SecretSource::Ours => (
            given.unwrap_or_else(random_token),
            new.public_base.map(|base| join(&base, &path)),
        ),
        SecretSource::Gateway => {
            let base = new
                .public_base
                .filter(|base| base.starts_with("https://") || base.starts_with("http://"));
            let url = join(&base.ok_or(DoorError::PublicBase)?, &path);
            (given.ok_or(DoorError::Secret)?, Some(url))
        }
    };
    let token = random_token();
    let settings = DoorSettings {
        public_url: url.clone(),
        ..DoorSettings::default()
    };
    let door = Door {
        id: DoorId::new(now),
        name: new.name,
        kind: new.kind,
        path_key,
        secret: secret.clone().into_bytes(),
        token_hash: hash_token(&token),
        settings: serde_json::to_value(settings).expect("settings are plain texts"),
        created_at: now,
        disabled_at: None,
    };
    let opened = OpenedDoor {
        door: door.id.clone(),
        path,
        token,
        secret,
        url,
    };
    Ok((door, opened))
}

fn join(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(kind: &str) -> NewDoor {
        NewDoor {
            name: "city-fax".into(),
            kind: kind.into(),
            public_base: None,
            secret: None,
        }
    }

    #[test]
    fn a_generic_door_has_secrets_of_its_own() {
        let (door, opened) = make(new("generic"), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(opened.path, format!("/intake/fax/{}", door.path_key));
        assert_eq!(door.secret, opened.secret.as_bytes());
        assert_eq!(door.token_hash, hash_token(&opened.token));
        assert!(!opened.path.contains("city-fax"));
    }

    #[test]
    fn phaxio_needs_its_url_and_its_token() {
        let phaxio = NewDoor {
            public_base: Some("https://fax.clinic.example/".into()),
            ..new("phaxio")
        };
        assert!(matches!(
            make(new("phaxio"), DateTime::UNIX_EPOCH),
            Err(DoorError::PublicBase)
        ));
        assert!(matches!(
            make(phaxio.clone(), DateTime::UNIX_EPOCH),
            Err(DoorError::Secret)
        ));
        let (_, opened) = make(
            NewDoor {
                secret: Some("cb".into()),
                ..phaxio
            },
            DateTime::UNIX_EPOCH,
        )
        .unwrap();
        assert_eq!(opened.url, Some(format!("https://fax.clinic.example{}", opened.path)));
    }

    #[test]
    fn odd_names_and_kinds_are_refused() {
        assert!(matches!(
            make(new("pigeon"), DateTime::UNIX_EPOCH),
            Err(DoorError::Kind(_))
        ));
        let odd = NewDoor {
            name: "a b".into(),
            ..new("generic")
        };
        assert!(matches!(make(odd, DateTime::UNIX_EPOCH), Err(DoorError::Name)));
    }
}
