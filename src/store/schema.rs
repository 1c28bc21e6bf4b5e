//! The migrations, embedded: one number and name, two texts. A released migration never changes; a new one is added here.

use super::{Error, Result};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($version:literal, $file:literal) => {
        Step {
            version: $version,
            name: $file,
            sqlite: include_str!(concat!("migrations/sqlite/", $file, ".sql")),
            postgres: include_str!(concat!("migrations/postgres/", $file, ".sql")),
        }
    };
}

const STEPS: &[Step] = &[
    step!(1, "0001_first_light"),
    step!(2, "0002_unreadable_pages"),
    step!(3, "0003_bound_documents"),
    step!(4, "0004_checked_values"),
    step!(5, "0005_probation"),
    step!(6, "0006_audit_chain"),
    step!(7, "0007_retention"),
    step!(8, "0008_delivery_gaps"),
    step!(9, "0009_search"),
    step!(10, "0010_ended"),
    step!(11, "0011_decisions"),
    step!(12, "0012_arrangements"),
    step!(13, "0013_claims"),
    step!(14, "0014_memos"),
    step!(15, "0015_waiting"),
    step!(16, "0016_grants"),
    step!(17, "0017_identity"),
    step!(18, "0018_patients"),
    step!(19, "0019_oidc"),
    step!(20, "0020_directory"),
    step!(21, "0021_audit_search"),
    step!(22, "0022_passkeys"),
    step!(23, "0023_token_sites"),
    step!(24, "0024_direct_trust"),
    step!(25, "0025_receiving"),
    step!(26, "0026_content"),
    step!(27, "0027_return"),
    step!(28, "0028_mailbox_stuck"),
];

/// The version that this program works with.
pub fn version() -> i64 {
    STEPS.iter().map(|step| step.version).max().unwrap_or(0)
}

pub fn sqlite() -> Migrator {
    migrator(|step| step.sqlite)
}

pub fn postgres() -> Migrator {
    migrator(|step| step.postgres)
}

fn migrator(text: impl Fn(&Step) -> &'static str) -> Migrator {
    let migrations = STEPS
        .iter()
        .map(|step| {
            Migration::new(
                step.version,
                step.name.into(),
                MigrationType::Simple,
                text(step).into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
}

/// Fails unless `found` is the version that this program works with.
pub fn expect_version(found: i64) -> Result<()> {
    let expected = version();
    if found == expected {
        Ok(())
    } else {
        Err(Error::SchemaVersion { found, expected })
    }
}
