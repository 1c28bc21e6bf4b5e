//! The strip of pages on the review page, and what it does: turn, split, merge, put in order, "not ours", and back.

mod pages;
mod strip;

pub use pages::{document, text, thumbnail};
pub use strip::{Strip, strip};

use super::AppState;
use super::error::{Error, Result};
use super::loaded::referral_id;
use crate::auth::Caller;
use crate::domain::arrangement::{Misdirected, Rearrangement};
use crate::domain::page::Rotation;
use crate::referrals::arrange::arrange;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::{Extension, Form};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Turn,
    Split,
    Merge,
    Earlier,
    Later,
    NotOurs,
    Ours,
    Revert,
}

#[derive(Deserialize)]
pub struct ArrangeForm {
    act: Act,
    /// The version of the arrangement that the person saw.
    arranged: Option<u32>,
    page: Option<u32>,
    document: Option<String>,
    reason: Option<Misdirected>,
}

impl ArrangeForm {
    fn change(&self) -> Result<Rearrangement> {
        let page = || self.page.ok_or_else(|| Error::invalid("Choose a page first."));
        Ok(match self.act {
            Act::Turn => Rearrangement::Turn {
                page: page()?,
                by: Rotation::Quarter,
            },
            Act::Split => Rearrangement::Split { before: page()? },
            Act::Earlier => Rearrangement::Earlier { page: page()? },
            Act::Later => Rearrangement::Later { page: page()? },
            Act::Ours => Rearrangement::Ours { page: page()? },
            Act::Revert => Rearrangement::Revert,
            Act::NotOurs => Rearrangement::NotOurs {
                page: page()?,
                reason: self
                    .reason
                    .ok_or_else(|| Error::invalid("Say why the page is not ours."))?,
            },
            Act::Merge => {
                let document = self.document.as_deref().and_then(|text| text.parse().ok());
                Rearrangement::Merge {
                    other: document.ok_or_else(|| Error::not_found("document"))?,
                }
            }
        })
    }
}

pub async fn change(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Form(form): Form<ArrangeForm>,
) -> Result<Redirect> {
    let id = referral_id(&id)?;
    let version = form.arranged.ok_or_else(Error::version_required)?;
    let change = form.change()?;
    arrange(&app, &caller.actor, &id, Some(version), &change).await?;
    let shown = match change {
        Rearrangement::Turn { page, .. } | Rearrangement::Earlier { page } | Rearrangement::Later { page } => {
            format!("#page-{page}")
        }
        _ => String::new(),
    };
    Ok(Redirect::to(&format!("/desk/{id}{shown}")))
}
