//! The PROXY protocol, versions 1 and 2: a proxy that we configured says first who is connected to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tokio::io::{AsyncRead, AsyncReadExt};

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1, its end included.
const LINE_BYTES_MAX: usize = 107;
/// Addresses of version 2 take 36 bytes; what may follow them is skipped.
const BODY_BYTES_MAX: usize = 1024;

/// Reads the header and no byte more. `None` where the proxy speaks for itself or does not know: its own address counts then.
pub(super) async fn source<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Option<IpAddr>> {
    let mut head = [0; 12];
    stream.read_exact(&mut head[..1]).await?;
    if head[0] != SIGNATURE[0] {
        return from_line(stream, head[0]).await;
    }
    stream.read_exact(&mut head[1..]).await?;
    if head != *SIGNATURE {
        return Err(malformed());
    }
    let mut rest = [0; 4];
    stream.read_exact(&mut rest).await?;
    let [version_and_command, family, high, low] = rest;
    let length = usize::from(u16::from_be_bytes([high, low]));
    if version_and_command >> 4 != 2 || length > BODY_BYTES_MAX {
        return Err(malformed());
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    match (version_and_command & 0x0F, family) {
        (1, 0x11) => Ok(Some(IpAddr::V4(Ipv4Addr::from(first::<4>(&body)?)))),
        (1, 0x21) => Ok(Some(IpAddr::V6(Ipv6Addr::from(first::<16>(&body)?)))),
        (0 | 1, _) => Ok(None),
        _ => Err(malformed()),
    }
}

fn first<const N: usize>(body: &[u8]) -> io::Result<[u8; N]> {
    body.first_chunk().copied().ok_or_else(malformed)
}

async fn from_line<S: AsyncRead + Unpin>(stream: &mut S, begins: u8) -> io::Result<Option<IpAddr>> {
    let mut line = vec![begins];
    while !line.ends_with(b"\r\n") {
        if line.len() >= LINE_BYTES_MAX {
            return Err(malformed());
        }
        line.push(stream.read_u8().await?);
    }
    let text = std::str::from_utf8(&line).map_err(|_| malformed())?;
    let mut words = text.split_ascii_whitespace();
    if words.next() != Some("PROXY") {
        return Err(malformed());
    }
    let family = words.next();
    let source = words.next().map(str::parse::<IpAddr>);
    match (family, source) {
        (Some("UNKNOWN"), _) => Ok(None),
        (Some("TCP4"), Some(Ok(source))) if source.is_ipv4() => Ok(Some(source)),
        (Some("TCP6"), Some(Ok(source))) if source.is_ipv6() => Ok(Some(source)),
        _ => Err(malformed()),
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "no header of the PROXY protocol")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bytes: &[u8]) -> Result<(Option<IpAddr>, Vec<u8>), ()> {
        let mut stream = bytes;
        let source = source(&mut stream).await.map_err(drop)?;
        Ok((source, stream.to_vec()))
    }

    fn v2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[0x20 | command, family], &length, body, b"EHLO"].concat()
    }

    #[tokio::test]
    async fn both_versions_say_who_is_connected() {
        let four: IpAddr = "192.0.2.7".parse().unwrap();
        let six: IpAddr = "2001:db8::7".parse().unwrap();
        for (bytes, expect) in [
            (b"PROXY TCP4 192.0.2.7 192.0.2.8 5 25\r\nEHLO".to_vec(), Some(four)),
            (b"PROXY TCP6 2001:db8::7 ::1 5 25\r\nEHLO".to_vec(), Some(six)),
            (b"PROXY UNKNOWN\r\nEHLO".to_vec(), None),
            (v2(1, 0x11, &[192, 0, 2, 7, 192, 0, 2, 8, 0, 5, 0, 25]), Some(four)),
            (
                v2(1, 0x21, &"2001:db8::7".parse::<Ipv6Addr>().unwrap().octets()),
                Some(six),
            ),
            (v2(0, 0, b"ignored"), None),
        ] {
            assert_eq!(read(&bytes).await, Ok((expect, b"EHLO".to_vec())), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn anything_else_is_no_header() {
        let endless = [&b"PROXY TCP4 "[..], &[b'1'; 200]].concat();
        for bytes in [
            b"EHLO x\r\n".to_vec(),
            b"PROXY TCP4 not-an-address x 1 2\r\n".to_vec(),
            b"PROXY TCP4 2001:db8::7 ::1 5 25\r\n".to_vec(),
            b"PROXY\r\n".to_vec(),
            endless,
            v2(7, 0x11, &[0; 12]),
            v2(1, 0x11, &[0; 3]),
            v2(1, 0x11, &[0; 2000]),
            SIGNATURE.to_vec(),
            b"\r\n\r\n\0\r\nQUIT\r\n\r\n".to_vec(),
        ] {
            assert_eq!(read(&bytes).await, Err(()), "{bytes:?}");
        }
    }
}
