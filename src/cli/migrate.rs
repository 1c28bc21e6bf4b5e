//! `referloop migrate`: the database's schema.

use crate::app;
use crate::config::Config;
use std::io::Write;

pub async fn run(config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let db = app::connect(config).await?;
    db.migrate().await?;
    writeln!(out, "The database at {} is ready.", config.database_url()?)?;
    Ok(())
}
