//! `referloop user invite` and `user reset`: links that are handed over.

use super::answer::Answer;
use crate::app::App;
use crate::auth::{accounts, links};
use crate::domain::identity::LinkPurpose;
use crate::domain::people::{Actor, Role};
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub struct Reset {
    /// The account's name.
    name: String,
    #[command(flatten)]
    what: What,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The password. The second factor stays.
    #[arg(long)]
    password: bool,
    /// The second factor and its recovery codes. The password stays.
    #[arg(long)]
    second_factor: bool,
}

pub async fn invite(app: &App, (name, role): (&str, Role), as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let (user, token) = accounts::invite(&app.db, &Actor::Operator, name, role, app.clock.now()).await?;
    let path = links::path(&token);
    let answer = serde_json::json!({ "user": user.id, "name": name, "role": role, "path": path });
    handed_over(&path, &answer, as_json, out)
}

pub async fn reset(app: &App, Reset { name, what, json }: Reset, out: &mut impl Write) -> anyhow::Result<()> {
    let purpose = if what.password {
        LinkPurpose::Password
    } else {
        LinkPurpose::SecondFactor
    };
    let user = accounts::by_name(&app.db, &name).await?;
    let (_, token) = accounts::reset(&app.db, &Actor::Operator, &user.id, purpose, app.clock.now()).await?;
    let path = links::path(&token);
    handed_over(&path, &serde_json::json!({ "name": name, "path": path }), json, out)
}

fn handed_over(path: &str, json: &serde_json::Value, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let lines = [
        path.to_owned(),
        "Put the desk's address before it and hand it over: it is shown only now, good once and for 72 hours."
            .to_owned(),
    ];
    Answer { json, lines: &lines }.write(as_json, out)
}
