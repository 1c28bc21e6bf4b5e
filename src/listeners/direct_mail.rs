//! Direct messages by SMTP: what is addressed to us is spooled, and only then acknowledged.

use super::smtp::{Intake, Refusal};
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::incoming::Envelope;
use crate::pipeline::message;
use crate::store;

/// Takes mail for the Direct addresses that we have a certificate for.
pub struct DirectMail {
    pub app: App,
}

impl Intake for DirectMail {
    async fn is_ours(&self, address: &Address) -> Result<bool, Refusal> {
        let look_up: store::Result<bool> = async {
            let mut tx = self.app.db.read().await?;
            for bound_to in [address.as_str(), address.domain()] {
                if store::identities::find(&mut tx, &bound_to.to_lowercase())
                    .await?
                    .is_some()
                {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        .await;
        look_up.map_err(|error| {
            tracing::error!(error.cause = %error, "an address could not be looked up");
            Refusal::Temporary
        })
    }

    async fn accept(&self, envelope: Envelope, raw: Vec<u8>) -> Result<String, Refusal> {
        match message::spool(&self.app, &envelope, &raw).await {
            Ok(id) => Ok(id.to_string()),
            Err(error) => {
                tracing::error!(error.cause = %error, "a message could not be made durable");
                Err(Refusal::Temporary)
            }
        }
    }
}
