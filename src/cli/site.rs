//! `referloop site`: the places of the clinic.

use super::answer::Answer;
use crate::app::App;
use crate::auth::sites;
use crate::domain::people::Actor;
use crate::domain::site::SiteKey;
use crate::store;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Add a site. What comes by its doors and to its addresses is seen by who was granted that site, or all.
    Add(Add),
    /// Say what belongs to a site: a door, or a Direct address of ours.
    Set(Set),
    /// All sites.
    List(List),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The short name, as `north`.
    key: SiteKey,
    /// The name on screens, as "North clinic".
    #[arg(long, default_value = "")]
    name: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Set {
    /// The site's short name.
    site: SiteKey,
    /// What comes by the door of this name belongs to the site from now on.
    #[arg(long, required_unless_present = "address")]
    door: Option<String>,
    /// What comes to this Direct address of ours belongs to the site from now on.
    #[arg(long)]
    address: Option<String>,
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

pub async fn run(app: &App, command: SiteCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let (actor, now) = (Actor::Operator, app.clock.now());
    match command {
        SiteCommand::Add(Add { key, name, json }) => {
            let site = sites::add(&app.db, &actor, key, &name, now).await?;
            let lines = [format!("Added the site {} ({}).", site.key, site.name)];
            Answer {
                json: &site,
                lines: &lines,
            }
            .write(json, out)
        }
        SiteCommand::Set(Set {
            site,
            door,
            address,
            json,
        }) => {
            let mut lines = Vec::new();
            if let Some(door) = &door {
                sites::put_door(&app.db, &actor, &site, door, now).await?;
                lines.push(format!("What comes by the door {door} belongs to {site}."));
            }
            if let Some(address) = &address {
                sites::put_address(&app.db, &actor, &site, address, now).await?;
                lines.push(format!("What comes to {address} belongs to {site}."));
            }
            let answer = serde_json::json!({ "site": site, "door": door, "address": address });
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(json, out)
        }
        SiteCommand::List(List { json }) => {
            let mut tx = app.db.read().await?;
            let all = store::sites::list(&mut tx).await?;
            let lines: Vec<String> = all.iter().map(|site| format!("{}\t{}", site.key, site.name)).collect();
            Answer {
                json: &all,
                lines: &lines,
            }
            .write(json, out)
        }
    }
}
