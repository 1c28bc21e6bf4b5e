//! The configuration: defaults, then a file, then the environment. Each section is defined by the module that uses it.

mod audit;
mod auth;
mod brand;
mod desk;
mod direct;
mod doors;
mod intake;
mod layers;
mod mail;
mod oidc;
mod time_zone;
mod tls;

use crate::domain::clinic::{Automation, Clinic};
use crate::domain::retention::Retention;
use crate::domain::sla::Deadlines;
use crate::doors::mail::MailConfig;
use crate::extraction::{RuleError, RuleSets};
use crate::reading::{Doubts, Pool, ReadingConfig};
use crate::telemetry::LogConfig;
use crate::vault::keys::{KeyPlaces, KeysAt};
use crate::vault::objects::{ObjectPlaces, ObjectsAt, S3Config, WhenAway};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use audit::{AuditConfig, CheckpointsAt};
pub use auth::{AuthConfig, SecondFactorPolicy};
pub use brand::{Brand, BrandColor, BrandConfig, Logo, LogoKind};
pub use desk::DeskConfig;
pub use direct::{DirectConfig, RevocationUnknown};
pub use doors::DoorsConfig;
pub use intake::IntakeConfig;
pub use layers::ConfigError;
pub use oidc::{CALLBACK_PATH, ClientSecret, OidcConfig, keeps_secrets};
pub use time_zone::TimeZone;
pub use tls::TlsConfig;

/// Every key with its default and what it is for. `referloop config default` prints it.
pub const DEFAULT_FILE: &str = include_str!("default.toml");

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of the embedded default: database, objects and master key lie in it unless the next three say else.
    pub data: Option<PathBuf>,
    pub database_url: Option<DatabaseUrl>,
    /// `disk:PATH` or `s3://BUCKET/PREFIX`.
    pub objects: Option<String>,
    /// `local:FILE` or `aws-kms:KEY`.
    pub keys: Option<String>,
    /// Where the keys were that still open older documents.
    pub keys_before: Option<String>,
    /// Where desk, API and doors are served.
    pub listen: SocketAddr,
    pub tls: TlsConfig,
    pub desk: DeskConfig,
    pub auth: AuthConfig,
    pub oidc: OidcConfig,
    pub brand: BrandConfig,
    pub doors: DoorsConfig,
    pub intake: IntakeConfig,
    pub rules: RulesConfig,
    pub reading: ReadingConfig,
    pub clinic: Clinic,
    pub deadlines: Deadlines,
    pub automation: Automation,
    pub audit: AuditConfig,
    pub s3: S3Config,
    pub retention: Retention,
    pub mail: MailConfig,
    pub direct: DirectConfig,
    pub log: LogConfig,
}

/// The `rules` section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RulesConfig {
    /// A folder that takes the place of the embedded rule sets.
    pub path: Option<PathBuf>,
    /// A folder of known forms that takes the place of the embedded ones, and of `forms/` in `path`.
    pub forms: Option<PathBuf>,
}

impl RulesConfig {
    /// The rules and forms that are configured.
    pub fn load(&self) -> Result<RuleSets, RuleError> {
        RuleSets::load_from(self.path.as_deref(), self.forms.as_deref())
    }
}

/// Readers of pages that read once more what the rules find worth it.
pub fn reader(reading: ReadingConfig, rules: &Arc<RuleSets>) -> Pool {
    let rules = Arc::clone(rules);
    Pool::with_doubts(reading, Doubts::new(move |page| rules.worth_a_second_look(page)))
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: None,
            database_url: None,
            objects: None,
            keys: None,
            keys_before: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            tls: TlsConfig::default(),
            desk: DeskConfig::default(),
            auth: AuthConfig::default(),
            oidc: OidcConfig::default(),
            brand: BrandConfig::default(),
            doors: DoorsConfig::default(),
            intake: IntakeConfig::default(),
            rules: RulesConfig::default(),
            reading: ReadingConfig::default(),
            clinic: Clinic::default(),
            deadlines: Deadlines::default(),
            automation: Automation::default(),
            audit: AuditConfig::default(),
            s3: S3Config::default(),
            retention: Retention::default(),
            mail: MailConfig::default(),
            direct: DirectConfig::default(),
            log: LogConfig::default(),
        }
    }
}

