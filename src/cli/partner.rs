//! `referloop partner`: whom we exchange Direct messages with.

use super::answer::Answer;
use crate::app::App;
use crate::direct::certificate::{Certificate, CertificateProblem, Use};
use crate::domain::ability::{Ability, Cipher, Confirms, KeyTransport};
use crate::domain::delivery::Form;
use crate::domain::people::Actor;
use crate::referrals::delivery::set_ability;
use crate::store;
use crate::store::audit::{self, Outcome};
use crate::store::partners::PartnerCertificate;
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum PartnerCommand {
    /// Trust a partner's certificate: messages to its address are encrypted to it, and its signature is accepted.
    ///
    /// Only add a certificate whose fingerprint you confirmed with the partner by another way, as by phone.
    Add(Add),
    /// Say what a partner's system can take, for an address or for a whole domain: the address comes first.
    ///
    /// What is not given is what every system can take.
    Set(Set),
    /// Forget what was set: the usual goes out again.
    Unset(Unset),
    /// What is set, of whom.
    List(List),
}

#[derive(Debug, Args)]
pub struct Set {
    /// A Direct address, or a domain.
    partner: String,
    /// `pdf`, `ccda_unstructured`, `ccda_consultation` or `xdm`.
    #[arg(long, default_value = "pdf", value_parser = word(Form::ALL, Form::as_str))]
    form: Form,
    /// `rsa_v15`, or `rsa_oaep` with SHA-256.
    #[arg(long, default_value = "rsa_v15", value_parser = word(KeyTransport::ALL, KeyTransport::as_str))]
    key_transport: KeyTransport,
    /// `aes128` or `aes256`.
    #[arg(long, default_value = "aes256", value_parser = word(Cipher::ALL, Cipher::as_str))]
    cipher: Cipher,
    /// By what it ends a delivery: `dispatched`, or `processed` where it sends no more.
    #[arg(long, default_value = "dispatched", value_parser = word(Confirms::ALL, Confirms::as_str))]
    confirms: Confirms,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Unset {
    /// A Direct address, or a domain.
    partner: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Reads one of the words.
fn word<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    as_str: fn(T) -> &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let found = all.iter().copied().find(|known| as_str(*known) == text);
        let words = || all.iter().map(|known| as_str(*known)).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| format!("one of {}", words()))
    }
}

#[derive(Debug, Args)]
pub struct Add {
    /// The certificate, PEM or DER. It must name a Direct address or a domain.
    certificate: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: PartnerCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        PartnerCommand::Add(arguments) => add(app, &arguments, out).await,
        PartnerCommand::Set(arguments) => set(app, &arguments, out).await,
        PartnerCommand::Unset(arguments) => unset(app, &arguments, out).await,
        PartnerCommand::List(arguments) => list(app, &arguments, out).await,
    }
}

async fn set(app: &App, arguments: &Set, out: &mut impl Write) -> anyhow::Result<()> {
    let ability = Ability {
        form: arguments.form,
        key_transport: arguments.key_transport,
        cipher: arguments.cipher,
        confirms: arguments.confirms,
    };
    let partner = set_ability(app, &Actor::Operator, &arguments.partner, Some(ability)).await?;
    let lines = [told(&partner, ability)];
    Answer {
        json: &serde_json::json!({ "partner": partner, "ability": ability }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn unset(app: &App, arguments: &Unset, out: &mut impl Write) -> anyhow::Result<()> {
    let partner = set_ability(app, &Actor::Operator, &arguments.partner, None).await?;
    let lines = [format!("{partner}: nothing is set, as usual.")];
    Answer {
        json: &serde_json::json!({ "partner": partner, "ability": null }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn list(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let set = store::abilities::list(&mut tx).await?;
    drop(tx);
    let set: Vec<(String, Ability)> = set.into_iter().map(|row| (row.bound_to, row.ability.into())).collect();
    let lines: Vec<String> = set.iter().map(|(partner, ability)| told(partner, *ability)).collect();
    let items: Vec<_> = set
        .iter()
        .map(|(partner, ability)| serde_json::json!({ "partner": partner, "ability": ability }))
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

fn told(partner: &str, ability: Ability) -> String {
    format!(
        "{partner}: {}; {}, {}; confirms by {}.",
        ability.form.label(),
        ability.key_transport.label(),
        ability.cipher.label(),
        ability.confirms.label(),
    )
}

async fn add(app: &App, arguments: &Add, out: &mut impl Write) -> anyhow::Result<()> {
    let file = &arguments.certificate;
    let bytes = std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    let now = app.clock.now();
    let row = usable(&bytes, now).with_context(|| format!("{} can't be used", file.display()))?;
    let mut tx = app.db.begin().await?;
    let is_new = store::partners::insert(&mut tx, &row).await?;
    if is_new {
        let entry = audit::Entry {
            actor: &Actor::Operator,
            action: "add_partner_certificate",
            resource_kind: "partner_certificate",
            resource_id: &row.fingerprint,
            outcome: Outcome::Allowed,
            detail: serde_json::json!({}),
        };
        audit::insert(&mut tx, &entry, now).await?;
    }
    tx.commit().await?;
    let json = serde_json::json!({
        "fingerprint": row.fingerprint,
        "bound_to": row.bound_to,
        "not_after": row.not_after,
        "added": is_new,
    });
    let what = if is_new { "Added" } else { "Already known:" };
    let lines = [
        format!(
            "{what} the certificate of {}, good until {}.",
            row.bound_to,
            row.not_after.format("%Y-%m-%d")
        ),
        format!("SHA-256 {}", row.fingerprint),
    ];
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}

/// The certificate as a row, if messages may be encrypted to it.
fn usable(bytes: &[u8], now: DateTime<Utc>) -> Result<PartnerCertificate, CertificateProblem> {
    let certificate = Certificate::parse(bytes)?;
    certificate.check(Use::Encrypting, now)?;
    let bound_to = certificate.bound_to().ok_or(CertificateProblem::Unbound)?.to_owned();
    let not_after = certificate.not_after().ok_or(CertificateProblem::Malformed)?;
    Ok(PartnerCertificate {
        fingerprint: certificate.fingerprint(),
        bound_to,
        der: certificate.to_der(),
        not_after,
        created_at: now,
    })
}
