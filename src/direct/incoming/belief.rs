//! Whether to believe who signed: the signer speaks for the sender, recipients trust it, the envelope says the same.

use super::fields::addresses;
use super::trail::Trail;
use super::{Content, Envelope, Judge, Refusal, Step};
use crate::direct::address::Address;
use crate::direct::certificate::{Certificate, Use};
use crate::direct::cms::Signers;
use crate::direct::mime::Headers;
use crate::direct::trust::TrustedBy;

/// The one mailbox of the inner From.
pub(super) fn sender(headers: &Headers, trail: &mut Trail) -> Result<Address, Refusal> {
    headers.once("From")?.ok_or(Refusal::NoSender)?;
    let mut senders = addresses(headers, "From").into_iter();
    let (Some(sender), None) = (senders.next(), senders.next()) else {
        return Err(Refusal::NoSender);
    };
    let sender: Address = sender.parse().map_err(|_| Refusal::NoSender)?;
    trail.note("From", || sender.to_string());
    Ok(sender)
}

/// What a message says that it is. What says that it is a report opens no referral, whatever else it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Document,
    Report,
}

/// A signer whom at least one recipient trusts.
pub(super) struct Believed<'a> {
    pub signer: &'a Certificate,
    pub recipients: Vec<Address>,
    pub refused: Vec<(Address, Refusal)>,
}

/// One of the certificates that verified speaks for the sender, is good now, and is trusted. Each recipient judges for
/// itself; one that refuses does not spoil it for the others.
pub(super) fn believe<'a>(
    signers: &'a Signers,
    sender: &Address,
    envelope: &Envelope,
    judge: &Judge<'_>,
    kind: Kind,
    trail: &mut Trail,
) -> Result<Believed<'a>, Refusal> {
    trail.at(Step::Signer);
    let usable = usable(&signers.verified, sender, judge, trail)?;
    trail.at(Step::Trust);
    let mut believed = None;
    let (mut recipients, mut refused): (Vec<Address>, Vec<(Address, Refusal)>) = Default::default();
    for recipient in &envelope.rcpt_to {
        if recipients.contains(recipient) || refused.iter().any(|(known, _)| known == recipient) {
            continue;
        }
        match trusted(&usable, &signers.others, sender, recipient, judge, kind) {
            Ok((signer, by)) => {
                trail.note("trusted", || format!("by {recipient}, {}", told(&by)));
                believed.get_or_insert(signer);
                recipients.push(recipient.clone());
            }
            Err(refusal) => {
                trail.note("not trusted", || format!("by {recipient}: {refusal}"));
                refused.push((recipient.clone(), refusal));
            }
        }
    }
    match (believed, refused.first()) {
        (Some(signer), _) => Ok(Believed {
            signer,
            recipients,
            refused,
        }),
        (None, Some((_, refusal))) => Err(*refusal),
        (None, None) => Err(Refusal::EnvelopeMismatch),
    }
}

/// Those that speak for the sender and may be used now, else why not the last of them.
fn usable<'a>(
    verified: &'a [Certificate],
    sender: &Address,
    judge: &Judge<'_>,
    trail: &mut Trail,
) -> Result<Vec<&'a Certificate>, Refusal> {
    let mut refusal = Refusal::SignerNotBound;
    let mut usable = Vec::new();
    for signer in verified {
        trail.note("signer", || signer.fingerprint());
        trail.note("bound to", || signer.bound_to().unwrap_or("nobody").to_owned());
        if !signer.binds(sender) {
            continue;
        }
        match signer.check(Use::Signing, judge.now) {
            Ok(()) => usable.push(signer),
            Err(problem) => refusal = Refusal::SignerCertificate(problem),
        }
    }
    if usable.is_empty() { Err(refusal) } else { Ok(usable) }
}

/// The first signer whom the recipient trusts, else why not the last.
fn trusted<'a>(
    usable: &[&'a Certificate],
    others: &[Certificate],
    sender: &Address,
    recipient: &Address,
    judge: &Judge<'_>,
    kind: Kind,
) -> Result<(&'a Certificate, TrustedBy), Refusal> {
    let mut identities = judge.identities.iter();
    if !identities.any(|identity| identity.certificate().binds(recipient)) {
        return Err(Refusal::UnknownRecipient);
    }
    let mut refusal = Refusal::SignerNotBound;
    for signer in usable {
        let judged = match kind {
            Kind::Report => judge.trust.of_reporter(recipient, sender, signer, others),
            Kind::Document => judge.trust.of_signer(recipient, sender, signer, others),
        };
        match judged {
            Ok(by) => return Ok((signer, by)),
            Err(distrust) => refusal = Refusal::Untrusted(distrust),
        }
    }
    Err(refusal)
}

fn told(by: &TrustedBy) -> String {
    match by {
        TrustedBy::Pinned => "which holds this certificate".to_owned(),
        TrustedBy::Anchor(anchor) => format!("by its anchor {anchor}"),
    }
}

/// The envelope says the same as the signed headers. A blind copy does not count as addressed. The null
/// sender is for reports alone. Who sends for another says so in Sender, which was signed too (RFC 5322 §3.6.2).
pub(super) fn check_envelope(
    envelope: &Envelope,
    headers: &Headers,
    sender: &Address,
    content: &Content,
    trail: &mut Trail,
) -> Result<(), Refusal> {
    trail.at(Step::Envelope);
    let mail_from = envelope.mail_from.as_ref();
    trail.note("MAIL FROM", || {
        mail_from.map_or_else(|| "<>".to_owned(), ToString::to_string)
    });
    let sender_fits = match (&envelope.mail_from, content) {
        (Some(mail_from), _) => {
            let sends_for_another = |text: &String| text.parse().as_ref() == Ok(mail_from);
            mail_from == sender || matches!(&addresses(headers, "Sender")[..], [one] if sends_for_another(one))
        }
        (None, Content::Report(_)) => true,
        (None, Content::Document { .. }) => false,
    };
    let mut addressed = addresses(headers, "To");
    addressed.extend(addresses(headers, "Cc"));
    for recipient in &envelope.rcpt_to {
        trail.note("RCPT TO", || recipient.to_string());
    }
    for address in addressed.iter().filter_map(|text| text.parse::<Address>().ok()) {
        trail.note("To or Cc", || address.to_string());
    }
    let recipients_fit = !envelope.rcpt_to.is_empty()
        && envelope
            .rcpt_to
            .iter()
            .all(|recipient| addressed.iter().any(|to| to.parse().as_ref() == Ok(recipient)));
    if sender_fits && recipients_fit {
        Ok(())
    } else {
        Err(Refusal::EnvelopeMismatch)
    }
}
