//! What a reviewer must decide or know of a referral beside its fields: an answer that came, a message that may be one, a twin.

use super::layout::full_time;
use crate::domain::decision::AnswerBasis;
use crate::domain::ids::TransmissionId;
use crate::domain::people::Actor;
use crate::domain::referral::{Referral, Status};
use crate::referrals::duplicate::twins_of;
use crate::store::orders::OrderMessage;
use crate::store::{self, Tx, answers, documents, orders, routes, transmissions};
use chrono::NaiveDateTime;

pub struct Banner {
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub href: String,
    pub label: &'static str,
}

pub async fn of(tx: &mut Tx, actor: &Actor, referral: &Referral) -> store::Result<Vec<Banner>> {
    let mut banners = Vec::new();
    if let Status::InformationRequested { items } = &referral.status {
        banners.push(Banner {
            tone: "",
            icon: "clock",
            text: format!("It waits for what the referrer was asked for: {}.", items.join("; ")),
            href: format!("/desk/{}/request", referral.id),
            label: "Show the request",
        });
    }
    let said = orders::messages(tx, &referral.id).await?;
    for answer in answers::of_referral(tx, &referral.id).await? {
        banners.extend(of_answer(tx, &answer, &said).await?);
    }
    for routed in routes::to_referral(tx, &referral.id).await? {
        if let Some(document) = documents::find(tx, &routed.document).await? {
            banners.push(Banner {
                tone: "",
                icon: "note",
                text: format!("A consult note was filed with it on {}.", full_time(routed.routed_at)),
                href: format!("/transmissions/{}/original", document.transmission),
                label: "Original",
            });
        }
    }
    if referral.status.name().is_before_release() {
        for twin in twins_of(tx, actor, referral).await? {
            let at = full_time(twin.referral.created_at);
            let text = if twin.same_bytes {
                format!("The very same document came on {at} already.")
            } else {
                format!("This patient was referred to the same specialty on {at}. Is it the same referral?")
            };
            banners.push(Banner {
                tone: "warn",
                icon: "link",
                text,
                href: format!("/desk/{}/twins/{}", referral.id, twin.referral.id),
                label: "Compare",
            });
        }
    }
    Ok(banners)
}

/// What came with the referral, answers it or speaks about it; nothing for what a person put aside.
async fn of_answer(tx: &mut Tx, answer: &answers::Answer, said: &[OrderMessage]) -> store::Result<Option<Banner>> {
    let at = full_time(answer.arrived_at);
    let (tone, icon, text, label) = match (answer.attached, answer.settled_at) {
        (true, _) => match answer.basis {
            AnswerBasis::SameMessage | AnswerBasis::OtherPatient => {
                ("", "link", with_flaws(tx, &answer.transmission).await?, "Show beside")
            }
            AnswerBasis::OrderNumber => {
                let said = said.iter().find(|message| message.transmission == answer.transmission);
                let (tone, text) = said.map_or(("", "The sender wrote about this referral.".to_owned()), order_text);
                (tone, "note", text, "Show beside")
            }
            AnswerBasis::MessageId
            | AnswerBasis::OtherSender
            | AnswerBasis::Subject
            | AnswerBasis::OtherInitiator
            | AnswerBasis::PatientNumber => (
                "good",
                "check",
                format!("The referrer answered on {at}."),
                "Show beside",
            ),
        },
        (false, None) => ("warn", "question", offered(answer.basis, &at), "Look at it"),
        (false, Some(_)) => return Ok(None),
    };
    Ok(Some(Banner {
        tone,
        icon,
        text,
        href: format!("/desk/{}/answers/{}", answer.referral, answer.transmission),
        label,
    }))
}

/// A file of the same message, with what was wrong with the package that both came in.
async fn with_flaws(tx: &mut Tx, transmission: &TransmissionId) -> store::Result<String> {
    let came = transmissions::find(tx, transmission).await?;
    let flaws = came.map(|came| came.details.flaws).unwrap_or_default();
    let mut text = "Another file came in the same message.".to_owned();
    for flaw in flaws {
        text += " ";
        text += flaw.explanation();
    }
    Ok(text)
}

