//! `referloop user`: the accounts of people.

use super::answer::Answer;
use super::secret;
use super::user_identity::{self, Identity};
use super::user_links::{self, Reset};
use super::user_list::{self, List};
use crate::app::App;
use crate::auth::{accounts, grants, password};
use crate::domain::access::Grant;
use crate::domain::ids::DirectoryId;
use crate::domain::people::{Actor, Role};
use crate::domain::site::SiteKey;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account. The password is read from standard input: its first line.
    Add(Add),
    /// Make an account without a password, and print the path of a link by which its person sets one and a second factor.
    Invite(Add),
    /// Take a person's password or second factor away, and print the path of a link by which they set another.
    Reset(Reset),
    /// List the accounts.
    List(List),
    /// Set another password, read from standard input, and end all of the account's sessions.
    Passwd(Named),
    /// Grant a role beside those that the account has, everywhere or within bounds. Takes effect at once.
    Grant(Granted),
    /// Take a grant away, bound as it was given. Takes effect at once.
    Revoke(Granted),
    /// Close an account and end all of its sessions. Its history stays.
    Disable(Named),
    /// Let a person sign in at the clinic's identity provider: say by what it knows them.
    Link(Identity),
    /// Take that back.
    Unlink(Identity),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The name to sign in with.
    name: String,
    /// What the person does: reviewer (checks what was read), coordinator (schedules), clinician (sees the patient and
    /// writes the note), referrer (sent the patient), auditor (reads the log) or admin (all of it).
    #[arg(long)]
    role: Role,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Granted {
    /// The account's name.
    name: String,
    /// A built-in role, or one that `referloop role compose` made.
    #[arg(long)]
    role: String,
    /// Only at this site.
    #[arg(long)]
    site: Option<SiteKey>,
    /// Only referrals on this role's list: reviewer, coordinator or clinician.
    #[arg(long)]
    queue: Option<Role>,
    /// The directory entry whose own referrals a referrer sees.
    #[arg(long)]
    practice: Option<DirectoryId>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

impl Granted {
    fn grant(&self) -> Grant {
        Grant {
            role: self.role.clone(),
            // What a role may do is looked up where it is used.
            permissions: Vec::new().into(),
            site: self.site.clone(),
            queue: self.queue,
            practice: self.practice.clone(),
        }
    }
}

#[derive(Debug, Args)]
pub struct Named {
    /// The account's name.
    name: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: UserCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    match command {
        UserCommand::Link(identity) => user_identity::add(app, identity, out).await,
        UserCommand::Unlink(identity) => user_identity::remove(app, identity, out).await,
        UserCommand::Add(Add { name, role, json }) => {
            let user = accounts::add(&app.db, &name, role, &new_password(app, &name)?, now).await?;
            let lines = [format!("Made the account {name} with the role {role}.")];
            let answer = serde_json::json!({ "user": user.id, "name": name, "role": role });
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(json, out)
        }
        UserCommand::Invite(Add { name, role, json }) => user_links::invite(app, (&name, role), json, out).await,
        UserCommand::Reset(reset) => user_links::reset(app, reset, out).await,
        UserCommand::List(list) => user_list::run(app, &list, out).await,
        UserCommand::Passwd(Named { name, json }) => {
            accounts::set_password(&app.db, &name, &new_password(app, &name)?, now).await?;
            let lines = [format!("{name} has another password; all sessions are ended.")];
            Answer {
                json: &serde_json::json!({ "name": name }),
                lines: &lines,
            }
            .write(json, out)
        }
        UserCommand::Grant(given) => {
            let added = grants::add(&app.db, &Actor::Operator, &given.name, &given.grant(), now).await?;
            let said = if added { "has the role" } else { "had the role before:" };
            let lines = [format!("{} {said} {}.", given.name, given.role)];
            let answer = serde_json::json!({ "name": given.name, "role": given.role, "added": added });
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(given.json, out)
        }
        UserCommand::Revoke(taken) => {
            grants::remove(&app.db, &Actor::Operator, &taken.name, &taken.grant(), now).await?;
            let lines = [format!("{} no longer has the role {}.", taken.name, taken.role)];
            Answer {
                json: &serde_json::json!({ "name": taken.name, "role": taken.role }),
                lines: &lines,
            }
            .write(taken.json, out)
        }
        UserCommand::Disable(Named { name, json }) => {
            accounts::disable(&app.db, &name, now).await?;
            let lines = [format!("Closed the account {name}; all sessions are ended.")];
            Answer {
                json: &serde_json::json!({ "name": name }),
                lines: &lines,
            }
            .write(json, out)
        }
    }
}

/// Read from standard input, and checked against the clinic's names, too.
fn new_password(app: &App, name: &str) -> anyhow::Result<zeroize::Zeroizing<String>> {
    let given = secret::asked("Password")?;
    password::check(&given, &[name, &app.brand.name, &app.config.clinic.name])?;
    Ok(given)
}
