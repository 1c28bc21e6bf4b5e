//! `referloop direct keygen`, `request` and `import`: the way to a certificate of an authority's.

use crate::app::App;
use crate::cli::answer::Answer;
use crate::cli::{identity, secret};
use crate::direct::identity::Identity;
use crate::direct::trust::anchors::HoldsFor;
use crate::domain::people::Actor;
use crate::referrals::identity::keys;
use crate::referrals::trust::holder;
use anyhow::Context;
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Keygen {
    /// An address or a domain of ours; without it our Direct domain.
    #[arg(long = "for", value_name = "NAME")]
    name: Option<HoldsFor>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Request {
    /// An address or a domain of ours; without it our Direct domain.
    #[arg(long = "for", value_name = "NAME")]
    name: Option<HoldsFor>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The certificate (PEM or DER), or a PKCS#12 file with its key.
    file: PathBuf,
    /// The file is PKCS#12. Its passphrase is asked for, or read from this file.
    #[arg(long)]
    pkcs12: bool,
    /// Where the passphrase of the PKCS#12 file stands.
    #[arg(long, value_name = "FILE", requires = "pkcs12")]
    passphrase_file: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn keygen(app: &App, arguments: &Keygen, out: &mut impl Write) -> anyhow::Result<()> {
    let name = holder(app, arguments.name.as_ref()).await?;
    let key = keys::make(app, &Actor::Operator, &name).await?;
    Answer {
        json: &json!({ "key": key.id, "bound_to": key.bound_to }),
        lines: &[
            format!("A key for {} waits for its certificate.", key.bound_to),
            format!(
                "Ask an authority for one with: referloop direct request --for {}",
                key.bound_to
            ),
        ],
    }
    .write(arguments.json, out)
}

pub async fn request(app: &App, arguments: &Request, out: &mut impl Write) -> anyhow::Result<()> {
    let name = holder(app, arguments.name.as_ref()).await?;
    let request = keys::request(app, &name).await?;
    Answer {
        json: &json!({ "bound_to": name.key(), "request": request }),
        lines: &[request.trim_end().to_owned()],
    }
    .write(arguments.json, out)
}

pub async fn import(app: &App, arguments: &Import, out: &mut impl Write) -> anyhow::Result<()> {
    let file = &arguments.file;
    let bytes =
        zeroize::Zeroizing::new(std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?);
    let row = if arguments.pkcs12 {
        let passphrase = secret::passphrase(arguments.passphrase_file.as_deref())?;
        let identity = Identity::from_pkcs12(&bytes, &passphrase)?;
        keys::import(app, &Actor::Operator, &identity, None).await?
    } else {
        keys::import_certificate(app, &Actor::Operator, &bytes).await?
    };
    identity::answer(
        &row,
        &format!("We are {} in Direct.", row.bound_to),
        arguments.json,
        out,
    )
}
