//! What comes by fax: the referrals that are reviewed, and enough others that recognition never runs out of pages.

use super::gateway::Gateway;
use anyhow::{Context, ensure};
use referloop::app::App;
use referloop::domain::ids::{ReferralId, TransmissionId};
use referloop::domain::transmission::Stage;
use referloop::store::jobs::{self, Lane};
use referloop::store::{referrals, transmissions};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Read before anything is timed, then reviewed.
const REVIEWED: [&str; 6] = [
    "clean-referral/fax.tif",
    "incomplete-referral/fax.tif",
    "upside-down-fax/fax.tif",
    "unseen-forms/transplant_landscape.tif",
    "unseen-forms/eye_captions.tif",
    "unseen-forms/pain_matrix.tif",
];
/// About other patients, so that those under review are not found to be referred twice again and again.
const READ_MEANWHILE: [&str; 4] = [
    "two-patients/fax.tif",
    "unseen-forms/letter_dictated.tif",
    "unseen-forms/from_to_columns.tif",
    "lab-result/fax.tif",
];
/// So many wait at least while anything is timed.
const WAITING: usize = 12;
const READ_WITHIN: Duration = Duration::from_mins(15);

pub struct Inbox {
    app: App,
    gateway: Gateway,
    door: String,
}

fn sample(path: &str) -> anyhow::Result<Vec<u8>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    std::fs::read(samples.join(path)).with_context(|| format!("samples/{path} can't be read"))
}

impl Inbox {
    pub fn new(app: App, gateway: Gateway, door: String) -> Self {
        Self { app, gateway, door }
    }

    /// Hands over the sample, unlike every other fax.
    async fn deliver(&self, path: &str, fax_id: &str) -> anyhow::Result<()> {
        let mut document = sample(path)?;
        document.extend_from_slice(fax_id.as_bytes());
        let answer = self.gateway.delivery(fax_id, &document).send().await?;
        ensure!(
            answer.status().is_success(),
            "{path} was not taken: {}",
            answer.status()
        );
        Ok(())
    }

    /// Sends so many faxes and waits until they are read. Gives the referrals that wait for a review.
    pub async fn referrals(&self, faxes: u32) -> anyhow::Result<Vec<ReferralId>> {
        let names: Vec<String> = (0..faxes).map(|number| format!("reviewed-{number}")).collect();
        for (name, path) in names.iter().zip(REVIEWED.iter().cycle()) {
            self.deliver(path, name).await?;
        }
        let mut found = Vec::new();
        for name in &names {
            let read = self.read(name).await?;
            let mut tx = self.app.db.read().await?;
            for id in referrals::of_transmission(&mut tx, &read).await? {
                let referral = referrals::find(&mut tx, &id).await?;
                if referral.is_some_and(|referral| referral.status.name().is_before_release()) {
                    found.push(id);
                }
            }
        }
        ensure!(!found.is_empty(), "none of the faxes became a referral to review");
        Ok(found)
    }

    async fn read(&self, fax_id: &str) -> anyhow::Result<TransmissionId> {
        let begun = Instant::now();
        loop {
            let mut tx = self.app.db.read().await?;
            let found = transmissions::find_by_fax_id(&mut tx, &self.door, fax_id).await?;
            drop(tx);
            let found = found.context("a fax that was taken is not there")?;
            match found.stage {
                Stage::Done => return Ok(found.id),
                Stage::Quarantined => anyhow::bail!("the fax `{fax_id}` was set aside"),
                _ => ensure!(begun.elapsed() < READ_WITHIN, "the fax `{fax_id}` was not read in time"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn is_longer_than(&self, count: usize) -> anyhow::Result<bool> {
        let mut tx = self.app.db.read().await?;
        Ok(jobs::is_longer_than(&mut tx, Lane::Read, count, self.app.clock.now()).await?)
    }

    /// Whether a fax waits for a core, so that all cores are at work.
    pub async fn is_reading(&self) -> anyhow::Result<bool> {
        self.is_longer_than(0).await
    }
}

/// Faxes that come as long as it lives.
pub struct Feed {
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<u32>>,
}

impl Feed {
    /// Comes back as soon as enough wait.
    pub async fn begin(inbox: &Arc<Inbox>) -> anyhow::Result<Self> {
        let mut sent = fill(inbox, 0).await?;
        let inbox = Arc::clone(inbox);
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            while stopped.try_recv() == Err(oneshot::error::TryRecvError::Empty) {
                sent = fill(&inbox, sent).await?;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Ok(sent)
        });
        Ok(Self { stop, task })
    }

    /// Gives how many faxes there were.
    pub async fn end(self) -> anyhow::Result<u32> {
        // Nobody listens where the task failed, which its own result tells.
        let _ = self.stop.send(());
        self.task.await?
    }
}

/// Sends until enough wait. Gives the number of all that were sent.
async fn fill(inbox: &Inbox, mut sent: u32) -> anyhow::Result<u32> {
    while !inbox.is_longer_than(WAITING).await? {
        let path = READ_MEANWHILE[sent as usize % READ_MEANWHILE.len()];
        inbox.deliver(path, &format!("meanwhile-{sent}")).await?;
        sent += 1;
    }
    Ok(sent)
}
