//! Lines of a session: one command in, one reply out.

use super::session::Limits;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

const LINE_BYTES_MAX: usize = 2048;
const READ_BYTES: usize = 16 * 1024;

pub(super) enum Line {
    Command(Vec<u8>),
    TooLong,
    TimedOut,
    Stopping,
    Gone,
}

impl Line {
    /// A line that ends as it must, with nothing in it that another server could take for an end (no bare CR, no NUL).
    pub fn is_strict(line: &[u8]) -> bool {
        line.strip_suffix(b"\r\n")
            .is_some_and(|text| !text.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)))
    }
}

pub(super) async fn read_line<S>(stream: &mut S, buffer: &mut Vec<u8>, limits: &Limits<'_>) -> io::Result<Line>
where
    S: AsyncRead + Unpin,
{
    // For the whole line: a byte now and then is no sign of life.
    let patience = tokio::time::sleep(limits.settings.command_timeout);
    tokio::pin!(patience);
    loop {
        if let Some(end) = buffer.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=end).collect();
            return Ok(if line.len() > LINE_BYTES_MAX {
                Line::TooLong
            } else {
                Line::Command(line)
            });
        }
        if buffer.len() > LINE_BYTES_MAX {
            return Ok(Line::TooLong);
        }
        let read = tokio::select! {
            () = limits.stop.cancelled() => return Ok(Line::Stopping),
            () = &mut patience => return Ok(Line::TimedOut),
            read = fill(stream, buffer) => read?,
        };
        if read == 0 {
            return Ok(Line::Gone);
        }
    }
}

pub(super) async fn fill<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> io::Result<usize> {
    buffer.reserve(READ_BYTES);
    stream.read_buf(buffer).await
}

/// A client that takes no replies is cut off as one that says nothing.
pub(super) async fn say<S: AsyncWrite + Unpin>(stream: &mut S, reply: &str, limits: &Limits<'_>) -> io::Result<()> {
    let saying = async {
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        stream.flush().await
    };
    let said = timeout(limits.settings.command_timeout, saying).await;
    said.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
