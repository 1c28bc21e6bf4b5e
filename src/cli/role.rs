//! `referloop role`: what each role may do, and roles that the clinic composes.

use super::answer::Answer;
use crate::app::App;
use crate::auth::grants;
use crate::domain::people::{Actor, Role};
use crate::domain::permission::Permission;
use crate::domain::roles;
use crate::store;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum RoleCommand {
    /// All roles with what they may do.
    List(List),
    /// Compose a role of permissions, or change one: who has it is bound by it at once.
    ///
    /// The permissions are those that `referloop role list` shows.
    Compose(Compose),
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Compose {
    /// The role's name: lower-case letters, digits, `_` and `-`.
    name: String,
    /// What it may do.
    #[arg(required = true)]
    permissions: Vec<Permission>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: RoleCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        RoleCommand::List(List { json }) => {
            let mut tx = app.db.read().await?;
            let composed = store::grants::roles(&mut tx).await?;
            let built_in = Role::ALL.map(|role| (role.to_string(), roles::permissions(role).to_vec()));
            let all: Vec<(String, Vec<Permission>)> = built_in
                .into_iter()
                .chain(composed.into_iter().map(|role| (role.name, role.permissions)))
                .collect();
            let answer: Vec<_> = all.iter().map(|(name, may)| described(name, may)).collect();
            let lines: Vec<String> = all
                .iter()
                .map(|(name, may)| format!("{name}: {}", names(may).join(", ")))
                .collect();
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(json, out)
        }
        RoleCommand::Compose(Compose {
            name,
            permissions,
            json,
        }) => {
            let role = grants::compose(&app.db, &Actor::Operator, &name, permissions, app.clock.now()).await?;
            let lines = [format!("{}: {}", role.name, names(&role.permissions).join(", "))];
            Answer {
                json: &described(&role.name, &role.permissions),
                lines: &lines,
            }
            .write(json, out)
        }
    }
}

fn names(permissions: &[Permission]) -> Vec<&'static str> {
    permissions.iter().map(|permission| permission.as_str()).collect()
}

fn described(name: &str, permissions: &[Permission]) -> serde_json::Value {
    serde_json::json!({ "role": name, "permissions": names(permissions) })
}
