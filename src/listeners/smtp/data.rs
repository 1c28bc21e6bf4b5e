//! The message itself: read to its strict end, within its size and its time.

use super::lines::fill;
use super::session::Limits;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver};
use std::io;
use tokio::io::AsyncRead;
use tokio::time::{Instant, timeout_at};

pub(super) enum Received {
    Message(Vec<u8>),
    TooLarge,
    /// It holds a line end that another server might take for the end of the message, with a second one behind it.
    BareLineEnd,
}

/// Only CRLF.CRLF ends a message. One over the limit is read to its end and thrown away, so that the sender hears why; `None`
/// where it goes on for ever, breaks off, or we are stopping.
pub(super) async fn read_data<S>(
    stream: &mut S,
    buffer: &mut Vec<u8>,
    limits: &Limits<'_>,
) -> io::Result<Option<Received>>
where
    S: AsyncRead + Unpin,
{
    // A dot on the first line ends an empty message: the command's own CRLF counts as the line before. It is fed to the
    // receiver and taken out again.
    let mut receiver = DataReceiver::new();
    let mut message = Vec::new();
    receiver.ingest(&mut b"\r\n".iter(), &mut message);
    let bytes_max = limits.settings.message_bytes_max;
    let mut discarding: Option<DummyDataReceiver> = None;
    let mut read_so_far = 0;
    let end = Instant::now() + limits.settings.message_timeout;
    loop {
        let mut bytes = buffer.iter();
        let ended = match &mut discarding {
            Some(dummy) => dummy.ingest(&mut bytes),
            None => receiver.ingest(&mut bytes, &mut message),
        };
        let rest = bytes.as_slice().len();
        read_so_far += buffer.len() - rest;
        buffer.drain(..buffer.len() - rest);
        if ended {
            message.drain(..2.min(message.len()));
            return Ok(Some(if discarding.is_some() || message.len() > bytes_max {
                Received::TooLarge
            } else if has_bare_line_end(&message) {
                Received::BareLineEnd
            } else {
                Received::Message(message)
            }));
        }
        if discarding.is_none() && message.len() > bytes_max + 2 {
            discarding = Some(DummyDataReceiver::new_data(&receiver));
            message = Vec::new();
        }
        if read_so_far > bytes_max.saturating_mul(4) {
            return Ok(None);
        }
        let patience = end.min(Instant::now() + limits.settings.data_timeout);
        let read = tokio::select! {
            () = limits.stop.cancelled() => return Ok(None),
            read = timeout_at(patience, fill(stream, buffer)) => read,
        };
        if !matches!(read, Ok(Ok(1..))) {
            return Ok(None);
        }
    }
}

fn has_bare_line_end(message: &[u8]) -> bool {
    let mut previous = 0;
    for &byte in message {
        if (byte == b'\n') != (previous == b'\r') {
            return true;
        }
        previous = byte;
    }
    previous == b'\r'
}

#[cfg(test)]
mod tests {
    use super::has_bare_line_end;

    #[test]
    fn a_line_ends_with_both_or_not_at_all() {
        for good in [&b""[..], b"a\r\n", b"\r\n\r\n", b"no end"] {
            assert!(!has_bare_line_end(good), "{good:?}");
        }
        for bad in [&b"\n"[..], b"a\nb\r\n", b"a\rb\r\n", b"a\r", b"\r\r\n"] {
            assert!(has_bare_line_end(bad), "{bad:?}");
        }
    }
}
