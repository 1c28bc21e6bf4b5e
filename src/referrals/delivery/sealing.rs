//! What a message to a partner is sealed with.

use super::{certificate_to, identity_for};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::agent::{self, Agent, Keys};
use crate::direct::certificate::Certificate;
use crate::direct::identity::Identity;
use crate::direct::message::Composed;
use crate::jobs::JobError;
use chrono::{DateTime, Utc};

/// Our key and the partner's certificate; neither where our HISP seals.
pub struct Sealing {
    agent: &'static dyn Agent,
    keys: Option<(Identity, Certificate)>,
}

/// All that is needed to send from one address of ours to a partner's. The partner's servers may be asked for its certificate, so
/// that no transaction may be open.
pub async fn sealing(app: &App, from: &Address, to: &Address, now: DateTime<Utc>) -> Result<Sealing, JobError> {
    let agent = agent::of(app.config.mail.mode);
    if !agent.seals() {
        return Ok(Sealing { agent, keys: None });
    }
    let mut tx = app.db.read().await?;
    let identity = identity_for(&mut tx, from, now)
        .await?
        .ok_or_else(|| JobError::fail("no_identity"))?;
    drop(tx);
    let certificate = certificate_to(app, from, to).await?;
    Ok(Sealing {
        agent,
        keys: Some((identity, certificate)),
    })
}

impl Sealing {
    /// The bytes that leave.
    pub fn close(&self, composed: &Composed, now: DateTime<Utc>) -> Result<Vec<u8>, JobError> {
        let keys = self.keys.as_ref().map(|(signer, recipient)| Keys { signer, recipient });
        let closed = self.agent.close(composed, keys, now);
        closed.map_err(|error| JobError::fail(error.code()).because(error))
    }
}
