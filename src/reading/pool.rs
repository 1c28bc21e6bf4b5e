//! The parent's side: one child a document, at most one a core, and every way in which a child can end, told apart.

use std::io::{self, Cursor};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::domain::page::PageText;
use crate::domain::transmission::QuarantineReason;
use crate::reading::child::{self, NotReady, Task};
use crate::reading::detect::{MediaType, sniff};
use crate::reading::document::{Limits, Refusal};
use crate::reading::pdf;
use crate::reading::probe::Probe;
use crate::reading::raster::Gray;
use crate::reading::recognize::MODELS_VARIABLE;
use crate::reading::stream::{Frame, FrameReader, Report, StreamError};

/// The section `reading` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadingConfig {
    /// Children at the same time; none given means one a core.
    pub jobs: Option<usize>,
    pub limits: Limits,
    /// Read although the kernel can't contain a hostile document. Only for machines where nothing else is possible.
    pub allow_unsandboxed: bool,
    /// `libpdfium.so`; else `REFERLOOP_PDFIUM`, beside the program, `/usr/local/lib/referloop`.
    pub pdfium: Option<PathBuf>,
    /// The folder with Tesseract's models; else `TESSDATA_PREFIX`, else where Debian has it.
    pub models: Option<PathBuf>,
    /// The program that has the `read-child` command; this one unless a test says otherwise.
    pub program: Option<PathBuf>,
}

/// A document as read.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    pub media_type: MediaType,
    pub pages: Vec<ReadPage>,
}

#[derive(Clone, Debug)]
pub struct ReadPage {
    pub text: PageText,
    /// The review image, 8-bit grey: [`PageText::width`] by [`PageText::height`].
    pub image_png: Vec<u8>,
}

/// Why a document was not read. The detail holds nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ReadError {
    pub reason: QuarantineReason,
    pub detail: String,
}

impl ReadError {
    fn new(reason: QuarantineReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }

    /// Ours or the machine's fault: the same document may well be read next time.
    pub fn is_ours(&self) -> bool {
        self.reason == QuarantineReason::ProcessingFailed
    }

    /// Worth one more try before the document is set aside.
    pub fn is_crash(&self) -> bool {
        self.reason == QuarantineReason::Crash
    }
}

/// Reads documents in sandboxed children. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pool {
    config: Arc<ReadingConfig>,
    permits: Arc<Semaphore>,
}

impl Pool {
    /// Starts nothing yet. A child that cannot be sandboxed refuses by itself; `reading::check` tells beforehand.
    pub fn new(config: ReadingConfig) -> Self {
        let permits = Arc::new(Semaphore::new(config.jobs.unwrap_or_else(cores).max(1)));
        Self {
            config: Arc::new(config),
            permits,
        }
    }

    /// Reads one document; waits while all children are busy.
    pub async fn read(&self, document: &[u8]) -> Result<ReadDocument, ReadError> {
        let Some(media_type) = sniff(document) else {
            return Err(ReadError::new(
                QuarantineReason::NotADocument,
                Refusal::NotADocument.to_string(),
            ));
        };
        let _permit = self.permits.acquire().await.map_err(ours)?;
        let mut run = Run::start(&self.config, None).await?;
        let pages = run.pages(document).await?;
        Ok(ReadDocument { media_type, pages })
    }

    /// How many documents are read at a time.
    pub fn permits(&self) -> usize {
        self.config.jobs.unwrap_or_else(cores).max(1)
    }

