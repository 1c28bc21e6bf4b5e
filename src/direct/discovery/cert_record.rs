//! The content of a DNS CERT record (RFC 4398): a certificate, or the URL of one.

use crate::direct::trust::revocation::is_fetchable;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertRecord {
    /// PKIX: an X.509 certificate as DER, unread.
    Certificate(Vec<u8>),
    /// IPKIX: where it is to be fetched. A stranger wrote it.
    Url(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertRecordProblem {
    #[error("the CERT record is cut short")]
    Short,
    #[error("the CERT record is of type {0}, not of type 1 (PKIX) or 4 (IPKIX)")]
    Kind(u16),
    #[error("the CERT record names a URL that is not plain http or https")]
    Url,
}

const PKIX: u16 = 1;
const IPKIX: u16 = 4;

impl CertRecord {
    /// Reads a record's data: type, key tag, algorithm, then the certificate or URL. Key tag and algorithm serve DNSSEC
    /// keys; partners write anything there.
    pub fn parse(data: &[u8]) -> Result<Self, CertRecordProblem> {
        let [high, low, _, _, _, content @ ..] = data else {
            return Err(CertRecordProblem::Short);
        };
        Self::new(u16::from_be_bytes([*high, *low]), content)
    }

    /// Reads the last part of a record's data, of which somebody else took apart the first.
    pub fn new(kind: u16, content: &[u8]) -> Result<Self, CertRecordProblem> {
        if content.is_empty() {
            return Err(CertRecordProblem::Short);
        }
        match kind {
            PKIX => Ok(Self::Certificate(content.to_vec())),
            IPKIX => std::str::from_utf8(content)
                .ok()
                .filter(|url| is_fetchable(url))
                .map(|url| Self::Url(url.to_owned()))
                .ok_or(CertRecordProblem::Url),
            other => Err(CertRecordProblem::Kind(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_kinds_and_names_what_it_does_not_read() {
        let record = |kind: u8, content: &[u8]| CertRecord::parse(&[&[0, kind, 0xAB, 0xCD, 5], content].concat());
        assert_eq!(record(1, b"der"), Ok(CertRecord::Certificate(b"der".to_vec())));
        let url = "http://certs.northside-family.example/osei.cer";
        assert_eq!(record(4, url.as_bytes()), Ok(CertRecord::Url(url.to_owned())));
        assert_eq!(record(3, b"pgp"), Err(CertRecordProblem::Kind(3)));
        assert_eq!(record(1, b""), Err(CertRecordProblem::Short));
        assert_eq!(CertRecord::parse(&[0, 1, 0]), Err(CertRecordProblem::Short));
        for odd in [
            "file:///etc/passwd",
            "ftp://a.example/",
            "http://a.example/\r\nHost: b",
            "http",
            "",
        ] {
            assert!(record(4, odd.as_bytes()).is_err(), "{odd}");
        }
        assert_eq!(record(4, b"http://\xFF"), Err(CertRecordProblem::Url));
    }
}
