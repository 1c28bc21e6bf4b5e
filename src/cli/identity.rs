//! `referloop identity`: who we are in Direct.

use super::answer::Answer;
use crate::app::App;
use crate::direct::certificate::Certificate;
use crate::direct::identity::Identity;
use crate::domain::people::Actor;
use crate::referrals::identity::{self, keys};
use crate::store;
use crate::store::identities::StoredIdentity;
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum IdentityCommand {
    /// Show our Direct address and certificate, to be given to partners. Where there is none yet, a self-signed one is
    /// made, for partners who accept a certificate by its fingerprint.
    Show(Show),
    /// Use a certificate that an authority issued to us, with its private key. Older ones stay, to read late mail.
    Import(Import),
}

#[derive(Debug, Args)]
pub struct Show {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The certificate, PEM or DER.
    certificate: PathBuf,
    /// Its private key, PEM or DER (PKCS#8). It is sealed before it is stored; delete the file afterwards.
    key: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: IdentityCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        IdentityCommand::Show(arguments) => show(app, &arguments, out).await,
        IdentityCommand::Import(arguments) => import(app, &arguments, out).await,
    }
}

async fn show(app: &App, arguments: &Show, out: &mut impl Write) -> anyhow::Result<()> {
    let address = app
        .config
        .mail
        .direct_address()
        .context("mail.direct_domain is not set: say what our Direct domain is, as `direct.clinic.example`")?;
    identity::ensure(app).await?;
    let mut tx = app.db.read().await?;
    let own = store::identities::find(&mut tx, &address.as_str().to_lowercase()).await?;
    let row = match own {
        Some(own) => own,
        None => store::identities::find(&mut tx, &address.domain().to_lowercase())
            .await?
            .context("the identity that was made is gone")?,
    };
    drop(tx);
    answer(&row, &format!("We are {address} in Direct."), arguments.json, out)
}

async fn import(app: &App, arguments: &Import, out: &mut impl Write) -> anyhow::Result<()> {
    let read = |file: &PathBuf| std::fs::read(file).with_context(|| format!("{} could not be read", file.display()));
    let key = zeroize::Zeroizing::new(read(&arguments.key)?);
    let identity = Identity::new(&read(&arguments.certificate)?, &key)?;
    let row = keys::import(app, &Actor::Operator, &identity, None).await?;
    answer(
        &row,
        &format!("We are {} in Direct.", row.bound_to),
        arguments.json,
        out,
    )
}

pub(super) fn answer(row: &StoredIdentity, told: &str, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let certificate = pem(&row.certificate);
    let json = serde_json::json!({
        "bound_to": row.bound_to,
        "fingerprint": Certificate::from_der(&row.certificate)?.fingerprint(),
        "certificate": certificate,
        "not_after": row.not_after,
    });
    let lines = [
        format!(
            "{told} The certificate, for partners, good until {}:",
            row.not_after.format("%Y-%m-%d")
        ),
        certificate,
    ];
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(as_json, out)
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----",
        lines.join("\n")
    )
}
