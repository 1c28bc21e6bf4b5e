//! `referloop user list`: who has an account, and with what they sign in.

use super::answer::Answer;
use crate::app::App;
use crate::domain::access::Access;
use crate::store::{self, second_factors, users};
use clap::Args;
use std::io::Write;

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let people = users::list(&mut tx).await?;
    let holders = second_factors::holders(&mut tx).await?;
    let granted = store::grants::all(&mut tx).await?;
    drop(tx);
    let has_factor = |user: &users::User| holders.contains(&user.id);
    let roles = |user: &users::User| granted.get(&user.id).map_or_else(String::new, Access::role_names);
    let lines: Vec<String> = people
        .iter()
        .map(|user| {
            let state = if user.disabled_at.is_some() { "closed" } else { "open" };
            let factor = if has_factor(user) {
                "second factor"
            } else {
                "password only"
            };
            format!("{}  {:<12} {:<20} {state:<7} {factor}", user.id, roles(user), user.name)
        })
        .collect();
    let items: Vec<_> = people
        .iter()
        .map(|user| {
            serde_json::json!({
                "id": user.id,
                "name": user.name,
                "roles": roles(user),
                "second_factor": has_factor(user),
                "last_login_at": user.last_login_at,
                "created_at": user.created_at,
                "disabled_at": user.disabled_at,
            })
        })
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)
}
