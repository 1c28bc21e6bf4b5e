//! The layers of a message, outermost first: enveloped, signed, wrapped. Each gives the bytes of the next, untouched.

use super::trail::Trail;
use super::{Envelope, Judge, Policy, Refusal, Step};
use crate::direct::algorithms;
use crate::direct::cms::{self, SignatureError, Signers};
use crate::direct::identity::Identity;
use crate::direct::mime::{ContentType, Entity, Headers, MimeError};
use crate::direct::split;
use chrono::{DateTime, TimeDelta, Utc};
use std::borrow::Cow;

/// It is enveloped, and for us.
pub(super) fn decrypt(
    outer: &Entity<'_>,
    envelope: &Envelope,
    judge: &Judge<'_>,
    trail: &mut Trail,
) -> Result<Vec<u8>, Refusal> {
    let kind = outer.content_type()?;
    trail.note("content type", || kind.name.clone());
    let smime_type = kind.parameter("smime-type").unwrap_or("enveloped-data");
    let enveloped = ["enveloped-data", "authenveloped-data"].contains(&smime_type.to_ascii_lowercase().as_str());
    if !is_pkcs7_mime(&kind) || !enveloped {
        return Err(Refusal::NotEncrypted);
    }
    let enveloped = outer.decoded()?;
    trail.at(Step::Decrypt);
    trail.notes(|| algorithms::describe(&enveloped));
    let is_ours = |identity: &&Identity| {
        let mut recipients = envelope.rcpt_to.iter();
        recipients.any(|recipient| identity.certificate().binds(recipient))
    };
    let ours: Vec<&Identity> = judge.identities.iter().filter(is_ours).collect();
    if ours.is_empty() {
        return Err(Refusal::UnknownRecipient);
    }
    for identity in &ours {
        trail.note("our certificate", || identity.certificate().fingerprint());
    }
    // A wrong key can give garbage instead of an error.
    let readable =
        |bytes: &[u8]| Entity::parse(bytes).is_ok_and(|entity| entity.headers.first("Content-Type").is_some());
    cms::decrypt(&enveloped, &ours, readable).map_err(Refusal::Decrypt)
}

fn is_pkcs7_mime(kind: &ContentType) -> bool {
    kind.is("application/pkcs7-mime") || kind.is("application/x-pkcs7-mime")
}

fn is_pkcs7_signature(name: &str) -> bool {
    ["application/pkcs7-signature", "application/x-pkcs7-signature"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// It is signed, and the signature fits the raw bytes. Gives the signed bytes and nothing else.
pub(super) fn verify<'a>(
    decrypted: &'a [u8],
    judge: &Judge<'_>,
    trail: &mut Trail,
) -> Result<(Cow<'a, [u8]>, Signers), Refusal> {
    trail.at(Step::Verify);
    let entity = Entity::parse(decrypted)?;
    let kind = entity.content_type()?;
    trail.note("content type", || kind.name.clone());
    if is_pkcs7_mime(&kind) {
        let (content, signers) = verify_opaque(&entity, judge, trail)?;
        return Ok((Cow::Owned(content), signers));
    }
    if !kind.is("multipart/signed") || !kind.parameter("protocol").is_none_or(is_pkcs7_signature) {
        return Err(Refusal::NotSigned);
    }
    let boundary = kind.parameter("boundary").ok_or(MimeError::Structure)?;
    let found = split::parts(entity.body, boundary).ok_or(MimeError::Structure)?;
    let (true, &[content, signature]) = (found.closed, found.parts.as_slice()) else {
        return Err(Refusal::Malformed(MimeError::Structure));
    };
    let signature = Entity::parse(signature)?;
    if !is_pkcs7_signature(&signature.content_type()?.name) {
        return Err(Refusal::Signature(SignatureError::Malformed));
    }
    let signature = signature.decoded()?;
    // Told, and no reason to refuse: what was used stands in the signature, and is judged there. Seen are `sha-256`,
    // `sha256`, `SHA256`, and wrong ones.
    trail.note("micalg", || {
        let named = kind.parameter("micalg").unwrap_or("none").chars();
        named
            .filter(|c| c.is_ascii_alphanumeric() || "-,".contains(*c))
            .take(40)
            .collect()
    });
    trail.notes(|| described(&signature, judge.now));
    let signers = cms::verify_detached(&signature, content).map_err(Refusal::Signature)?;
    Ok((Cow::Borrowed(content), signers))
}

/// A partner's clock may be ahead.
const CLOCK_DRIFT: TimeDelta = TimeDelta::minutes(10);

/// What a signature names. A time of signing that is still to come is shown for what it is, and no reason to refuse: only the
/// signer vouches for it.
fn described(signature: &[u8], now: DateTime<Utc>) -> Vec<(&'static str, String)> {
    let mut found = algorithms::describe(signature);
    found.extend(algorithms::signing_times(signature).into_iter().map(|time| {
        let ahead = if time > now + CLOCK_DRIFT {
            ", in the future"
        } else {
            ""
        };
        (
            "signing time",
            format!("{}{ahead}", time.format("%Y-%m-%d %H:%M:%S UTC")),
        )
    }));
    found
}

fn verify_opaque(entity: &Entity<'_>, judge: &Judge<'_>, trail: &mut Trail) -> Result<(Vec<u8>, Signers), Refusal> {
    let structure = entity.decoded()?;
    trail.notes(|| described(&structure, judge.now));
    if cms::is_enveloped(&structure) {
        return Err(Refusal::Nested);
    }
    if !judge.policy.accept_opaque {
        return Err(Refusal::Opaque);
    }
    cms::verify_opaque(&structure).map_err(|error| match error {
        SignatureError::Malformed => Refusal::NotSigned,
        other => Refusal::Signature(other),
    })
}

/// The message inside: the wrapped one, or the signed part itself where the policy takes that.
pub(super) fn inner<'a>(signed: &'a [u8], policy: Policy, trail: &mut Trail) -> Result<Cow<'a, [u8]>, Refusal> {
    trail.at(Step::Inner);
    let entity = Entity::parse(signed)?;
    let kind = entity.content_type()?;
    trail.note("content type", || kind.name.clone());
    if kind.is("message/rfc822") {
        return Ok(entity.decoded()?);
    }
    if is_pkcs7_mime(&kind) || kind.is("multipart/signed") {
        return Err(Refusal::Nested);
    }
    if !policy.accept_unwrapped {
        return Err(Refusal::NotWrapped);
    }
    Ok(Cow::Borrowed(signed))
}

/// The headers that count: the signed ones. Only a message that is not wrapped, and that the policy takes all the same, may
/// have none; then those outside must serve, of which the signer's certificate covers From alone.
pub(super) fn headers<'a>(message: &'a Entity<'_>, outer: &'a Entity<'_>, policy: Policy) -> &'a Headers {
    if policy.accept_unwrapped && message.headers.first("From").is_none() {
        &outer.headers
    } else {
        &message.headers
    }
}

/// What a person could not read, since it is encrypted or signed once more.
pub(super) fn is_nested(message: &Entity<'_>) -> Result<bool, MimeError> {
    Ok(is_pkcs7_mime(&message.content_type()?))
}
