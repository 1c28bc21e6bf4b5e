//! The checks, in the order in which they are best mended.

use super::{Check, mail, reader, tls};
use crate::app;
use crate::clock::Clock;
use crate::config::{Brand, Config, ConfigError, SecondFactorPolicy};
use crate::crypto::TenantKeys;
use crate::pipeline::reconcile;
use crate::referrals::identity;
use crate::store::db::Kind;
use crate::store::{self, Db, users};
use crate::vault::Vault;
use crate::vault::keys::{KeyError, KeyPlaces, Keys, KeysAt};
use crate::vault::objects::{Objects, ObjectsAt};
use crate::vault::tenant::{self, TenantError};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const CONFIGURATION: &str = "configuration";
const DATA: &str = "data folder";
const DATABASE: &str = "database";
const KEYS: &str = "master key";
const OBJECTS: &str = "documents";
const DELIVERIES: &str = "deliveries";
const ACCOUNTS: &str = "accounts";
const DIRECT: &str = "Direct";

pub async fn all(config: Result<Config, ConfigError>) -> Vec<Check> {
    let config = match config {
        Ok(config) => config,
        Err(error) => return vec![Check::bad(CONFIGURATION, words(&error), configuration_fix(&error))],
    };
    let reading = reader::check(&config.reading).await;
    let checked = config
        .check_places()
        .and_then(|()| config.check_listeners())
        .and_then(|()| config.check_oidc())
        .and_then(|()| config.check_mail())
        .and_then(|()| config.check_way_to_database())
        .and_then(|()| Brand::load(&config.brand).map(drop));
    if let Err(error) = checked {
        return vec![
            Check::bad(CONFIGURATION, words(&error), configuration_fix(&error)),
            reading,
        ];
    }
    let folders = data_folder(&config);
    let folders_good = folders.ok == Some(true);
    let mut checks = vec![
        Check::good(CONFIGURATION, "understood"),
        reading,
        reader::extras(&config.reading),
        folders,
    ];
    checks.extend(tls::checks(&config, Clock::System.now()));
    checks.extend(Box::pin(mail::checks(&config)).await);
    if folders_good {
        checks.extend(installation(&config).await);
    } else {
        checks.extend([DATABASE, KEYS, OBJECTS].map(|name| Check::skipped(name, "after the data folder")));
    }
    checks
}

fn configuration_fix(error: &ConfigError) -> String {
    match error {
        ConfigError::NoData { .. } => "export REFERLOOP_DATA=/var/lib/referloop".to_owned(),
        ConfigError::Variable { variable, .. } => format!("unset {variable}"),
        ConfigError::Value { key, .. } => format!("unset REFERLOOP_{}", key.to_ascii_uppercase().replace('.', "__")),
        ConfigError::Exposed { fix, .. } => (*fix).to_owned(),
        ConfigError::File { path, line, .. } => format!("${{EDITOR:-nano}} +{line} {}", quoted(path)),
        ConfigError::Unreadable { path, .. } => format!("referloop config default > {}", quoted(path)),
    }
}

/// Every folder that is written to: made if it is missing, then probed.
fn data_folder(config: &Config) -> Check {
    let Some(folder) = &config.data else {
        return Check::good(DATA, "not used: database, documents and key have places of their own");
    };
    match probe(folder) {
        Ok(()) => Check::good(DATA, format!("{} can be written", folder.display())),
        Err(error) => Check::bad(
            DATA,
            format!("{} can't be written: {error}", folder.display()),
            folder_fix(folder),
        ),
    }
}

fn probe(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    tempfile_in(folder)
}

fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{:016x}", rand::random::<u64>()));
    fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    fs::remove_file(path)
}

