//! App: every long-lived handle, built once by `main` or by a test.

use crate::clock::Clock;
use crate::config::{self, Brand, Config, ConfigError};
use crate::crypto::TenantKeys;
use crate::direct::trust::parsed::Parsed;
use crate::disk::Disks;
use crate::doors::mail::{MailError, Submitter};
use crate::extraction::{RuleError, RuleSets};
use crate::jobs::JobError;
use crate::reading;
use crate::store::db::Kind;
use crate::store::{self, Db};
use crate::telemetry;
use crate::vault::objects::{ObjectError, Objects, ObjectsAt};
use crate::vault::tenant::{self, TenantError};
use crate::vault::{Vault, VaultError, keys::Keys};
use metrics_exporter_prometheus::PrometheusHandle;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Cloning it is cheap: all who hold one share what is in it.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    /// How pages look.
    pub brand: Arc<Brand>,
    pub clock: Clock,
    pub db: Db,
    pub keys: Arc<TenantKeys>,
    pub vault: Arc<Vault>,
    pub rules: Arc<RuleSets>,
    /// Asked before anything is taken in.
    pub disks: Arc<Disks>,
    pub reading: reading::Pool,
    /// The way out for mail, where it is set up.
    pub mail: Option<Arc<Submitter>>,
    /// What partners' certificates are judged by, as far as it was read before.
    pub parsed: Arc<Parsed>,
    pub metrics: &'static PrometheusHandle,
}

/// Why nothing could be started. `doctor` has a command for each.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the folder {} could not be made", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Tenant(#[from] TenantError),
    #[error(transparent)]
    Objects(#[from] ObjectError),
    #[error(transparent)]
    Rules(#[from] RuleError),
    #[error(transparent)]
    Mail(#[from] MailError),
}

impl App {
    /// Opens everything. An embedded database is brought to this version's schema on the way; one that others share is
    /// left to `referloop migrate`.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        let metrics = telemetry::metrics();
        let rules = Arc::new(config.rules.load()?);
        // `serve` looks at it once more, and refuses to start; a backup goes on.
        let brand = Brand::load(&config.brand).unwrap_or_else(|error| {
            tracing::warn!(%error, "the clinic's own look can't be shown");
            Brand::plain()
        });
        let db = connect(&config).await?;
        match db.kind() {
            Kind::Sqlite => db.migrate().await?,
            Kind::Postgres => db.check().await?,
        }
        // The clients of S3 and KMS are large: on the heap, or every caller's future would be as large.
        let (keys, master) = Box::pin(tenant::open(&db, &config.keys()?, clock.now())).await?;
        let keys = Arc::new(keys);
        let db = db.with_keys(Arc::clone(&keys));
        let vault = Arc::new(Box::pin(vault(&config, &keys, master)).await?);
        let disks = Arc::new(disks(&config)?);
        let reading = config::reader(config.reading.clone(), &rules);
        let mail = if config.mail.can_send() {
            Some(Arc::new(Submitter::new(&config.mail)?))
        } else {
            None
        };
        Ok(Self {
            config: Arc::new(config),
            brand: Arc::new(brand),
            clock,
            db,
            keys,
            vault,
            rules,
            disks,
            reading,
            mail,
            parsed: Arc::default(),
            metrics,
        })
    }
}

/// Said here, since neither the queue nor the vault knows of the other.
impl From<VaultError> for JobError {
    fn from(error: VaultError) -> Self {
        if matches!(error, VaultError::Shredded { .. }) {
            Self::fail("shredded").because(error)
        } else if error.is_outage() {
            Self::outage("vault_away").because(error)
        } else {
            Self::retry("vault").because(error)
        }
    }
}

/// The database alone, as it is, without keys.
pub async fn connect(config: &Config) -> Result<Db, StartError> {
    config.check_way_to_database()?;
    let url = config.database_url()?;
    if let Some(folder) = url.sqlite_file().and_then(Path::parent) {
        private_folder(folder)?;
    }
    Ok(Db::connect(url.reveal()).await?)
}

async fn vault(config: &Config, keys: &TenantKeys, master: Arc<Keys>) -> Result<Vault, StartError> {
    let objects = Objects::open(&config.objects()?).await?;
    Ok(Vault::new(keys.tenant.clone(), objects, master))
}

/// Where objects and an embedded database lie. What lies on other machines is theirs to watch.
fn disks(config: &Config) -> Result<Disks, StartError> {
    let url = config.database_url()?;
    let mut folders: Vec<PathBuf> = url
        .sqlite_file()
        .and_then(Path::parent)
        .map(Path::to_owned)
        .into_iter()
        .collect();
    let objects = config.objects()?;
    match objects.at {
        ObjectsAt::Disk(root) => folders.push(root),
        ObjectsAt::S3 { .. } => folders.extend(objects.s3.spool),
    }
    // A database named without a folder lies in the one that we run in.
    for folder in &mut folders {
        if folder.as_os_str().is_empty() {
            *folder = PathBuf::from(".");
        }
    }
    Ok(Disks::new(folders, config.intake.low_water()))
}

fn private_folder(path: &Path) -> Result<(), StartError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StartError::Folder {
            path: path.to_owned(),
            source,
        })
}
