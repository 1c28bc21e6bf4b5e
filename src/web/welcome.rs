//! Where a link leads that an administrator handed over: a password is set, or, after a reset of the second factor, given.

use super::AppState;
use super::error::{Error, Result};
use super::layout::{assets, filters, render};
use super::login::{gone_on, rules, with_status};
use crate::auth::client::Client;
use crate::auth::links::{self, LinkError};
use crate::auth::login::Login;
use crate::auth::password::{ADVISED, SHORTEST};
use crate::auth::sources::Sources;
use crate::config::Brand;
use crate::domain::identity::LinkPurpose;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Form};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/login/welcome.html")]
struct WelcomePage {
    assets: String,
    brand: Arc<Brand>,
    token: String,
    person: String,
    purpose: LinkPurpose,
    problem: String,
    shortest: usize,
    advised: usize,
}

impl WelcomePage {
    fn title(&self) -> String {
        match self.purpose {
            LinkPurpose::Invitation => format!("Welcome, {}", self.person),
            LinkPurpose::Password => "Set another password".to_owned(),
            LinkPurpose::SecondFactor => "Set up another second factor".to_owned(),
        }
    }

    fn sets_password(&self) -> bool {
        self.purpose != LinkPurpose::SecondFactor
    }
}

fn over() -> Error {
    Error::new(
        StatusCode::GONE,
        "link_over",
        "This link is not good any more.",
        "A link is good once and for three days, and a newer one takes the place of an older. Ask an administrator for another.",
    )
}

async fn page(app: &AppState, token: &str, problem: String) -> Result<Response> {
    let (user, purpose) = links::find(&app.db, token, app.clock.now()).await?.ok_or_else(over)?;
    let is_refused = !problem.is_empty();
    let page = render(&WelcomePage {
        assets: assets(),
        brand: Arc::clone(&app.brand),
        token: token.to_owned(),
        person: user.name,
        purpose,
        problem,
        shortest: SHORTEST,
        advised: ADVISED,
    })?;
    if is_refused {
        with_status(StatusCode::UNPROCESSABLE_ENTITY, page)
    } else {
        Ok(page)
    }
}

pub async fn show(State(app): State<AppState>, Path(token): Path<String>) -> Result<Response> {
    page(&app, &token, String::new()).await
}

#[derive(Deserialize)]
pub struct Passwords {
    password: String,
    /// The same once more, where a new one is set.
    again: Option<String>,
}

pub async fn open(
    State(app): State<AppState>,
    Extension(sources): Extension<Sources>,
    from: Client,
    Path(token): Path<String>,
    Form(given): Form<Passwords>,
) -> Result<Response> {
    if given.again.is_some_and(|again| again != given.password) {
        return page(&app, &token, "The two passwords are not the same.".to_owned()).await;
    }
    let names = clinic_names(&app);
    let proof = (token.as_str(), given.password.as_str());
    match links::open(&app.db, proof, &names, &from, &sources, rules(&app), app.clock.now()).await {
        Ok(Login::Refused) => {
            let problem = "The password does not fit. After several failures the account waits a little.";
            page(&app, &token, problem.to_owned()).await
        }
        Ok(login) => gone_on(&app, login),
        Err(LinkError::Over) => Err(over()),
        Err(LinkError::Password(problem)) => page(&app, &token, Error::invalid_sentence(problem).detail).await,
        Err(LinkError::Store(error)) => Err(error.into()),
    }
}

/// What the clinic is called, which counts for nothing in a password.
pub fn clinic_names(app: &AppState) -> [&str; 2] {
    [&app.brand.name, &app.config.clinic.name]
}
