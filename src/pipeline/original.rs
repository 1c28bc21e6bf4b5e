//! The bytes of an original as the reading child takes them: of data, the sheet that we make of it.

use super::clinical::{Form, Prepared, sniff};
use crate::app::App;
use crate::domain::ids::TransmissionId;
use crate::domain::transmission::QuarantineReason;
use crate::jobs::JobError;
use crate::store;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The pages of an original, whatever it is.
pub(super) async fn readable(
    app: &App,
    bytes: Vec<u8>,
    arrived_at: DateTime<Utc>,
) -> Result<Result<Vec<u8>, QuarantineReason>, JobError> {
    if sniff(&bytes).is_none() {
        return Ok(Ok(bytes));
    }
    let prepared = prepare(app, bytes, arrived_at).await?;
    Ok(match prepared {
        Some(prepared) => prepared.map(|prepared| prepared.pdf),
        None => Err(QuarantineReason::NotADocument),
    })
}

/// The data of a transmission, where its original is data.
pub(super) async fn prepared(app: &App, id: &TransmissionId) -> Result<Option<Prepared>, JobError> {
    let mut tx = app.db.read().await?;
    let transmission = store::transmissions::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_transmission"))?;
    let is_data = transmission.media_type.as_deref().and_then(Form::of_mime).is_some();
    if !is_data {
        return Ok(None);
    }
    let object = store::objects::find(&mut tx, &transmission.object)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    drop(tx);
    let bytes = app.vault.get(&object).await?;
    // It was read before: what can't be read now went wrong with us.
    let prepared = prepare(app, bytes, transmission.arrived_at).await?.transpose();
    prepared.map_err(|_| JobError::fail("processing_failed"))
}

/// Pure, but a large document keeps a core busy for a moment.
async fn prepare(
    app: &App,
    bytes: Vec<u8>,
    arrived_at: DateTime<Utc>,
) -> Result<Option<Result<Prepared, QuarantineReason>>, JobError> {
    let rules = Arc::clone(&app.rules);
    tokio::task::spawn_blocking(move || Prepared::of(&bytes, &rules, arrived_at.date_naive()))
        .await
        .map_err(|error| JobError::crash("clinical").because(error))
}
