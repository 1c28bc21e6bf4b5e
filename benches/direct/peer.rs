//! The same messages by OpenSSL alone: the command, as a script at a mail server would use it, and its library.

use super::authority::Authority;
use anyhow::Context;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::pkey::PKey;
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;
use referloop::direct::split;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Decrypts and verifies `message-0.eml` and so on into files, which nobody syncs.
pub fn by_command(folder: &Path, messages: usize, at_a_time: usize) -> anyhow::Result<Duration> {
    side_by_side(messages, at_a_time, |number| {
        let (message, entity) = (format!("message-{number}.eml"), format!("entity-{number}"));
        let out = format!("taken-{number}");
        let decrypt = [
            "cms", "-decrypt", "-in", &message, "-recip", "ours.pem", "-inkey", "ours.key", "-out", &entity,
        ];
        // Not as bytes: this way it finds the content of a multipart message, line ends included.
        let verify = ["cms", "-verify", "-in", &entity, "-CAfile", "root.pem", "-out", &out];
        for arguments in [&decrypt[..], &verify[..]] {
            let mut command = Command::new("openssl");
            let status = command
                .args(arguments)
                .current_dir(folder)
                .stderr(Stdio::null())
                .status()?;
            anyhow::ensure!(status.success(), "openssl {arguments:?} failed");
        }
        Ok(())
    })
}

/// The two calls of the library that no reader of these messages can do without.
pub fn by_library(messages: &[Vec<u8>], authority: &Authority, at_a_time: usize) -> anyhow::Result<Duration> {
    let ours = authority.ours()?;
    let certificate = X509::from_der(&ours.certificate().to_der())?;
    let key = PKey::private_key_from_der(&ours.private_key_der()?)?;
    let mut store = X509StoreBuilder::new()?;
    store.add_cert(X509::from_der(&authority.root()?.to_der())?)?;
    let store = store.build();
    side_by_side(messages.len(), at_a_time, |number| {
        let enveloped = decoded(&messages[number], "\r\n\r\n", None)?;
        let enveloped = CmsContentInfo::from_der(&enveloped)?;
        let entity = enveloped.decrypt(&key, &certificate)?;
        let begin = find(&entity, "\r\n--b1\r\n")? + "\r\n--b1\r\n".len();
        let (signed, signature) = entity[begin..].split_at(find(&entity[begin..], "\r\n--b1\r\n")?);
        let signature = decoded(signature, "\r\n\r\n", Some("--b1--"))?;
        let mut signature = CmsContentInfo::from_der(&signature)?;
        signature.verify(None, Some(&store), Some(signed), None, CMSOptions::BINARY)?;
        Ok(())
    })
}

/// The Base64 after the first empty line, up to a boundary if there is one.
fn decoded(bytes: &[u8], from: &str, to: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let begin = find(bytes, from)? + from.len();
    let end = to.map_or(Ok(bytes.len()), |to| find(bytes, to))?;
    split::base64_decode(&bytes[begin..end]).context("no Base64")
}

fn find(bytes: &[u8], what: &str) -> anyhow::Result<usize> {
    memchr::memmem::find(bytes, what.as_bytes()).with_context(|| format!("there is no {what:?}"))
}

fn side_by_side(
    messages: usize,
    at_a_time: usize,
    work: impl Fn(usize) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Duration> {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_a_time)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= messages {
                            return anyhow::Ok(());
                        }
                        work(number)?;
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
        }
        Ok(begun.elapsed())
    })
}
