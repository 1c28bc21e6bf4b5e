//! `referloop user link` and `unlink`: which account an identity at the clinic's provider opens.

use super::answer::Answer;
use crate::app::App;
use crate::auth::oidc::{Subject, link};
use anyhow::Context;
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub struct Identity {
    /// The account's name.
    name: String,
    /// By what the provider knows the person: the page that refuses them shows it.
    #[arg(long)]
    subject: String,
    /// The provider, as its tokens name it. The one of the configuration unless given.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

impl Identity {
    fn subject(&self, app: &App) -> anyhow::Result<Subject> {
        let issuer = self.issuer.clone().or_else(|| app.config.oidc.issuer.clone());
        Ok(Subject {
            issuer: issuer.context("say which provider with --issuer, since `oidc.issuer` is not set")?,
            id: self.subject.clone(),
        })
    }

    fn answer(&self, subject: &Subject, line: String, out: &mut impl Write) -> anyhow::Result<()> {
        Answer {
            json: &serde_json::json!({ "name": self.name, "issuer": subject.issuer, "subject": subject.id }),
            lines: &[line],
        }
        .write(self.json, out)
    }
}

pub async fn add(app: &App, identity: Identity, out: &mut impl Write) -> anyhow::Result<()> {
    let subject = identity.subject(app)?;
    link::add(&app.db, &identity.name, &subject, app.clock.now()).await?;
    let line = format!("{} signs in as {} of {}.", identity.name, subject.id, subject.issuer);
    identity.answer(&subject, line, out)
}

pub async fn remove(app: &App, identity: Identity, out: &mut impl Write) -> anyhow::Result<()> {
    let subject = identity.subject(app)?;
    link::remove(&app.db, &identity.name, &subject, app.clock.now()).await?;
    let line = format!(
        "{} no longer signs in as {} of {}; sessions go on until they end.",
        identity.name, subject.id, subject.issuer
    );
    identity.answer(&subject, line, out)
}
