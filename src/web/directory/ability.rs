//! What the system behind a Direct address can take, on the entry's page.

use super::view::entry_id;
use crate::auth::Caller;
use crate::domain::ability::{Ability, Cipher, Confirms, KeyTransport};
use crate::domain::contact::ContactKind;
use crate::domain::delivery::Form as NoteForm;
use crate::referrals::delivery::{ability_of, set_ability};
use crate::store::directory_contacts::{self, Contact};
use crate::store::{self, Tx, abilities};
use crate::web::AppState;
use crate::web::error::{Error, Result};
use axum::Extension;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;

/// One Direct address of an entry.
pub(super) struct AbilityView {
    pub(super) address: String,
    pub(super) domain: String,
    /// Where it is set: for the address, for its domain, or nowhere.
    pub(super) whence: &'static str,
    pub(super) is_set: bool,
    pub(super) choices: Vec<Choices>,
}

/// One thing that can be chosen.
pub(super) struct Choices {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) options: Vec<Choice>,
}

pub(super) struct Choice {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

pub(super) async fn views(app: &AppState, tx: &mut Tx, contacts: &[Contact]) -> store::Result<Vec<AbilityView>> {
    let mut views = Vec::new();
    for contact in contacts.iter().filter(|contact| contact.kind == ContactKind::Direct) {
        let address = &contact.value;
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let of_address = abilities::find(tx, address).await?.is_some();
        let of_domain = abilities::find(tx, domain).await?.is_some();
        views.push(AbilityView {
            address: address.clone(),
            domain: domain.to_owned(),
            whence: match (of_address, of_domain) {
                (true, _) => "Set for this address.",
                (false, true) => "Set for everybody of its domain.",
                (false, false) => "Nothing is set: what every system can take.",
            },
            is_set: of_address || of_domain,
            choices: choices(ability_of(app, tx, address).await?),
        });
    }
    Ok(views)
}

fn choices(ability: Ability) -> Vec<Choices> {
    vec![
        offered(
            "form",
            "Notes go as",
            NoteForm::ALL,
            ability.form,
            NoteForm::as_str,
            NoteForm::label,
        ),
        offered(
            "key_transport",
            "Key by",
            KeyTransport::ALL,
            ability.key_transport,
            KeyTransport::as_str,
            KeyTransport::label,
        ),
        offered(
            "cipher",
            "Encrypted by",
            Cipher::ALL,
            ability.cipher,
            Cipher::as_str,
            Cipher::label,
        ),
        offered(
            "confirms",
            "It confirms by",
            Confirms::ALL,
            ability.confirms,
            Confirms::as_str,
            Confirms::label,
        ),
    ]
}

fn offered<T: Copy + PartialEq>(
    name: &'static str,
    label: &'static str,
    all: &[T],
    now: T,
    word: fn(T) -> &'static str,
    text: fn(T) -> &'static str,
) -> Choices {
    let option = |one: &T| Choice {
        word: word(*one),
        label: text(*one),
        chosen: *one == now,
    };
    Choices {
        name,
        label,
        options: all.iter().map(option).collect(),
    }
}

#[derive(Deserialize)]
pub struct AbilityForm {
    address: String,
    /// For whom: `address`, or `domain` for everybody there.
    reach: String,
    /// `set`, or `unset` to forget it.
    act: String,
    #[serde(flatten)]
    ability: Ability,
}

pub async fn change(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<AbilityForm>,
) -> Result<Redirect> {
    let id = entry_id(&id)?;
    let mut tx = app.db.read().await?;
    let known = directory_contacts::find(&mut tx, &id, ContactKind::Direct, &form.address).await?;
    drop(tx);
    let address = known
        .ok_or_else(|| Error::not_found("Direct address of the entry"))?
        .value;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let bound_to = if form.reach == "domain" { domain } else { &address };
    let ability = (form.act != "unset").then_some(form.ability);
    set_ability(&app, &caller.actor, bound_to, ability).await?;
    Ok(Redirect::to(&format!("/directory/{id}?done=saved")))
}
