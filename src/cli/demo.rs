//! `referloop demo`: a made-up clinic to look around in. It lies in a folder of its own, which is gone at the end.

use super::serve::{self, Serve};
use crate::app::App;
use crate::auth::accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::token::random_token;
use crate::domain::people::{Actor, Role};
use crate::domain::site::SiteKey;
use crate::domain::transmission::TransmissionDetails;
use crate::pipeline::receive::{self, Received};
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;

const NAME: &str = "ana";
const PASSWORD: &str = "harbor-lantern-42";

/// Fictional, every one; `samples/README.md` says what each shows.
const FAXES: [(&str, &[u8]); 9] = [
    ("clean-referral", include_bytes!("../../samples/clean-referral/fax.tif")),
    (
        "incomplete-referral",
        include_bytes!("../../samples/incomplete-referral/fax.tif"),
    ),
    (
        "referral-letter",
        include_bytes!("../../samples/referral-letter/document.pdf"),
    ),
    (
        "upside-down-fax",
        include_bytes!("../../samples/upside-down-fax/fax.tif"),
    ),
    ("two-patients", include_bytes!("../../samples/two-patients/fax.tif")),
    ("lab-result", include_bytes!("../../samples/lab-result/fax.tif")),
    ("junk", include_bytes!("../../samples/junk/fax.tif")),
    ("damaged-pdf", include_bytes!("../../samples/damaged-pdf/document.pdf")),
    (
        "consult-note",
        include_bytes!("../../samples/consult-note/document.pdf"),
    ),
];

#[derive(Debug, Args)]
pub struct Demo {
    /// Address and port of the desk.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub async fn run(arguments: Demo, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("referloop-demo-{}", random_token()));
    let outcome = show(&folder, arguments.listen, out).await;
    let removed = std::fs::remove_dir_all(&folder).with_context(|| format!("{} was not removed", folder.display()));
    outcome.and(removed)
}

async fn show(folder: &Path, listen: SocketAddr, out: &mut impl Write) -> anyhow::Result<()> {
    // Neither file nor environment count: made-up patients must never land in a real installation.
    let config = Config {
        listen,
        ..Config::in_folder(folder)
    };
    let app = App::build(config, Clock::System).await?;
    accounts::add(&app.db, NAME, Role::Admin, PASSWORD, app.clock.now()).await?;
    for (name, document) in FAXES {
        let received = Received {
            site: SiteKey::main(),
            door: "cli".to_owned(),
            actor: Actor::Operator,
            fax_id: format!("demo-{name}"),
            document: document.to_vec(),
            details: TransmissionDetails::default(),
            partial: false,
            malformed: false,
            received_at: app.clock.now(),
        };
        receive::receive(&app, received).await?;
    }
    writeln!(
        out,
        "{} fictional documents are being read. Open http://{listen} and sign in as {NAME} with the password {PASSWORD}.\n\
         Ctrl-C ends the demo and removes all of it.",
        FAXES.len()
    )?;
    // Nothing real is shown, on whatever address.
    serve::serve(app, Serve { no_work: false }).await
}
