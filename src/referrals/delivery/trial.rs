//! A letter of an administrator's to try a partner with: sealed and handed over as notes are, and about no referral.

use super::closing::closing;
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::message::{Attachment, Letter, MessageId, Report, compose};
use crate::domain::ids::MessageId as TrialId;
use crate::domain::people::Actor;
use crate::domain::permission::{Denied, Permission, Resource, authorize};
use crate::doors::mail::Outcome;
use crate::jobs::JobError;
use crate::store;
use crate::store::audit::{self, Outcome as Allowed};

/// What is sent, and between whom.
pub struct Trial<'a> {
    /// One of our addresses.
    pub from: &'a Address,
    pub to: &'a Address,
    pub subject: &'a str,
    pub text: &'a str,
    pub attachments: &'a [Attachment],
}

/// How it went.
pub struct Tried {
    pub message_id: MessageId,
    /// Fingerprints; both empty where our HISP seals.
    pub signed_by: String,
    pub encrypted_to: String,
    /// Whether the directory holds the certificate that it was encrypted to; else it was found.
    pub is_known: bool,
    pub outcome: Outcome,
}

#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("mail is off: set mail.smtp_host and mail.direct_domain")]
    MailOff,
    /// What it can't be sealed with, as the code of a delivery that failed for it.
    #[error("the message can't be sealed: {0}")]
    Sealing(#[from] JobError),
}

/// Hands it over once: whoever tries a partner is there to try again.
pub async fn send_trial(app: &App, actor: &Actor, trial: &Trial<'_>) -> Result<Tried, TrialError> {
    authorize(actor, Permission::ManageDoors, Resource::Installation)?;
    let mail = app.mail.as_ref().ok_or(TrialError::MailOff)?;
    let now = app.clock.now();
    let closing = closing(app, trial.from, trial.to, now).await?;
    let message_id = MessageId::new(TrialId::new(now).as_str(), &app.config.mail.direct_domain);
    let composed = compose(&Letter {
        from: trial.from,
        to: trial.to,
        subject: trial.subject,
        text: trial.text,
        attachments: trial.attachments,
        message_id: &message_id,
        date: now,
        report: Report::Delivery,
        in_reply_to: "",
    });
    let closed = closing.close(&composed, now)?;
    let outcome = mail.submit(Some(trial.from), trial.to, &closed).await;
    let encrypted_to = closing.encrypted_to();
    let mut tx = app.db.begin().await?;
    let is_known = store::partners::list(&mut tx).await?;
    let is_known = is_known.iter().any(|partner| partner.fingerprint == encrypted_to);
    let entry = audit::Entry {
        actor,
        action: "send_trial_message",
        resource_kind: "direct_message",
        resource_id: message_id.as_str(),
        outcome: Allowed::Allowed,
        detail: serde_json::json!({ "to": trial.to.to_string(), "became": code(&outcome) }),
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Tried {
        message_id,
        signed_by: closing.signed_by(),
        encrypted_to,
        is_known,
        outcome,
    })
}

/// `accepted`, `uncertain`, or why not.
pub fn code(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted => "accepted".to_owned(),
        Outcome::Uncertain => "uncertain".to_owned(),
        Outcome::TemporaryRefusal(reason) | Outcome::PermanentRefusal(reason) => reason.code(),
    }
}
