//! `referloop rules replay`: what changed rules would have made of referrals whose true values people have released.
//!
//! Reads pages and values through the vault and the sealed columns, and leaves a row in the audit log that names every
//! referral before the first is opened.

use crate::app::App;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::domain::people::Actor;
use crate::domain::referral::Referral;
use crate::extraction::RuleSets;
use crate::pipeline::extract;
use crate::referrals::replay::{Change, FieldCounts, Reading, Replay, ToldValue};
use crate::referrals::truth;
use crate::store;
use crate::store::audit::{self, Outcome};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct ReplayRules {
    /// The folder of changed rules. They are held against the rules in use; without it, the rules in use are held against
    /// what was proposed when each referral came in.
    #[arg(long, value_name = "FOLDER")]
    rules: Option<PathBuf>,
    /// At most so many referrals, the newest first.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Print the values too. They are patients' data: look at them on a screen, and keep them nowhere.
    #[arg(long)]
    show_values: bool,
    /// List what was wrong and stays wrong too, not only what changes.
    #[arg(long)]
    wrong: bool,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &ReplayRules, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    // The practice's own forms stay as they are: only the rules are tried.
    let forms = app.config.rules.forms.as_deref();
    let changed = match &arguments.rules {
        Some(folder) => Some(Arc::new(RuleSets::load_from(Some(folder), forms)?)),
        None => None,
    };
    let after = changed.as_ref().unwrap_or(&app.rules);
    let critical: BTreeSet<FieldKey> = [&app.rules, after]
        .into_iter()
        .flat_map(|rules| rules.catalogue().critical())
        .map(|field| field.key.clone())
        .collect();
    let mut tx = app.db.read().await?;
    let referrals = store::referrals::released_by_people(&mut tx, arguments.limit).await?;
    drop(tx);
    audited(app, &referrals, arguments.show_values).await?;
    let (mut replay, mut unopened) = (Replay::default(), Vec::new());
    for referral in &referrals {
        let opened = one(app, referral, changed.as_ref(), &critical, &mut replay).await;
        if let Err(error) = opened {
            unopened.push(format!("{}: {error:#}", referral.id));
        }
    }
    replay.values.retain(|value| value.is_changed || arguments.wrong);
    let nothing_opened = replay.referrals == 0 && !unopened.is_empty();
    let worse = replay.worsened(&critical).next().is_some() || !replay.newly_wrong_ready.is_empty();
    let failed = worse || nothing_opened;
    if arguments.json {
        let json = in_json(&replay, &critical, &unopened, failed, arguments.show_values);
        writeln!(out, "{}", serde_json::to_string(&json)?)?;
    } else {
        print(&replay, &critical, &unopened, arguments.show_values, out)?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Who sees patients' data leaves a row: here the command, with all that it is about to open.
async fn audited(app: &App, referrals: &[Referral], show_values: bool) -> anyhow::Result<()> {
    let ids: Vec<&str> = referrals.iter().map(|referral| referral.id.as_str()).collect();
    let entry = audit::Entry {
        actor: &Actor::Operator,
        action: "view",
        resource_kind: "list",
        resource_id: "rules_replay",
        outcome: Outcome::Allowed,
        detail: json!({ "referrals": ids, "values_shown": show_values }),
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn one(
    app: &App,
    referral: &Referral,
    changed: Option<&Arc<RuleSets>>,
    critical: &BTreeSet<FieldKey>,
    replay: &mut Replay,
) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let document = store::documents::find(&mut tx, &referral.document)
        .await?
        .ok_or_else(|| anyhow::anyhow!("its document has no row"))?;
    let history = store::fields::history(&mut tx, &referral.id).await?;
    drop(tx);
    let truths = truth::of_history(&history);
    let pages = Arc::new(extract::pages(app, &referral.transmission).await?);
    let read = |rules: &Arc<RuleSets>| {
        let (rules, pages) = (Arc::clone(rules), Arc::clone(&pages));
        tokio::task::spawn_blocking(move || rules.extract(&pages))
    };
    let in_use = Reading::of(read(&app.rules).await?, document.pages);
    let (before, after) = match changed {
        Some(changed) => (in_use, Reading::of(read(changed).await?, document.pages)),
        None => (Reading::proposed(&truths, document.state), in_use),
    };
    replay.add(&referral.id, (&before, &after), &truths, critical);
    Ok(())
}

fn in_json(
    replay: &Replay,
    critical: &BTreeSet<FieldKey>,
    unopened: &[String],
    failed: bool,
    show_values: bool,
) -> Value {
    let values = replay.values.iter().map(|changed| {
        let mut line = json!({
            "referral": changed.referral,
            "field": changed.field,
            "page": changed.page,
            "change": changed.change,
        });
        if show_values {
            line["before"] = json!(changed.before);
            line["after"] = json!(changed.after);
            line["truth"] = json!(changed.truth);
        }
        line
    });
    json!({
        "referrals": replay.referrals,
        "not_opened": unopened,
        "fields": replay.fields,
        "ready": { "before": replay.before, "after": replay.after },
        "newly_wrong_ready": replay.newly_wrong_ready,
        "worsened": replay.worsened(critical).collect::<Vec<_>>(),
        "changes": values.collect::<Vec<_>>(),
        "failed": failed,
    })
}

fn print(
    replay: &Replay,
    critical: &BTreeSet<FieldKey>,
    unopened: &[String],
    show_values: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(out, "{:<32} better  worse  still wrong  same  unknown", "")?;
    for (key, counts) in &replay.fields {
        let FieldCounts {
            better,
            worse,
            still_wrong,
            same,
            unknown,
        } = counts;
        writeln!(
            out,
            "{:<32} {better:>6} {worse:>6} {still_wrong:>12} {same:>5} {unknown:>8}",
            key.as_str()
        )?;
    }
    for changed in &replay.values {
        writeln!(out, "{}", line(changed, show_values))?;
    }
    for reason in unopened {
        writeln!(out, "not opened: {reason}")?;
    }
    let (before, after) = (replay.before, replay.after);
    writeln!(
        out,
        "{} referrals, {} values read otherwise; ready: {} before, {} of them wrong; {} after, {} of them wrong",
        replay.referrals,
        replay.values.iter().filter(|value| value.is_changed).count(),
        before.ready,
        before.wrong,
        after.ready,
        after.wrong
    )?;
    for key in replay.worsened(critical) {
        writeln!(out, "{key} gets worse, and it is critical")?;
    }
    for id in &replay.newly_wrong_ready {
        writeln!(out, "{id} would go straight through with a wrong critical value")?;
    }
    Ok(())
}

fn line(changed: &ToldValue, show_values: bool) -> String {
    let what = match changed.change {
        Change::Better => "better",
        Change::Worse => "worse",
        Change::StillWrong => "still wrong",
        Change::Same => "as right, written otherwise",
        Change::Unknown => "unknown",
    };
    let page = changed.page.map(|page| format!(", page {page}")).unwrap_or_default();
    let told = format!("{} {}{page}: {what}", changed.referral, changed.field);
    if !show_values {
        return told;
    }
    let shown = |value: &Option<FieldContent>| value.as_ref().map_or("nothing".to_owned(), |v| format!("“{v}”"));
    let [before, after, truth] = [&changed.before, &changed.after, &changed.truth].map(shown);
    format!("{told}: {before} before, {after} now, {truth} is right")
}