impl Config {
    /// Defaults, then the file, then variables whose names begin with `REFERLOOP_`.
    pub fn load(file: Option<&Path>, environment: &[(String, String)]) -> Result<Self, ConfigError> {
        let config: Self = layers::load(file, environment)?;
        match config.check_places() {
            // What keeps nothing, as `extract`, needs no place.
            Ok(()) | Err(ConfigError::NoData { .. }) => Ok(config),
            Err(error) => Err(error),
        }
    }

    /// Whether database, documents and master key each have a place.
    pub fn check_places(&self) -> Result<(), ConfigError> {
        self.database_url()?;
        self.objects()?;
        self.keys()?;
        Ok(())
    }

    /// The process's own environment.
    pub fn load_here(file: Option<&Path>) -> Result<Self, ConfigError> {
        let environment: Vec<_> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self::load(file, &environment)
    }

    /// An installation that lies in one folder.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        Self {
            data: Some(data.into()),
            ..Self::default()
        }
    }

    pub fn database_url(&self) -> Result<DatabaseUrl, ConfigError> {
        match &self.database_url {
            Some(url) if url.is_known() => Ok(url.clone()),
            Some(_) => Err(ConfigError::value(
                "database_url",
                &"it must start with `sqlite:` or `postgres:`",
            )),
            None => Ok(DatabaseUrl(format!(
                "sqlite:{}",
                self.in_data("database_url", "referloop.db")?.display()
            ))),
        }
    }

    pub fn objects(&self) -> Result<ObjectPlaces, ConfigError> {
        let at = match &self.objects {
            Some(text) => text.parse().map_err(|error| ConfigError::value("objects", &error))?,
            None => ObjectsAt::Disk(self.in_data("objects", "objects")?),
        };
        let mut s3 = self.s3.clone();
        if matches!(at, ObjectsAt::S3 { .. }) && s3.when_away == WhenAway::Spool && s3.spool.is_none() {
            s3.spool = Some(self.in_data("s3.spool", "spool")?);
        }
        Ok(ObjectPlaces { at, s3 })
    }

    pub fn keys(&self) -> Result<KeyPlaces, ConfigError> {
        let now = match &self.keys {
            Some(text) => text.parse().map_err(|error| ConfigError::value("keys", &error))?,
            None => KeysAt::Local(self.in_data("keys", "master.key")?),
        };
        let before = self.keys_before.as_deref().map(str::parse).transpose();
        Ok(KeyPlaces {
            now,
            before: before.map_err(|error| ConfigError::value("keys_before", &error))?,
        })
    }

    /// Beside the database where nothing else is said; off where there is no folder of our own.
    pub fn checkpoints(&self) -> CheckpointsAt {
        let usual = || self.in_data("audit.checkpoints", "audit-checkpoints.jsonl").ok();
        let configured = self.audit.checkpoints.clone();
        configured.unwrap_or_else(|| usual().map_or(CheckpointsAt::Nowhere, CheckpointsAt::File))
    }

    fn in_data(&self, key: &'static str, name: &str) -> Result<PathBuf, ConfigError> {
        let data = self.data.as_ref().filter(|path| !path.as_os_str().is_empty());
        Ok(data.ok_or(ConfigError::NoData { key })?.join(name))
    }
}

/// Where the database is. A password in it is never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// With its password, for the driver alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The file of an SQLite database.
    pub fn sqlite_file(&self) -> Option<&Path> {
        let path = self.0.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(Path::new(path.split('?').next().unwrap_or(path)))
    }

    fn is_known(&self) -> bool {
        ["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| self.0.starts_with(scheme))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return f.write_str(&self.0);
        };
        // Parameters may hold a password too (`?password=…`).
        let (place, parameters) = rest.split_once('?').map_or((rest, ""), |(place, _)| (place, "?***"));
        match place.rsplit_once('@') {
            Some((account, host)) => {
                let user = account.split(':').next().unwrap_or_default();
                write!(f, "{scheme}://{user}:***@{host}{parameters}")
            }
            None => write!(f, "{scheme}://{place}{parameters}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
