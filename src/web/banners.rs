//! What a reviewer must decide or know of a referral beside its fields: an answer that came, a message that may be one, a twin.

use super::layout::full_time;
use crate::domain::decision::AnswerBasis;
use crate::domain::people::Actor;
use crate::domain::referral::{Referral, Status};
use crate::referrals::duplicate::twins_of;
use crate::store::{self, Tx, answers, documents, routes};

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
    for answer in answers::of_referral(tx, &referral.id).await? {
        let href = format!("/desk/{}/answers/{}", referral.id, answer.transmission);
        let at = full_time(answer.arrived_at);
        let (tone, icon, text, label) = match (answer.attached, answer.settled_at) {
            (true, _) => (
                "good",
                "check",
                format!("The referrer answered on {at}."),
                "Show beside",
            ),
            (false, None) => ("warn", "question", offered(answer.basis, &at), "Look at it"),
            (false, Some(_)) => continue,
        };
        banners.push(Banner {
            tone,
            icon,
            text,
            href,
            label,
        });
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

fn offered(basis: AnswerBasis, at: &str) -> String {
    match basis {
        AnswerBasis::OtherSender => format!(
            "A message of {at} replies to our request, but it came from another sender than the one we asked. It was not attached."
        ),
        AnswerBasis::Subject | AnswerBasis::MessageId => {
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
