//! Messages by SMTP: what is addressed to us is spooled, and only then acknowledged.

use super::smtp::{Intake, Refusal, Whose};
use crate::app::App;
use crate::auth::edge;
use crate::direct::address::Address;
use crate::direct::incoming::Envelope;
use crate::domain::mail_mode::MailMode;
use crate::pipeline::message;
use crate::store;

/// Takes mail for our Direct addresses: those that we have a certificate for, or those that our HISP serves.
pub struct DirectMail {
    pub app: App,
}

impl Intake for DirectMail {
    async fn whose(&self, address: &Address) -> Result<Whose, Refusal> {
        self.look_up(address).await.map_err(|error| {
            tracing::error!(error.cause = %error, "an address could not be looked up");
            Refusal::Temporary
        })
    }

    async fn knows(&self, account: &str, secret: &str) -> Result<bool, Refusal> {
        edge::knows(&self.app.db, account, secret).await.map_err(|error| {
            tracing::error!(error.cause = %error, "an account could not be looked up");
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

impl DirectMail {
    async fn look_up(&self, address: &Address) -> store::Result<Whose> {
        let mail = &self.app.config.mail;
        let (whole, domain) = (address.as_str().to_lowercase(), address.domain().to_lowercase());
        let mut tx = self.app.db.read().await?;
        let of_our_domain = domain.eq_ignore_ascii_case(&mail.direct_domain);
        let domain_is_ours = match mail.mode {
            MailMode::Edge => of_our_domain,
            MailMode::Agent => {
                if store::identities::find(&mut tx, &whole).await?.is_some() {
                    return Ok(Whose::Ours);
                }
                store::identities::find(&mut tx, &domain).await?.is_some()
            }
        };
        if !domain_is_ours {
            return Ok(if of_our_domain {
                Whose::Nobodys
            } else {
                Whose::SomebodyElses
            });
        }
        let is_named = mail.takes_mail_for(address) || store::sites::of_address(&mut tx, &whole).await?.is_some();
        Ok(if is_named { Whose::Ours } else { Whose::Nobodys })
    }
}