    /// Has a locked child try something instead of reading.
    pub async fn probe(&self, probe: Probe) -> Result<Report, ReadError> {
        let _permit = self.permits.acquire().await.map_err(ours)?;
        Run::start(&self.config, Some(probe)).await?.report().await
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn ours(error: impl std::fmt::Display) -> ReadError {
    ReadError::new(
        QuarantineReason::ProcessingFailed,
        format!("the reading child could not be run: {error}"),
    )
}

/// One child at work.
struct Run {
    child: Guard,
    limits: Limits,
    stdin: Option<ChildStdin>,
    frames: FrameReader<ChildStdout>,
    stderr: ChildStderr,
}

/// What a run was cut short by, from the parent's side.
enum Cut {
    Time,
    Stream(StreamError),
}

/// Time for a child to load libraries and models, on top of what its first page may take.
const START: Duration = Duration::from_secs(10);
/// Of the child's complaints no more is kept, and it is only searched, never shown.
const COMPLAINT_BYTES_MAX: usize = 16 << 10;

impl Run {
    async fn start(config: &ReadingConfig, probe: Option<Probe>) -> Result<Self, ReadError> {
        let mut child = spawn(command(config, probe)).await.map_err(ours)?;
        let (stdin, stdout, stderr) = (child.0.stdin.take(), child.0.stdout.take(), child.0.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else {
            return Err(ours("it has no pipes"));
        };
        Ok(Self {
            child,
            limits: config.limits,
            stdin: Some(ChildStdin::from_std(stdin).map_err(ours)?),
            frames: FrameReader::new(ChildStdout::from_std(stdout).map_err(ours)?, config.limits),
            stderr: ChildStderr::from_std(stderr).map_err(ours)?,
        })
    }

    async fn pages(&mut self, document: &[u8]) -> Result<Vec<ReadPage>, ReadError> {
        let stdin = self.stdin.take();
        let feed = async {
            // A child that has refused the document no longer reads; its exit code says why.
            if let Some(mut stdin) = stdin {
                let _ = stdin.write_all(document).await;
                let _ = stdin.shutdown().await;
            }
        };
        let collect = collect(&mut self.frames, self.limits);
        let complaint = complaint(&mut self.stderr);
        let work = async { tokio::join!(feed, collect) };
        let ((), collected) = {
            // Complaints are drained while pages come, so that neither pipe blocks the other.
            tokio::pin!(work);
            tokio::pin!(complaint);
            let mut said = None;
            let done = loop {
                tokio::select! {
                    done = &mut work => break done,
                    text = &mut complaint, if said.is_none() => said = Some(text),
                }
            };
            if matches!(done.1, Err(Cut::Time)) {
                self.child.kill();
                return Err(ReadError::new(
                    QuarantineReason::Time,
                    "reading took longer than the limit",
                ));
            }
            if said.is_none() && done.1.is_err() {
                said = tokio::time::timeout(Duration::from_secs(2), complaint).await.ok();
            }
            if let Err(Cut::Stream(error)) = &done.1 {
                return Err(self.child.verdict(error, &said.unwrap_or_default()).await);
            }
            done
        };
        let Ok(encodings) = collected else {
            return Err(ours("its pages were lost"));
        };
        let mut pages = Vec::with_capacity(encodings.len());
        for encoding in encodings {
            pages.push(encoding.await.map_err(ours)??);
        }
        Ok(pages)
    }

    async fn report(&mut self) -> Result<Report, ReadError> {
        let limit = START + Duration::from_secs(u64::from(self.limits.wall_seconds_a_page));
        match tokio::time::timeout(limit, self.frames.next()).await {
            Err(_) => {
                self.child.kill();
                Err(ReadError::new(
                    QuarantineReason::Time,
                    "the probe took longer than the limit",
                ))
            }
            Ok(Ok(Frame::Report(report))) => Ok(report),
            Ok(Ok(_)) => Err(ReadError::new(
                QuarantineReason::Crash,
                "the probe answered something else",
            )),
            Ok(Err(error)) => {
                let said = tokio::time::timeout(Duration::from_secs(2), complaint(&mut self.stderr)).await;
                Err(self.child.verdict(&error, &said.unwrap_or_default()).await)
            }
        }
    }
}

type Encoding = tokio::task::JoinHandle<Result<ReadPage, ReadError>>;

/// Takes pages until the trailer. Each is encoded on another thread while the child reads on.
async fn collect(frames: &mut FrameReader<ChildStdout>, limits: Limits) -> Result<Vec<Encoding>, Cut> {
    let end = Instant::now() + Duration::from_secs(u64::from(limits.wall_seconds_a_document));
    let mut encodings = Vec::new();
    let mut extra = START;
    loop {
        let page_end = Instant::now() + Duration::from_secs(u64::from(limits.wall_seconds_a_page)) + extra;
        extra = Duration::ZERO;
        match timeout_at(page_end.min(end), frames.next()).await {
            Err(_) => return Err(Cut::Time),
            Ok(Err(error)) => return Err(Cut::Stream(error)),
            Ok(Ok(Frame::End)) => return Ok(encodings),
            Ok(Ok(Frame::Report(_))) => return Err(Cut::Stream(StreamError::Unbelievable("a report unasked for"))),
            Ok(Ok(Frame::Page(text, gray))) => encodings.push(tokio::task::spawn_blocking(move || {
                let image_png = png(&gray).map_err(ours)?;
                Ok(ReadPage { text, image_png })
            })),
        }
    }
}

fn png(gray: &Gray) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(Cursor::new(&mut bytes), CompressionType::Fast, FilterType::Up).write_image(
        &gray.pixels,
        gray.width as u32,
        gray.height as u32,
        image::ExtendedColorType::L8,
    )?;
    Ok(bytes)
}

/// The start of what the child complained of; the rest is read and dropped.
async fn complaint(stderr: &mut ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
        let room = COMPLAINT_BYTES_MAX - kept.len();
        kept.extend_from_slice(&buffer[..count.min(room)]);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Kills and collects the child however the run ends, so that none is left behind.
struct Guard(Child);

impl Guard {
    fn kill(&mut self) {
        let _ = self.0.kill();
    }

    /// Why the stream ended early: the exit code, the signal, or that it told nonsense.
    async fn verdict(&mut self, error: &StreamError, complaint: &str) -> ReadError {
        let status = match error {
            StreamError::Cut(_) => self.ended().await,
            StreamError::Unbelievable(_) => None,
        };
        self.kill();
        match status {
            Some(status) => meaning(status, complaint),
            None => ReadError::new(QuarantineReason::Crash, format!("the reading child failed: {error}")),
        }
    }

    /// Standard output is closed, so the end is near.
    async fn ended(&mut self) -> Option<ExitStatus> {
        for _ in 0..200 {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(_) => return None,
            }
        }
        None
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a child's end says about the document.
fn meaning(status: ExitStatus, complaint: &str) -> ReadError {
    if let Some(code) = status.code() {
        if let Some(refusal) = Refusal::from_exit_code(code) {
            return ReadError::new(refusal.reason(), refusal.to_string());
        }
        if let Some(fault) = NotReady::from_exit_code(code) {
            return ReadError::new(QuarantineReason::ProcessingFailed, fault.to_string());
        }
        return ReadError::new(
            QuarantineReason::Crash,
            format!("the reading child ended with code {code}"),
        );
    }
    let signal = status.signal().unwrap_or_default();
    match signal {
        libc::SIGXCPU => ReadError::new(
            QuarantineReason::Time,
            "reading used more processor time than the limit",
        ),
        libc::SIGSYS => ReadError::new(
            QuarantineReason::ForbiddenCall,
            "the reading child made a forbidden system call",
        ),
        libc::SIGKILL => ReadError::new(
            QuarantineReason::ProcessingFailed,
            "the reading child was killed from outside",
        ),
        _ if tells_of_memory(complaint) => {
            ReadError::new(QuarantineReason::Memory, "reading needed more memory than the limit")
        }
        _ => ReadError::new(
            QuarantineReason::Crash,
            format!("the reading child ended by signal {signal}"),
        ),
    }
}

/// Rust's, C++'s and pdfium's last words when memory runs out.
fn tells_of_memory(complaint: &str) -> bool {
    ["memory allocation of", "bad_alloc", "out of memory", "Out of memory"]
        .iter()
        .any(|words| complaint.contains(words))
}

fn command(config: &ReadingConfig, probe: Option<Probe>) -> Command {
    let task = Task {
        parent: std::process::id(),
        limits: config.limits,
        allow_unsandboxed: config.allow_unsandboxed,
        probe,
    };
    let program = config
        .program
        .clone()
        .unwrap_or_else(|| PathBuf::from("/proc/self/exe"));
    let mut command = Command::new(program);
    command
        .arg(child::COMMAND)
        .arg(serde_json::to_string(&task).expect("a task is plain numbers"))
        .env_clear()
        // Read by the OpenMP runtime before `main`: with threads of its own a page takes up to ten times longer.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let passed_on = [
        (&config.pdfium, pdf::LIBRARY_VARIABLE),
        (&config.models, MODELS_VARIABLE),
    ];
    for (configured, variable) in passed_on {
        let inherited = std::env::var_os(variable).map(PathBuf::from);
        if let Some(path) = configured.clone().or(inherited) {
            command.env(variable, path);
        }
    }
    command
}

type Spawn = (Command, oneshot::Sender<io::Result<Guard>>);

/// All children are spawned from one thread that lives as long as the process: the signal that ends a child with its
/// parent is sent when the spawning *thread* ends.
async fn spawn(command: Command) -> io::Result<Guard> {
    static SPAWNER: OnceLock<mpsc::Sender<Spawn>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, requests) = mpsc::channel::<Spawn>();
        std::thread::Builder::new()
            .name("spawn-readers".to_owned())
            .spawn(move || {
                for (mut command, reply) in requests {
                    let _ = reply.send(command.spawn().map(Guard));
                }
            })
            .expect("the process can have one more thread");
        sender
    });
    let (reply, answer) = oneshot::channel();
    spawner.send((command, reply)).map_err(io::Error::other)?;
    answer.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(raw: i32, complaint: &str) -> QuarantineReason {
        meaning(ExitStatus::from_raw(raw), complaint).reason
    }

    #[test]
    fn every_ending_has_its_meaning() {
        for refusal in Refusal::ALL {
            assert_eq!(ended(refusal.exit_code() << 8, ""), refusal.reason());
        }
        for fault in NotReady::ALL {
            assert_eq!(
                ended(i32::from(fault as u8) << 8, ""),
                QuarantineReason::ProcessingFailed
            );
        }
        assert_eq!(ended(101 << 8, ""), QuarantineReason::Crash);
        assert_eq!(ended(libc::SIGSEGV, ""), QuarantineReason::Crash);
        assert_eq!(
            ended(libc::SIGABRT, "memory allocation of 99 bytes failed"),
            QuarantineReason::Memory
        );
        assert_eq!(ended(libc::SIGXCPU, ""), QuarantineReason::Time);
        assert_eq!(ended(libc::SIGSYS, ""), QuarantineReason::ForbiddenCall);
        assert_eq!(ended(libc::SIGKILL, ""), QuarantineReason::ProcessingFailed);
    }
}
