//! Servers of a test's own, gone with it.

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::Credentials;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const BUCKET: &str = "clinic";
pub const ACCESS_KEY: &str = "AKIAREFERLOOPTEST";
pub const SECRET_KEY: &str = "a-secret-for-tests-alone";
pub const REGION: &str = "us-east-1";

fn installed(program: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".local").join(program);
    assert!(path.exists(), "{} is missing: run `infra/setup test`", path.display());
    path
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn start(command: &mut Command, port: u16) -> Child {
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = Instant::now() + Duration::from_mins(1);
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < end, "{command:?} does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    process
}

/// What the client of either is set up with. Short times, since tests wait for their end.
pub fn access(address: SocketAddr, secret: &str) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(Duration::from_secs(4))
        .operation_attempt_timeout(Duration::from_secs(2))
        .build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(format!("http://{address}"))
        .credentials_provider(aws_sdk_s3::config::SharedCredentialsProvider::new(Credentials::new(
            ACCESS_KEY, secret, None, None, "test",
        )))
        .timeout_config(timeouts)
        .sleep_impl(aws_sdk_s3::config::SharedAsyncSleep::new(Sleeping))
        .build()
}

/// The SDK asks for a clock to wait by.
#[derive(Debug)]
struct Sleeping;

impl aws_sdk_s3::config::AsyncSleep for Sleeping {
    fn sleep(&self, duration: Duration) -> aws_sdk_s3::config::Sleep {
        aws_sdk_s3::config::Sleep::new(tokio::time::sleep(duration))
    }
}

/// A bucket on disk behind the protocol of S3.
pub struct S3Server {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl S3Server {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut server = Self {
            folder,
            port: free_port(),
            process: None,
        };
        server.restart();
        server
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The names in the bucket.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.folder.path().join(BUCKET)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    names.push(entry.file_name().into_string().unwrap());
                }
            }
        }
        names.retain(|name| name.starts_with("obj_"));
        names.sort();
        names
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    pub fn restart(&mut self) {
        self.stop();
        let mut command = Command::new(installed("s3s-fs/bin/s3s-fs"));
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]);
        self.process = Some(start(command.arg(self.folder.path()), self.port));
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A key service. Its keys live as long as it does.
pub struct KeyServer {
    port: u16,
    process: Child,
}

impl KeyServer {
    pub fn start() -> Self {
        let port = free_port();
        let mut command = Command::new(installed("moto/bin/moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        Self {
            process: start(&mut command, port),
            port,
        }
    }

    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    pub fn access(&self) -> SdkConfig {
        access(self.address(), SECRET_KEY)
    }

    /// Makes a master key, as an administrator of the service does, and gives its ARN.
    pub async fn new_key(&self) -> String {
        let client = aws_sdk_kms::Client::new(&self.access());
        let made = client.create_key().send().await.unwrap();
        made.key_metadata.unwrap().arn.unwrap()
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