/// A file that stands where a folder must be is moved aside, never deleted.
fn folder_fix(folder: &Path) -> String {
    let in_the_way = folder
        .ancestors()
        .find(|path| path.exists())
        .filter(|path| !path.is_dir());
    match in_the_way {
        Some(file) => {
            let aside = PathBuf::from(format!("{}.aside", file.display()));
            format!(
                "mv {} {} && mkdir -p -m 700 {}",
                quoted(file),
                quoted(&aside),
                quoted(folder)
            )
        }
        None => format!("sudo install -d -m 700 -o \"$(id -un)\" {}", quoted(folder)),
    }
}

/// Database, key and documents, as far as each lets us look at the next.
async fn installation(config: &Config) -> Vec<Check> {
    let db = match database(config).await {
        Ok(db) => db,
        Err(check) => {
            let new = check.ok == Some(true);
            let rest = if new {
                "made at the first start"
            } else {
                "after the database"
            };
            return vec![check, Check::skipped(KEYS, rest), Check::skipped(OBJECTS, rest)];
        }
    };
    let kind = match db.kind() {
        Kind::Sqlite => "SQLite",
        Kind::Postgres => "PostgreSQL",
    };
    let mut checks = vec![Check::good(
        DATABASE,
        format!("{kind}, reachable, with this version's schema"),
    )];
    match keys(config, &db).await {
        Ok(opened) => {
            let (detail, opened) = opened;
            checks.push(Check::good(KEYS, detail));
            let keys = opened.as_ref().map(|(keys, _)| Arc::clone(keys));
            checks.push(objects(config, opened).await);
            if let Some(keys) = keys {
                let db = db.clone().with_keys(keys);
                checks.push(deliveries(&db).await);
                checks.push(accounts(&db, config.auth.second_factor).await);
                checks.push(direct(&db).await);
            }
        }
        Err(check) => checks.extend([check, Check::skipped(OBJECTS, "after the master key")]),
    }
    db.close().await;
    checks
}

/// `Err` where it can't be looked into: broken, or not there yet.
async fn database(config: &Config) -> Result<Db, Check> {
    let url = config
        .database_url()
        .map_err(|error| Check::bad(DATABASE, words(&error), configuration_fix(&error)))?;
    if url.sqlite_file().is_some_and(|file| !file.exists()) {
        return Err(Check::good(DATABASE, "SQLite, made at the first start"));
    }
    let db = app::connect(config).await.map_err(|error| {
        let fix = match url.sqlite_file() {
            Some(file) => format!("ls -l {}", quoted(file)),
            None => format!("pg_isready -d {}", quoted(Path::new(&url.to_string()))),
        };
        Check::bad(DATABASE, words(&error), fix)
    })?;
    db.check().await.map_err(|error| match error {
        store::Error::SchemaVersion { found, expected } if found > expected => Check::bad(
            DATABASE,
            words(&error),
            "referloop --version   # use the newer program that made this database",
        ),
        _ => Check::bad(DATABASE, words(&error), "referloop migrate"),
    })?;
    Ok(db)
}

type Opened = Option<(Arc<TenantKeys>, Arc<Keys>)>;

/// Opens the installation's keys as a start would, but makes none.
async fn keys(config: &Config, db: &Db) -> Result<(String, Opened), Check> {
    let bad = |error: &dyn Error, fix: String| Check::bad(KEYS, words(error), fix);
    let at = config.keys().map_err(|error| bad(&error, configuration_fix(&error)))?;
    match tenant::open_existing(db, &at).await {
        Ok(Some((keys, master))) => {
            let detail = format!("opens what belongs to {}", keys.tenant);
            Ok((detail, Some((Arc::new(keys), master))))
        }
        Ok(None) => Ok(("made at the first start".to_owned(), None)),
        Err(error) => Err(bad(&error, key_fix(&error, &at))),
    }
}

fn key_fix(error: &TenantError, at: &KeyPlaces) -> String {
    let path = match &at.now {
        KeysAt::Local(path) => path,
        KeysAt::AwsKms(key) => return format!("aws kms describe-key --key-id {}", quoted(Path::new(key))),
    };
    match error {
        TenantError::Key(KeyError::TooOpen { path, .. }) => format!("chmod 600 {}", quoted(path)),
        TenantError::Key(KeyError::Io { .. }) => format!("sudo chown \"$(id -un)\" {}", quoted(path)),
        TenantError::Key(_) => {
            format!(
                "install -m 600 \"${{BACKUP:?set it to your copy of the key file}}\" {}",
                quoted(path)
            )
        }
        TenantError::Store(_) | TenantError::Lost(_) => "referloop migrate".to_owned(),
    }
}

