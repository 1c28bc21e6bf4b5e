//! Why an act was not done, and what can be done about it.

use crate::domain::permission::Denied;
use crate::domain::referral::InvalidTransition;
use crate::store;
use crate::vault::VaultError;
use chrono::{DateTime, Utc};

#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no such referral")]
    NotFound,
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Somebody changed the referral since the caller looked; `current` is its version now.
    #[error("somebody changed this referral meanwhile; look again before you go on")]
    Stale { current: u64 },
    /// Another person reviews it just now.
    #[error("{holder} is reviewing this referral; wait, or take it over on the review desk and say why")]
    Claimed { holder: String, until: DateTime<Utc> },
    #[error(transparent)]
    Invalid(#[from] InvalidTransition),
    /// Something that the act needs is not there; the text says what to do.
    #[error("{0}")]
    NotPossible(#[from] Obstacle),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What stands in the way of an act, and what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    #[error("{0} critical fields not seen yet: look at each on the review desk, then release")]
    NotSeen(usize),
    #[error("the note is empty: type a text or attach a PDF")]
    EmptyNote,
    #[error("the attachment is not a PDF: attach the note as a PDF, or type it")]
    NotAPdf,
    #[error("say what proves the delivery: to whom the letter went, how and when")]
    NoProof,
    #[error("there is no such referral to file it with: look for it by the patient's name and birth date")]
    NoSuchReferral,
    #[error("it is not clear whose referral this is: say who the patient is, then release")]
    WhoIsThis,
    #[error("there is no such patient, or it was made one with another; look again")]
    NoSuchPatient,
    #[error("this patient does not fit well enough: correct the fields, or make it a new patient")]
    DoesNotFit,
    #[error("there is no such site, or it is closed")]
    NoSuchSite,
    #[error("say at least one thing that the referrer should send")]
    NothingRequested,
    #[error("only a person reviews a referral: sign in with an account")]
    NotAPerson,
    #[error("this referral is past its review; look for it in the work queue")]
    PastReview,
    #[error("say why you take it over: whoever reviews it now is shown your reason")]
    NoReason,
    #[error("the appointment lies in the past")]
    AppointmentInThePast,
    #[error("the referrer is not known: choose the practice in the directory, or deliver by hand")]
    ReferrerUnknown,
    #[error("only a fax number or station id points to this referrer: confirm the practice, or deliver by hand")]
    ReferrerUnconfirmed,
    #[error("the referrer has no Direct address: deliver by hand")]
    NoDirectAddress,
    #[error("no certificate is known for the referrer's Direct address: add it, or deliver by hand")]
    NoCertificate,
    #[error("mail is not set up here: set `mail.smtp_host` and `mail.direct_domain`, or deliver by hand")]
    MailOff,
}

impl Obstacle {
    /// A code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSeen(_) => "not_seen",
            Self::EmptyNote => "empty_note",
            Self::NotAPdf => "not_a_pdf",
            Self::NoProof => "no_proof",
            Self::NoSuchReferral => "no_such_referral",
            Self::WhoIsThis => "who_is_this",
            Self::NoSuchPatient => "no_such_patient",
            Self::DoesNotFit => "does_not_fit",
            Self::NoSuchSite => "no_such_site",
            Self::NothingRequested => "nothing_requested",
            Self::NotAPerson => "not_a_person",
            Self::PastReview => "past_review",
            Self::NoReason => "no_reason",
            Self::AppointmentInThePast => "appointment_in_the_past",
            Self::ReferrerUnknown => "referrer_unknown",
            Self::ReferrerUnconfirmed => "referrer_unconfirmed",
            Self::NoDirectAddress => "no_direct_address",
            Self::NoCertificate => "no_certificate",
            Self::MailOff => "mail_off",
        }
    }
}
