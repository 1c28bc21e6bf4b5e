//! The process as a whole: it says where it serves, ends in order when told to, and starts again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const REFERLOOP: &str = env!("CARGO_BIN_EXE_referloop");
/// What operators are promised.
const STOP_WITHIN: Duration = Duration::from_secs(10);

struct Running {
    process: Child,
    address: String,
}

/// Starts `serve` on a free port and waits until its log says which.
fn serve(data: &Path) -> Running {
    let process = Command::new(REFERLOOP)
        .arg("serve")
        .env("REFERLOOP_DATA", data)
        .env("REFERLOOP_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Held here from the start, so that it is ended however this test ends.
    let mut running = Running {
        process,
        address: String::new(),
    };
    let mut log = BufReader::new(running.process.stderr.take().unwrap());
    let mut said = String::new();
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "it ended: {said}");
        said.push_str(&line);
        let event: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        if event["message"] == "serving" {
            running.address = String::from(event["address"].as_str().unwrap());
            // Read on, so that the process never waits for us.
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
            return running;
        }
    }
}

impl Running {
    fn get(&self, path: &str) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        let mut answer = [0; 512];
        let length = stream.read(&mut answer).unwrap();
        (stream, String::from_utf8_lossy(&answer[..length]).into_owned())
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.process.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_ends_in_order_within_ten_seconds_and_starts_again() {
    let data = tempfile::tempdir().unwrap();
    for signal in ["TERM", "INT"] {
        let mut running = serve(data.path());
        // A browser keeps its connection open.
        let (open, answer) = running.get("/login");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let told = Instant::now();
        running.signal(signal);
        let status = running.process.wait().unwrap();
        assert!(told.elapsed() < STOP_WITHIN, "{:?} after SIG{signal}", told.elapsed());
        assert_eq!(status.code(), Some(0), "after SIG{signal}");
        drop(open);
    }
}

#[test]
fn a_taken_port_is_told_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Command::new(REFERLOOP)
        .arg("serve")
        .env("REFERLOOP_DATA", data.path())
        .env("REFERLOOP_LISTEN", &address)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        said.contains(&format!("referloop: {address} can't be listened on")),
        "{said}"
    );
}

#[test]
fn extract_needs_no_data_folder() {
    let nowhere = tempfile::tempdir().unwrap();
    let ended = Command::new(REFERLOOP)
        .args(["extract", "--json", "not-there.pdf"])
        .current_dir(nowhere.path())
        .env_remove("REFERLOOP_DATA")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!said.contains("REFERLOOP_DATA"), "{said}");
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert_eq!(std::fs::read_dir(nowhere.path()).unwrap().count(), 0);
}
