//! `referloop direct doctor`: what Direct stands on, each problem with the command that mends it.

use crate::app::App;
use crate::cli::doctor::{Check, report};
use crate::doors::outside::{Outside, OutsideError};
use crate::referrals::identity::{self, End};
use crate::store::anchors::{BY_PERSON, StoredAnchor};
use crate::store::fetched::FetchedKind;
use crate::store::{self, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

const CERTIFICATES: &str = "certificates";
const ANCHORS: &str = "anchors";
const BUNDLES: &str = "trust bundles";
const REVOCATION: &str = "revocation";
const DNS: &str = "DNS";
const SMTP: &str = "mail server";

/// A bundle is read once a day: after so long something is wrong, whatever the last try said.
const BUNDLES_WITHIN: TimeDelta = TimeDelta::days(3);

#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &Doctor, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let ends = identity::ends(&mut tx).await?;
    let mut checks = vec![
        certificates(&ends, now),
        anchors(&mut tx, now).await?,
        bundles(&mut tx, now).await?,
        revocation(&mut tx, now).await?,
    ];
    drop(tx);
    checks.push(dns(app).await);
    checks.push(smtp(app).await);
    report(&checks, arguments.json, out)
}

/// Whether a certificate of ours ends soon without a successor.
pub(in crate::cli) fn certificates(ends: &[End], now: DateTime<Utc>) -> Check {
    let Some(first) = ends.iter().min_by_key(|end| end.not_after) else {
        return Check::good(CERTIFICATES, "none yet: a self-signed one is made at first use");
    };
    let (name, end) = (&first.bound_to, first.not_after.format("%Y-%m-%d"));
    if first.is_near(now) {
        let verb = if first.not_after < now { "ended on" } else { "ends on" };
        return Check::bad(
            CERTIFICATES,
            format!("the certificate for {name} {verb} {end} and has no successor"),
            format!("referloop direct keygen --for {name} && referloop direct request --for {name}"),
        );
    }
    Check::good(CERTIFICATES, format!("the first to end is that for {name}, on {end}"))
}

async fn anchors(tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Check> {
    let anchors = store::anchors::list(tx).await?;
    if anchors.is_empty() {
        return Ok(Check::good(
            ANCHORS,
            "none: only partners that the directory holds are trusted",
        ));
    }
    let ended = |anchor: &&StoredAnchor| anchor.not_after < now;
    let by_hand = anchors.iter().filter(ended).find(|anchor| anchor.source == BY_PERSON);
    // Both ways, and by a person and a bundle, are one anchor to a reader.
    let certificates = |ended: bool| {
        let of = anchors.iter().filter(|anchor| (anchor.not_after < now) == ended);
        of.map(|anchor| anchor.fingerprint.as_str())
            .collect::<BTreeSet<_>>()
            .len()
    };
    Ok(match by_hand {
        Some(anchor) => Check::bad(
            ANCHORS,
            format!(
                "{} that was added by hand has ended: it trusts nobody",
                anchor.fingerprint
            ),
            format!(
                "referloop direct anchors remove {} --for {} --{}",
                anchor.fingerprint, anchor.holds_for, anchor.direction
            ),
        ),
        None => Check::good(
            ANCHORS,
            format!(
                "{} hold, {} of the bundles' have ended",
                certificates(false),
                certificates(true)
            ),
        ),
    })
}

async fn bundles(tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Check> {
    let bundles = store::anchors::bundles(tx).await?;
    let stale = bundles.iter().find(|bundle| {
        bundle.is_from_url() && (bundle.last_error.is_some() || now - bundle.refreshed_at > BUNDLES_WITHIN)
    });
    Ok(match stale {
        Some(bundle) => Check::bad(
            BUNDLES,
            format!(
                "{} was last read on {}: {}",
                bundle.source,
                bundle.refreshed_at.format("%Y-%m-%d"),
                bundle
                    .last_error
                    .as_deref()
                    .unwrap_or("nobody reads it anew; does `serve` or `work` run?")
            ),
            format!("referloop direct bundle refresh {}", bundle.id),
        ),
        None => Check::good(BUNDLES, format!("{} bundles, each read in time", bundles.len())),
    })
}

async fn revocation(tx: &mut Tx, now: DateTime<Utc>) -> store::Result<Check> {
    let lists = store::fetched::list(tx, FetchedKind::Crl).await?;
    let missing = lists
        .iter()
        .filter(|list| list.fetched_at.is_none() || list.next_at.is_none_or(|next| next < now));
    let missing: Vec<_> = missing.filter(|list| list.last_error.is_some()).collect();
    Ok(match missing.first() {
        Some(list) => Check::bad(
            REVOCATION,
            format!(
                "{} of {} revocation lists can't be had: {} ({})",
                missing.len(),
                lists.len(),
                list.url,
                list.last_error.as_deref().unwrap_or_default()
            ),
            format!(
                "curl --head '{}'   # from this machine; `direct.fetch_from` lists inner networks",
                list.url.replace('\'', "%27")
            ),
        ),
        None => Check::good(REVOCATION, format!("{} lists kept, each counts today", lists.len())),
    })
}

async fn dns(app: &App) -> Check {
    if !app.config.direct.discovery {
        return Check::skipped(DNS, "discovery is off");
    }
    let name = &app.config.mail.direct_domain;
    let name = if name.is_empty() { "example.com" } else { name };
    let asked = match Outside::new(&app.config.direct.outside()) {
        Ok(outside) => outside.certificates_of(name).await.map(|records| records.len()),
        Err(error) => Err(error),
    };
    match asked {
        Ok(records) => Check::good(DNS, format!("answers; {records} certificates for {name} there")),
        Err(OutsideError::Dns) => Check::bad(DNS, "the name servers do not answer", "cat /etc/resolv.conf"),
        Err(error) => Check::bad(DNS, error.to_string(), "cat /etc/resolv.conf"),
    }
}

async fn smtp(app: &App) -> Check {
    let Some(mail) = &app.mail else {
        return Check::skipped(SMTP, "mail.smtp_host is not set: nothing is sent");
    };
    let (host, port) = (&app.config.mail.smtp_host, app.config.mail.smtp_port);
    match mail.probe().await {
        Ok(()) => Check::good(
            SMTP,
            format!("{host}:{port} answers, with a certificate that is trusted"),
        ),
        Err(reason) => Check::bad(
            SMTP,
            format!("{host}:{port}: {}", reason.code()),
            format!("openssl s_client -brief -starttls smtp -connect {host}:{port} < /dev/null"),
        ),
    }
}
