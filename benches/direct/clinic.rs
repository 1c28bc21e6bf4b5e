//! Our side: the service's own intake on a database, with its anchors, lists and certificate, without what comes after filing.

use super::authority::{Authority, LISTS, OUR_DOMAIN, OURS, THEIRS};
use referloop::app::{self, App};
use referloop::clock::Clock;
use referloop::config::{Config, DatabaseUrl};
use referloop::direct::agent;
use referloop::direct::incoming::Envelope;
use referloop::direct::trust::anchors::{Direction, HoldsFor};
use referloop::domain::mail_mode::MailMode;
use referloop::domain::people::Actor;
use referloop::jobs::{Lane, Limits, Worker};
use referloop::pipeline::message;
use referloop::referrals::trust::anchors::{self, Holding};
use referloop::store::fetched::FetchedKind;
use referloop::store::identities::StoredIdentity;
use referloop::store::{self, sql};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Connections of partners that hand messages over at the same time.
const CALLERS: usize = 16;

pub struct Clinic {
    app: App,
    envelope: Envelope,
}

impl Clinic {
    pub async fn open(folder: &Path, authority: &Authority) -> anyhow::Result<Self> {
        let url = std::env::var("REFERLOOP_BENCH_DATABASE_URL")
            .unwrap_or_else(|_| format!("sqlite:{}", folder.join("direct.db").display()));
        let mut config = Config::in_folder(folder);
        config.database_url = Some(DatabaseUrl::new(url));
        OUR_DOMAIN.clone_into(&mut config.mail.direct_domain);
        app::connect(&config).await?.migrate().await?;
        let app = App::build(config, Clock::System).await?;
        let envelope = Envelope {
            mail_from: Some(THEIRS.parse()?),
            rcpt_to: vec![OURS.parse()?],
        };
        let clinic = Self { app, envelope };
        clinic.introduce(authority).await?;
        Ok(clinic)
    }

    pub fn database(&self) -> String {
        format!("{:?}", self.app.db.kind())
    }

    async fn introduce(&self, authority: &Authority) -> anyhow::Result<()> {
        let (app, now) = (&self.app, self.app.clock.now());
        let ours = authority.ours()?;
        let identity = StoredIdentity {
            id: ours.certificate().fingerprint(),
            bound_to: OUR_DOMAIN.to_owned(),
            certificate: ours.certificate().to_der(),
            private_key: ours.private_key_der()?,
            not_after: ours.certificate().not_after().unwrap_or(now),
            created_at: now,
        };
        let mut tx = app.db.begin().await?;
        store::identities::insert(&mut tx, &identity).await?;
        for (issuer, url) in LISTS {
            let list = authority.list_of(issuer)?;
            store::fetched::keep(&mut tx, url, FetchedKind::Crl, list, None, now).await?;
        }
        tx.commit().await?;
        let holding = Holding {
            holds_for: HoldsFor::Domain(OUR_DOMAIN.to_owned()),
            directions: vec![Direction::Incoming],
        };
        for anchor in authority.anchors()? {
            anchors::add(app, &Actor::Operator, &anchor, &holding).await?;
        }
        Ok(())
    }

    /// Every check of a message, with what it is judged by read anew each time, as the service does.
    pub async fn open_all(&self, messages: &[Vec<u8>], at_a_time: usize) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let messages = Arc::new(messages.to_vec());
        self.side_by_side(messages.len(), at_a_time, move |app, envelope, number| {
            let messages = Arc::clone(&messages);
            async move {
                let mut tx = app.db.read().await?;
                let grounds = message::grounds(&app, &mut tx).await?;
                drop(tx);
                let now = app.clock.now();
                let opened = tokio::task::spawn_blocking(move || {
                    let opened = agent::of(MailMode::Agent).open(&messages[number], &envelope, &grounds.judge(now));
                    opened
                        .map(|message| message.recipients.len())
                        .map_err(|refused| refused.refusal)
                });
                anyhow::ensure!(opened.await?? == 1, "a message was not for us");
                Ok(())
            }
        })
        .await?;
        Ok(begun.elapsed())
    }

    /// As the SMTP listener does before it says 250.
    pub async fn spool_all(&self, messages: &[Vec<u8>]) -> anyhow::Result<()> {
        let messages = Arc::new(messages.to_vec());
        self.side_by_side(messages.len(), CALLERS, move |app, envelope, number| {
            let messages = Arc::clone(&messages);
            async move {
                message::spool(&app, &envelope, &messages[number]).await?;
                Ok(())
            }
        })
        .await
    }

    /// Runs the jobs that open messages until every one is filed.
    pub async fn file_all(&self, messages: usize) -> anyhow::Result<()> {
        let app = &self.app;
        let worker = Worker::new(app.db.clone(), app.clock.clone(), app.clone());
        let worker = worker.register(message::OPEN, Lane::Quick, Limits::PARSER, message::open);
        let stop = CancellationToken::new();
        let work = tokio::spawn(worker.run(stop.clone()));
        loop {
            let mut tx = app.db.read().await?;
            let count = |kind: &str| sql("select count(*) from inbound_message where kind = $1").bind(kind.to_owned());
            let filed: i64 = count("document").fetch_scalar(&mut tx).await?;
            let refused: i64 = count("refused").fetch_scalar(&mut tx).await?;
            drop(tx);
            anyhow::ensure!(refused == 0, "{refused} messages were refused");
            if usize::try_from(filed)? == messages {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.cancel();
        work.await?;
        Ok(())
    }

    async fn side_by_side<F, Work>(&self, messages: usize, at_a_time: usize, work: F) -> anyhow::Result<()>
    where
        F: Fn(App, Envelope, usize) -> Work + Clone + Send + 'static,
        Work: Future<Output = anyhow::Result<()>> + Send,
    {
        let next = Arc::new(AtomicUsize::new(0));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..at_a_time {
            let (app, envelope, next, work) = (self.app.clone(), self.envelope.clone(), next.clone(), work.clone());
            tasks.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= messages {
                        return anyhow::Ok(());
                    }
                    work(app.clone(), envelope.clone(), number).await?;
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        Ok(())
    }

    pub async fn close(self) {
        self.app.db.close().await;
    }
}