async fn objects(config: &Config, opened: Opened) -> Check {
    let at = match config.objects() {
        Ok(at) => at,
        Err(error) => return Check::bad(OBJECTS, words(&error), configuration_fix(&error)),
    };
    let Some((keys, master)) = opened else {
        return Check::good(OBJECTS, "kept from the first start on");
    };
    let probed = match Objects::open(&at).await {
        Ok(objects) => Vault::new(keys.tenant.clone(), objects, master)
            .check()
            .await
            .map_err(|error| words(&error)),
        Err(error) => Err(words(&error)),
    };
    let (place, fix) = match &at.at {
        ObjectsAt::Disk(folder) => (folder.display().to_string(), folder_fix(folder)),
        ObjectsAt::S3 { bucket, .. } => (
            format!("the bucket {bucket}"),
            format!("aws s3api head-bucket --bucket {}", quoted(Path::new(bucket))),
        ),
    };
    match probed {
        Ok(()) => Check::good(OBJECTS, format!("{place} can be written")),
        Err(problem) => Check::bad(OBJECTS, format!("{place}: {problem}"), fix),
    }
}

/// Whether the carriers that have a list of what they delivered can be asked for it. No fault of the installation: it works.
async fn deliveries(db: &Db) -> Check {
    let unasked = async {
        let mut tx = db.read().await?;
        reconcile::askable(&mut tx).await
    };
    let unasked = match unasked.await {
        Ok(doors) => doors.into_iter().filter(|one| one.account.is_none()),
        Err(error) => return Check::bad(DELIVERIES, words(&error), "referloop door list"),
    };
    let names: Vec<String> = unasked.map(|one| one.door.name).collect();
    match names.first() {
        None => Check::good(DELIVERIES, "every carrier that has a list of them is asked for it"),
        Some(first) => Check {
            ok: None,
            fix: Some(format!(
                "referloop door account {first}   # key:secret on standard input"
            )),
            ..Check::skipped(
                DELIVERIES,
                format!(
                    "without an API key nobody sees what is lost on the way from {}",
                    names.join(", ")
                ),
            )
        },
    }
}

/// How many people sign in with a password alone. No fault of the installation: it works.
async fn accounts(db: &Db, policy: SecondFactorPolicy) -> Check {
    let counted = async {
        let mut tx = db.read().await?;
        users::count_without_second_factor(&mut tx).await
    };
    let (open, without) = match counted.await {
        Ok(counted) => counted,
        Err(error) => return Check::bad(ACCOUNTS, words(&error), "referloop user list"),
    };
    if without == 0 {
        return Check::good(ACCOUNTS, format!("{open} open, each with a second factor"));
    }
    let detail = format!("{without} of {open} open accounts have no second factor");
    match policy {
        SecondFactorPolicy::All => Check::good(ACCOUNTS, format!("{detail}; they set one up at their next login")),
        SecondFactorPolicy::Invited => Check {
            ok: None,
            fix: Some("export REFERLOOP_AUTH__SECOND_FACTOR=all".to_owned()),
            ..Check::skipped(ACCOUNTS, detail)
        },
    }
}

/// Whether our Direct certificates last. `direct doctor` looks at the rest.
async fn direct(db: &Db) -> Check {
    let found = async { identity::ends(&mut db.read().await?).await };
    match found.await {
        Ok(ends) => crate::cli::direct::doctor::certificates(&ends, Clock::System.now()),
        Err(error) => Check::bad(DIRECT, words(&error), "referloop direct doctor"),
    }
}

pub(super) fn words(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// For a shell.
pub(super) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
