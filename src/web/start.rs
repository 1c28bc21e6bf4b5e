//! Where people come in: on to where their work is, or told whom to ask for a role.

use super::AppState;
use super::error::{Error, Result};
use super::layout::{Frame, Place, filters, render};
use crate::auth::Caller;
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

#[derive(Template)]
#[template(path = "web/start/start.html")]
struct StartPage {
    frame: Frame,
    /// Roles without a page of their own, in words; empty where there is no role at all.
    roles: String,
}

pub async fn start(State(app): State<AppState>, Extension(caller): Extension<Caller>) -> Result<Response> {
    let may = |permission| caller.may(permission, Resource::Somewhere);
    let frame = Frame::new(&app, &caller, Place::Start);
    // Who corrects begins with what is to be checked; everybody else with the first place that is theirs.
    let to = match frame.items.first() {
        Some(_) if may(Permission::ViewReferrals) && !may(Permission::CorrectFields) => "/work",
        Some(first) => first.href,
        None => return nowhere(&caller, frame),
    };
    Ok(Redirect::to(to).into_response())
}

fn nowhere(caller: &Caller, frame: Frame) -> Result<Response> {
    match &caller.actor {
        Actor::User { access, .. } => render(&StartPage {
            frame,
            roles: access.role_names(),
        }),
        Actor::Token { .. } | Actor::Door { .. } | Actor::System | Actor::Operator => Err(Error::forbidden()),
    }
}