/// What the initiator says of its referral, and whether somebody must act.
fn order_text(message: &OrderMessage) -> (&'static str, String) {
    let tone = if message.kind.needs_a_person() { "warn" } else { "" };
    let starts = message.words.starts.as_deref().map(readable_time);
    let at = starts.map(|starts| format!(" on {starts}")).unwrap_or_default();
    let reasons = message.words.reasons.join("; ");
    let why = match reasons.trim_end_matches('.') {
        "" => String::new(),
        reasons => format!(": {reasons}"),
    };
    (tone, format!("{}{at}{why}.", message.kind.sentence()))
}

/// `202601201400-0600` as the sender means it; what is written otherwise stays as it is.
fn readable_time(text: &str) -> String {
    let digits = text
        .get(..12)
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let time = digits.and_then(|digits| NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M").ok());
    time.map_or_else(|| text.to_owned(), |time| time.format("%-d %b %Y at %H:%M").to_string())
}

fn offered(basis: AnswerBasis, at: &str) -> String {
    match basis {
        AnswerBasis::OtherPatient => format!(
            "A file that came in the same message on {at} seems to be about another patient. It was not attached to this referral."
        ),
        AnswerBasis::OtherInitiator => format!(
            "A message of {at} names this referral by its order number, but came from another sender. It was not attached."
        ),
        AnswerBasis::OtherSender => format!(
            "A message of {at} replies to our request, but it came from another sender than the one we asked. It was not attached."
        ),
        AnswerBasis::PatientNumber => format!(
            "A message of {at} names the patient by the number that we wrote for this referral. It was not attached."
        ),
        AnswerBasis::Subject | AnswerBasis::MessageId | AnswerBasis::SameMessage | AnswerBasis::OrderNumber => {
            format!("A message of {at} quotes this referral in its subject. It may be the answer; it was not attached.")
        }
    }
}

/// Offered messages, for the top of the desk: they must not wait until somebody opens their referral by chance.
pub async fn on_desk(tx: &mut Tx) -> store::Result<Vec<Banner>> {
    const SHOWN_MAX: u32 = 20;
    let offered_now = answers::offered(tx, SHOWN_MAX).await?;
    let banner = |answer: answers::Answer| Banner {
        tone: "warn",
        icon: "question",
        text: offered(answer.basis, &full_time(answer.arrived_at)).replace("this referral", "a referral"),
        href: format!("/desk/{}/answers/{}", answer.referral, answer.transmission),
        label: "Look at it",
    };
    Ok(offered_now.into_iter().map(banner).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ReferralId;
    use crate::domain::order::{OrderMessageKind, OrderWords};
    use chrono::DateTime;

    #[test]
    fn what_the_sender_says_reads_as_a_sentence() {
        let said = |kind, reasons: &[&str], starts: Option<&str>| {
            let now = DateTime::UNIX_EPOCH;
            order_text(&OrderMessage {
                transmission: TransmissionId::new(now),
                referral: ReferralId::new(now),
                kind,
                words: OrderWords {
                    reasons: reasons.iter().map(|text| (*text).to_owned()).collect(),
                    starts: starts.map(str::to_owned),
                    status: String::new(),
                },
                arrived_at: now,
            })
        };
        assert_eq!(
            said(OrderMessageKind::Cancellation, &["Moved away"], None),
            (
                "warn",
                "The sender asks to cancel this referral: Moved away.".to_owned()
            )
        );
        let booked = said(OrderMessageKind::Booked, &[], Some("202601201400-0600"));
        assert_eq!(
            booked,
            (
                "",
                "The sender reported an appointment on 20 Jan 2026 at 14:00.".to_owned()
            )
        );
        assert!(
            said(OrderMessageKind::NoShow, &[], Some("soon"))
                .1
                .ends_with("on soon.")
        );
    }
}
