//! One child from the parent's side: standing by, then at work on the one thing that it is asked for.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use crate::domain::transmission::QuarantineReason;
use crate::reading::outcome::{ReadError, meaning};
use crate::reading::pool::ReadingConfig;
use crate::reading::process::Process;
use crate::reading::request::{Order, Request};
use crate::reading::sandbox::Level;
use crate::reading::stream::{Frame, FrameReader, StreamError};

/// Time for a child to load libraries and models.
const START: Duration = Duration::from_secs(20);
/// A child that has closed its output says the rest at once.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Of the child's complaints no more is kept, and it is only searched, never shown.
const COMPLAINT_BYTES_MAX: usize = 16 << 10;

/// What a child says and how it ends.
#[derive(Debug)]
struct Line {
    process: Process,
    frames: FrameReader<ChildStdout>,
    /// Drained all the time, so that a child that complains much is not held up.
    complaint: AbortOnDropHandle<String>,
    /// Processor time up to the last frame.
    cpu: Duration,
}

impl Line {
    async fn next(&mut self, until: Instant) -> Result<Frame, ReadError> {
        let outcome = timeout_at(until, self.frames.next()).await;
        self.cpu = self.process.cpu();
        match outcome {
            Ok(Ok(frame)) => Ok(frame),
            Ok(Err(error)) => Err(self.verdict(&error).await),
            Err(_) => {
                self.process.kill();
                Err(ReadError::new(
                    QuarantineReason::Time,
                    "reading took longer than the limit",
                ))
            }
        }
    }

    /// Why the stream ended early: the exit code, the signal, or that it told nonsense.
    async fn verdict(&mut self, error: &StreamError) -> ReadError {
        let status = match error {
            StreamError::Cut(_) => self.process.ended().await,
            StreamError::Unbelievable(_) => None,
        };
        self.process.kill();
        let said = match timeout(LAST_WORDS, &mut self.complaint).await {
            Ok(Ok(said)) => said,
            _ => String::new(),
        };
        match status {
            Some(status) => meaning(status, &said),
            None => nonsense(error),
        }
    }
}

pub(super) fn nonsense(what: impl std::fmt::Display) -> ReadError {
    ReadError::new(QuarantineReason::Crash, format!("the reading child failed: {what}"))
}

/// A child that has loaded everything, is locked down, and has not seen an untrusted byte.
#[derive(Debug)]
pub(super) struct Ready {
    line: Line,
    stdin: ChildStdin,
    pub(super) level: Level,
}

impl Ready {
    pub(super) async fn start(config: &ReadingConfig) -> Result<Self, ReadError> {
        let mut process = Process::spawn(config).await.map_err(ReadError::ours)?;
        let child = &mut process.0;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(ReadError::ours("it has no pipes"));
        };
        let stdin = ChildStdin::from_std(stdin).map_err(ReadError::ours)?;
        let stdout = ChildStdout::from_std(stdout).map_err(ReadError::ours)?;
        let stderr = ChildStderr::from_std(stderr).map_err(ReadError::ours)?;
        let mut line = Line {
            process,
            frames: FrameReader::new(stdout, config.limits),
            complaint: AbortOnDropHandle::new(tokio::spawn(complaint(stderr))),
            cpu: Duration::ZERO,
        };
        match line.next(Instant::now() + START).await {
            Ok(Frame::Ready(level)) => Ok(Self { line, stdin, level }),
            Ok(_) => Err(ReadError::ours("it said something else than that it is ready")),
            // Nothing of a document was in it yet.
            Err(error) => Err(ReadError::new(QuarantineReason::ProcessingFailed, error.detail)),
        }
    }

    /// One that stood by for long may have been killed meanwhile.
    pub(super) fn is_alive(&mut self) -> bool {
        self.line.process.is_alive()
    }

    pub(super) fn ask(self, request: &Request, bytes: Bytes) -> Busy {
        let (orders, ordered) = mpsc::unbounded_channel();
        let head = request.head(bytes.len());
        let feed = tokio::spawn(feed(self.stdin, head, bytes, ordered));
        Busy {
            line: self.line,
            orders,
            cpu_told: Duration::ZERO,
            _feed: AbortOnDropHandle::new(feed),
        }
    }
}

/// Writes beside reading, so that neither pipe holds up the other. A child that has refused the document no longer reads;
/// its exit code says why.
async fn feed(mut stdin: ChildStdin, head: Vec<u8>, bytes: Bytes, mut orders: mpsc::UnboundedReceiver<Order>) {
    let request = async {
        stdin.write_all(&head).await?;
        stdin.write_all(&bytes).await
    };
    if request.await.is_err() {
        return;
    }
    drop(bytes);
    while let Some(order) = orders.recv().await {
        if stdin.write_all(&order.bytes()).await.is_err() {
            return;
        }
    }
}

/// A child at work. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Busy {
    line: Line,
    orders: mpsc::UnboundedSender<Order>,
    cpu_told: Duration,
    _feed: AbortOnDropHandle<()>,
}

impl Busy {
    pub(super) fn order(&self, order: Order) {
        // One that no longer listens has ended, which the next frame tells.
        let _ = self.orders.send(order);
    }

    pub(super) async fn next(&mut self, until: Instant) -> Result<Frame, ReadError> {
        self.line.next(until).await
    }

    /// Processor time since it was last asked for.
    pub(super) fn take_cpu(&mut self) -> Duration {
        let before = std::mem::replace(&mut self.cpu_told, self.line.cpu);
        self.line.cpu.saturating_sub(before)
    }
}

/// The start of what the child complained of; the rest is read and dropped.
async fn complaint(mut stderr: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        let room = COMPLAINT_BYTES_MAX - kept.len();
        kept.extend_from_slice(&buffer[..count.min(room)]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
