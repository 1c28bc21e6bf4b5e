//! What `serve` and `work` share: the checks before the start, the tasks that run side by side, and their end.

use crate::app::App;
use crate::audit;
use crate::reading;
use crate::telemetry;
use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// A service must be gone within 10 s of being told; some of that is left for the runtime's own end.
const STOP_TIMEOUT: Duration = Duration::from_secs(9);
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Tasks that live and end together.
pub struct Service {
    pub stop: CancellationToken,
    tasks: JoinSet<anyhow::Result<()>>,
}

impl Service {
    pub fn new() -> anyhow::Result<Self> {
        let stop = CancellationToken::new();
        stop_on_signal(stop.clone())?;
        outlive_a_file_that_is_too_large()?;
        allow_as_many_files_as_the_system_does();
        let mut service = Self {
            stop,
            tasks: JoinSet::new(),
        };
        let stop = service.stop.clone();
        service.add(async move {
            let mut every = tokio::time::interval(METRICS_UPKEEP);
            while !stop.is_cancelled() {
                tokio::select! {
                    _ = every.tick() => telemetry::metrics().run_upkeep(),
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        });
        Ok(service)
    }

    pub fn add(&mut self, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Links the audit log. Several processes may: only one is at it at a time.
    pub fn keep_audit(&mut self, app: &App) {
        let (app, stop) = (app.clone(), self.stop.clone());
        self.add(async move {
            audit::keep(app, stop).await;
            Ok(())
        });
    }

    /// Keeps data keys ready, and moves to the bucket what waits for it.
    pub fn keep_vault(&mut self, app: &App) {
        let (vault, stop) = (app.vault.clone(), self.stop.clone());
        self.add(async move {
            vault.keep(&stop).await;
            Ok(())
        });
    }

    /// Runs until a signal comes or a task ends, then lets the others end, for some seconds.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.tasks.join_next().await {
            let ended = ended.context("a task of the service panicked").flatten();
            let expected = self.stop.is_cancelled();
            self.stop.cancel();
            outcome = match (outcome, ended) {
                (Ok(()), Ok(())) if !expected => Err(anyhow::anyhow!("a task of the service ended by itself")),
                (Ok(()), ended) => ended,
                (first, _) => first,
            };
            if self.end_of_the_others().await.is_err() {
                tracing::warn!(
                    count = self.tasks.len(),
                    "not everything ended in time; what was under way is repeated"
                );
                self.tasks.abort_all();
                break;
            }
        }
        tracing::info!("stopped");
        outcome
    }

    async fn end_of_the_others(&mut self) -> Result<(), tokio::time::error::Elapsed> {
        let all = async {
            while let Some(ended) = self.tasks.join_next().await {
                if let Ok(Err(error)) = ended {
                    tracing::error!(error.cause = %error, "a task of the service ended badly");
                }
            }
        };
        tokio::time::timeout(STOP_TIMEOUT, all).await
    }
}

/// SIGTERM or SIGINT asks for an orderly end; the second one ends at once.
fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("signals can't be received")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals can't be received")?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.is_cancelled() {
                std::process::exit(1);
            }
            tracing::info!("stopping");
            stop.cancel();
        }
    });
    Ok(())
}

/// A write beyond the limit of a file's size shall fail like one to a full disk. Unless somebody listens for it, the signal that
/// comes with it ends the process.
fn outlive_a_file_that_is_too_large() -> anyhow::Result<()> {
    // The handler stays when its receiver is gone.
    let receiver = signal(SignalKind::from_raw(libc::SIGXFSZ)).context("signals can't be received")?;
    drop(receiver);
    Ok(())
}

/// Most systems allow 1,024 open files and connections until a program asks for what it may have.
fn allow_as_many_files_as_the_system_does() {
    let allowed = getrlimit(Resource::Nofile);
    let asked = Rlimit {
        current: allowed.maximum,
        ..allowed
    };
    if let Err(error) = setrlimit(Resource::Nofile, asked) {
        tracing::warn!(error = %error, "the number of open files stays as it is");
    }
}

/// No untrusted byte is read where a hostile document could break out, unless the operator said so.
pub async fn check_reading(app: &App) -> anyhow::Result<()> {
    let health = reading::check(&app.config.reading)
        .await
        .map_err(|unhealthy| anyhow::anyhow!("{unhealthy}. {}", unhealthy.remedy))?;
    if !health.is_fully_sandboxed() {
        tracing::warn!(
            landlock = ?health.level.landlock,
            seccomp = health.level.seccomp,
            "documents are read without a complete sandbox, as configured: a hostile one may break out"
        );
    }
    app.reading.warm_up();
    Ok(())
}
