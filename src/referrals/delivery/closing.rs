//! What a message to a partner is closed with.

use super::keys::certificate_to_answer;
use super::{ability_of, certificate_to, identity_for};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::agent::{self, Agent, Keys};
use crate::direct::certificate::Certificate;
use crate::direct::envelope::Sealing;
use crate::direct::identity::Identity;
use crate::direct::message::Composed;
use crate::jobs::JobError;
use crate::referrals::trust::own;
use chrono::{DateTime, Utc};

/// Our key, the partner's certificate and how it wants to be encrypted to; nothing of these where our HISP seals.
pub struct Closing {
    agent: &'static dyn Agent,
    keys: Option<(Identity, Certificate, Sealing)>,
}

/// All that is needed to send from one address of ours to a partner's. The partner's servers may be asked for its certificate, so
/// that no transaction may be open.
pub async fn closing(app: &App, from: &Address, to: &Address, now: DateTime<Utc>) -> Result<Closing, JobError> {
    let agent = agent::of(app.config.mail.mode);
    if !agent.seals() {
        return Ok(Closing { agent, keys: None });
    }
    let certificate = certificate_to(app, from, to).await?;
    closing_to(app, from, to, certificate, now).await
}

/// As [`closing`], to say to the sender of a message that it arrived. Its `signer` was trusted when the message was opened; that
/// the sender may be written to of patients is not asked. See decision 0030.
pub async fn closing_in_answer(
    app: &App,
    from: &Address,
    to: &Address,
    signer: Option<&Certificate>,
    now: DateTime<Utc>,
) -> Result<Closing, JobError> {
    let agent = agent::of(app.config.mail.mode);
    if !agent.seals() {
        return Ok(Closing { agent, keys: None });
    }
    let certificate = certificate_to_answer(app, from, to, signer).await?;
    closing_to(app, from, to, certificate, now).await
}

async fn closing_to(
    app: &App,
    from: &Address,
    to: &Address,
    certificate: Certificate,
    now: DateTime<Utc>,
) -> Result<Closing, JobError> {
    let mut tx = app.db.read().await?;
    let ability = ability_of(app, &mut tx, to.as_str()).await?;
    let identity = identity_for(&mut tx, from, now)
        .await?
        .ok_or_else(|| JobError::fail("no_identity"))?;
    let issuers = own::issuers_of(app, &mut tx, identity.certificate(), now).await?;
    let identity = identity.with_issuers(issuers);
    let sealing = Sealing {
        key_transport: ability.key_transport,
        cipher: ability.cipher,
    };
    Ok(Closing {
        agent: agent::of(app.config.mail.mode),
        keys: Some((identity, certificate, sealing)),
    })
}

impl Closing {
    /// The bytes that leave.
    pub fn close(&self, composed: &Composed, now: DateTime<Utc>) -> Result<Vec<u8>, JobError> {
        let keys = self.keys.as_ref().map(|(signer, recipient, sealing)| Keys {
            signer,
            recipient,
            sealing: *sealing,
        });
        let closed = self.agent.close(composed, keys, now);
        closed.map_err(|error| JobError::fail(error.code()).because(error))
    }

    /// The fingerprint of the certificate that it is encrypted to; empty where our HISP seals.
    pub fn encrypted_to(&self) -> String {
        let keys = self.keys.as_ref();
        keys.map_or_else(String::new, |(_, recipient, _)| recipient.fingerprint())
    }

    /// The fingerprint of the certificate that signs; empty where our HISP seals.
    pub fn signed_by(&self) -> String {
        let keys = self.keys.as_ref();
        keys.map_or_else(String::new, |(signer, _, _)| signer.certificate().fingerprint())
    }
}
