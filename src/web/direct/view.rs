//! What the page shows of a row.

use crate::direct::certificate::{Certificate, Use};
use crate::domain::delivery::DeliveryState;
use crate::referrals::identity::RENEW_BEFORE;
use crate::store::anchors::{StoredAnchor, StoredBundle};
use crate::store::direct_log::Went;
use crate::store::found::FoundCertificate;
use crate::store::identities::StoredIdentity;
use crate::store::partners::PartnerCertificate;
use crate::store::{self, Tx};
use crate::web::layout::{Tag, When, full_time, span, words};
use chrono::{DateTime, Utc};

/// A certificate of ours.
pub struct OwnView {
    pub name: String,
    pub fingerprint: String,
    /// What it is for: to sign, to be encrypted to, or both.
    pub uses: &'static str,
    pub end: Tag,
    /// The newest of its name that signs.
    pub signs: bool,
}

pub fn own(identities: &[StoredIdentity], now: DateTime<Utc>) -> Vec<OwnView> {
    let read = |row: &StoredIdentity| Certificate::from_der(&row.certificate).ok();
    let signs =
        |row: &StoredIdentity| read(row).is_some_and(|certificate| certificate.check(Use::Signing, now).is_ok());
    let newest = |name: &str| {
        let of_name = identities.iter().filter(|row| row.bound_to == name && signs(row));
        of_name
            .max_by_key(|row| read(row).and_then(|certificate| certificate.not_before()))
            .map(|row| row.id.clone())
    };
    let view = |row: &StoredIdentity| {
        let certificate = read(row);
        let may = |purpose| {
            let at = row.not_after;
            certificate
                .as_ref()
                .is_some_and(|certificate| certificate.check(purpose, at).is_ok())
        };
        OwnView {
            fingerprint: certificate.as_ref().map(Certificate::fingerprint).unwrap_or_default(),
            uses: match (may(Use::Signing), may(Use::Encrypting)) {
                (true, true) => "signs and decrypts",
                (true, false) => "signs",
                (false, true) => "decrypts",
                (false, false) => "decrypts late mail",
            },
            end: end(row.not_after, now),
            signs: newest(&row.bound_to).is_some_and(|id| id == row.id),
            name: row.bound_to.clone(),
        }
    };
    identities.iter().map(view).collect()
}

/// When something ends; told loudly a month before.
fn end(not_after: DateTime<Utc>, now: DateTime<Utc>) -> Tag {
    let left = not_after - now;
    let tag = if not_after <= now {
        Tag::new("Over", "no", "plain")
    } else if left < RENEW_BEFORE {
        Tag::new(format!("in {}", span(left)), "clock", "warn")
    } else {
        Tag::new(not_after.format("%-d %b %Y").to_string(), "", "plain")
    };
    tag.because(full_time(not_after))
}

pub struct AnchorView {
    pub holds_for: String,
    pub direction: String,
    pub fingerprint: String,
    pub subject: String,
    pub end: Tag,
    pub added: When,
}

impl AnchorView {
    pub fn new(anchor: &StoredAnchor, now: DateTime<Utc>) -> Self {
        Self {
            holds_for: anchor.holds_for.clone(),
            direction: anchor.direction.clone(),
            fingerprint: anchor.fingerprint.clone(),
            subject: Certificate::from_der(&anchor.certificate).map_or_else(|_| String::new(), |read| read.subject()),
            end: end(anchor.not_after, now),
            added: When::ago(anchor.created_at, now),
        }
    }
}

pub struct BundleView {
    pub id: String,
    pub source: String,
    pub holds_for: String,
    pub direction: String,
    pub anchors: usize,
    pub read: When,
    pub state: Tag,
    pub is_from_url: bool,
}

impl BundleView {
    pub fn new(bundle: &StoredBundle, anchors: usize, now: DateTime<Utc>) -> Self {
        let state = match &bundle.last_error {
            Some(code) => Tag::new("Not refreshed", "problem", "bad").because(words(code)),
            None => Tag::new("Well", "check", "good"),
        };
        Self {
            id: bundle.id.to_string(),
            source: bundle.source.clone(),
            holds_for: bundle.holds_for.clone(),
            direction: bundle.direction.clone(),
            anchors,
            read: When::ago(bundle.refreshed_at, now),
            state,
            is_from_url: bundle.is_from_url(),
        }
    }
}

/// Whom we encrypt to: known to the directory, or found.
pub struct PartnerView {
    pub name: String,
    pub fingerprint: String,
    pub how: String,
    pub since: When,
    pub end: Tag,
}

impl PartnerView {
    pub fn pinned(row: &PartnerCertificate, now: DateTime<Utc>) -> Self {
        Self {
            name: row.bound_to.clone(),
            fingerprint: row.fingerprint.clone(),
            how: "Added by hand".to_owned(),
            since: When::ago(row.created_at, now),
            end: end(row.not_after, now),
        }
    }

    pub fn found(row: &FoundCertificate, now: DateTime<Utc>) -> Self {
        let by = match row.step.as_str() {
            "dns_address" | "dns_domain" => "DNS",
            _ => "LDAP",
        };
        Self {
            name: row.address.clone(),
            fingerprint: row.fingerprint.clone(),
            how: format!("Found by {by} at {}", row.place),
            since: When::ago(row.found_at, now),
            end: end(row.not_after, now),
        }
    }
}

pub struct MessageView {
    pub at: When,
    pub from: String,
    pub to: String,
    pub state: Tag,
    /// Where it stands as a referral or an arrival, if there is a page.
    pub href: String,
}

impl MessageView {
    pub fn went(went: &Went, now: DateTime<Utc>) -> Self {
        let state = went.state;
        let (icon, tone) = match state {
            DeliveryState::Failed | DeliveryState::Uncertain => ("problem", "warn"),
            DeliveryState::Dispatched | DeliveryState::DeliveredByHand => ("check", "good"),
            DeliveryState::Queued | DeliveryState::Submitted | DeliveryState::Processed => ("clock", "plain"),
        };
        let told = went.error.as_deref().map_or_else(String::new, words);
        Self {
            at: When::ago(went.created_at, now),
            from: String::new(),
            to: went.address.clone().unwrap_or_default(),
            state: Tag::new(words(state.as_str()), icon, tone).because(told),
            href: format!("/referrals/{}", went.referral_id),
        }
    }
}

pub async fn came(tx: &mut Tx, limit: i64, now: DateTime<Utc>) -> store::Result<Vec<MessageView>> {
    let mut views = Vec::new();
    for message in store::direct_log::came(tx, limit).await? {
        let arrived = match &message.transmission {
            Some(transmission) => store::transmissions::find(tx, transmission).await?,
            None => None,
        };
        let problem = arrived.and_then(|arrived| arrived.details.problem);
        let state = match message.kind.as_str() {
            "refused" => Tag::new(
                problem.as_deref().map_or_else(|| "Refused".to_owned(), words),
                "problem",
                "warn",
            ),
            "mdn" => Tag::new("Report", "check", "plain"),
            "document" => Tag::new("Taken", "check", "good"),
            _ => Tag::new("Waiting", "clock", "plain"),
        };
        views.push(MessageView {
            at: When::ago(message.arrived_at, now),
            from: message.envelope.mail_from.unwrap_or_else(|| "<>".to_owned()),
            to: message.envelope.rcpt_to.join(", "),
            state,
            href: String::new(),
        });
    }
    Ok(views)
}
