//! The files of a believed message become transmissions, one each. Where one of them is data (a clinical document, an order, a package
//! of these), it leads: it is read first, and the others belong to the referral that it opens. See decision 0028.

mod plan;

use super::{DOOR, site_of};
use crate::app::App;
use crate::direct::incoming::Message;
use crate::direct::message::Attachment;
use crate::domain::ids::{ReferralId, TransmissionId};
use crate::domain::people::Actor;
use crate::domain::site::SiteKey;
use crate::domain::transmission::{QuarantineReason, SaidOfPatient, Stage, TransmissionDetails};
use crate::jobs::JobError;
use crate::pipeline::beside::release_waiting;
use crate::pipeline::receive::{Course, ReceiveOutcome, ReceiveStatus, Received, receive_for};
use crate::pipeline::said;
use crate::referrals::answer::Bearing;
use crate::store;
use plan::{Part, Plan};

/// Characters of a message's words that are shown beside its files. Notices of confidentiality alone run to a thousand.
const WORDS_MAX: usize = 4_000;

/// What became of a message's files.
#[derive(Default)]
pub(super) struct Taken {
    /// One a file; the first is the one that leads.
    pub transmissions: Vec<TransmissionId>,
    /// A file under the sender's number for it is here, for another recipient, with other bytes: this one was kept beside it only.
    pub is_in_conflict: bool,
}

impl Taken {
    fn add(&mut self, outcome: ReceiveOutcome) {
        self.is_in_conflict |= outcome.status == ReceiveStatus::Conflict;
        self.transmissions.push(outcome.transmission);
    }
}

/// Takes all of them in.
pub(super) async fn take_in(
    app: &App,
    message: &Message,
    text: Option<&str>,
    attachments: &[Attachment],
    bearing: Option<&Bearing>,
) -> Result<Taken, JobError> {
    let (files, body) = (attachments.to_vec(), text.unwrap_or_default().to_owned());
    let said = message.context.as_ref().and_then(said::of_patient);
    let named = said.as_ref().map(SaidOfPatient::known);
    // Pure, but unpacking keeps a core busy for a moment.
    let plan = tokio::task::spawn_blocking(move || Plan::of(files, &body, named))
        .await
        .map_err(|error| JobError::crash("attachments").because(error))?;
    let to: Vec<String> = message.recipients.iter().map(ToString::to_string).collect();
    let answers = bearing
        .filter(|bearing| bearing.basis.is_enough_to_attach())
        .map(|bearing| bearing.referral.clone());
    let taking = Taking {
        app,
        message,
        site: site_of(app, &to).await?,
        answers,
        said,
        words: words(&message.subject, text.unwrap_or_default()),
    };
    match plan {
        Plan::Apart(parts) => taking.apart(parts, Course::Read).await,
        Plan::Held(parts) => {
            taking
                .apart(parts, Course::Hold(QuarantineReason::SeveralPatients))
                .await
        }
        // What answers a request belongs to that referral, and opens none that others could belong to.
        Plan::Led { lead, others } if taking.answers.is_some() => {
            let parts = std::iter::once(lead).chain(others);
            taking.apart(parts.collect(), Course::Read).await
        }
        Plan::Led { lead, others } => taking.led(lead, others).await,
    }
}

struct Taking<'a> {
    app: &'a App,
    message: &'a Message,
    site: SiteKey,
    answers: Option<ReferralId>,
    said: Option<SaidOfPatient>,
    words: Option<String>,
}

/// What a person should read beside the files: that it is urgent, or whom to call, stands there alone.
fn words(subject: &str, text: &str) -> Option<String> {
    let all = format!("{}\n{}", subject.trim(), text.trim());
    let all = all.trim();
    if all.is_empty() {
        return None;
    }
    match all.char_indices().nth(WORDS_MAX) {
        Some((end, _)) => Some(format!("{} …", all[..end].trim_end())),
        None => Some(all.to_owned()),
    }
}

impl Taking<'_> {
    /// Each by itself.
    async fn apart(&self, parts: Vec<Part>, course: Course) -> Result<Taken, JobError> {
        let mut taken = Taken::default();
        for (number, part) in (1..).zip(parts) {
            taken.add(self.take(part, number, course).await?);
        }
        Ok(taken)
    }

    /// The others first, so that all of them wait when the leading one is through.
    async fn led(&self, lead: Part, others: Vec<Part>) -> Result<Taken, JobError> {
        let mut taken = Taken::default();
        for (number, part) in (2..).zip(others) {
            let waiting = self.take(part, number, Course::Wait).await?;
            let mut tx = self.app.db.begin().await?;
            store::message_parts::insert(&mut tx, &waiting.transmission, &self.fax_id(1)).await?;
            tx.commit().await?;
            taken.add(waiting);
        }
        let lead = self.take(lead, 1, Course::Read).await?;
        self.release_if_ended(&lead.transmission).await?;
        taken.add(lead);
        taken.transmissions.rotate_right(1);
        Ok(taken)
    }

    /// A message that is opened once more may find its leading file worked through.
    async fn release_if_ended(&self, lead: &TransmissionId) -> Result<(), JobError> {
        let mut tx = self.app.db.begin().await?;
        let known = store::transmissions::find(&mut tx, lead).await?;
        let has_ended = known.is_some_and(|known| matches!(known.stage, Stage::Done | Stage::Quarantined));
        if has_ended {
            release_waiting(&mut tx, lead, self.app.clock.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    fn fax_id(&self, number: usize) -> String {
        format!("{} {} {number}", self.message.sender, self.message.message_id)
    }

    async fn take(&self, part: Part, number: usize, course: Course) -> Result<ReceiveOutcome, JobError> {
        let received = Received {
            site: self.site.clone(),
            door: DOOR.to_owned(),
            actor: Actor::Door { name: DOOR.to_owned() },
            fax_id: self.fax_id(number),
            document: part.bytes,
            details: TransmissionDetails {
                direct_sender: Some(self.message.sender.to_string()),
                answers: self.answers.clone(),
                flaws: part.flaws,
                said: self.said.clone(),
                words: self.words.clone(),
                ..TransmissionDetails::default()
            },
            partial: false,
            malformed: false,
            received_at: self.message.date.unwrap_or_else(|| self.app.clock.now()),
        };
        Ok(receive_for(self.app, received, course).await?)
    }
}
