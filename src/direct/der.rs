//! Just enough ASN.1 to see which algorithms a CMS structure names, which OpenSSL's Rust interface does not tell.

/// Object identifiers, as their encoded bytes.
pub mod oid {
    pub const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    pub const ENVELOPED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
    pub const AUTH_ENVELOPED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];
    /// SHA-256, SHA-384, SHA-512.
    pub const STRONG_DIGESTS: [&[u8]; 3] = [
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
    ];
    /// AES with 128, 192 and 256 bits: CBC, then GCM.
    pub const STRONG_CIPHERS: [&[u8]; 6] = [
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x06],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x1A],
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2E],
    ];
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const EXPLICIT_0: u8 = 0xA0;

/// What a SignedData names.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// The digest of each signer.
    pub digests: Vec<&'a [u8]>,
    /// Whether the signed content travels inside the structure.
    pub carries_content: bool,
}

/// The content encryption algorithm of an EnvelopedData or AuthEnvelopedData.
pub fn content_cipher(der: &[u8]) -> Option<&[u8]> {
    let (kind, mut enveloped) = content_info(der)?;
    if kind != oid::ENVELOPED_DATA && kind != oid::AUTH_ENVELOPED_DATA {
        return None;
    }
    // version, [0] originatorInfo OPTIONAL, recipientInfos
    let mut recipients = false;
    while !recipients {
        recipients = next(&mut enveloped)?.0 == SET;
    }
    let mut content = expect(&mut enveloped, SEQUENCE)?;
    expect(&mut content, OBJECT_IDENTIFIER)?;
    let mut algorithm = expect(&mut content, SEQUENCE)?;
    expect(&mut algorithm, OBJECT_IDENTIFIER)
}

/// What a SignedData names, or `None` when the structure is something else.
pub fn signed(der: &[u8]) -> Option<Signed<'_>> {
    let (kind, mut signed) = content_info(der)?;
    if kind != oid::SIGNED_DATA {
        return None;
    }
    next(&mut signed)?;
    expect(&mut signed, SET)?;
    let mut content = expect(&mut signed, SEQUENCE)?;
    expect(&mut content, OBJECT_IDENTIFIER)?;
    let carries_content = !content.is_empty();
    let mut signers = loop {
        let (tag, value) = next(&mut signed)?;
        if tag == SET {
            break value;
        }
    };
    let mut digests = Vec::new();
    while !signers.is_empty() {
        let mut signer = expect(&mut signers, SEQUENCE)?;
        next(&mut signer)?;
        next(&mut signer)?;
        let mut algorithm = expect(&mut signer, SEQUENCE)?;
        digests.push(expect(&mut algorithm, OBJECT_IDENTIFIER)?);
    }
    Some(Signed {
        digests,
        carries_content,
    })
}

fn content_info(mut der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut info = expect(&mut der, SEQUENCE)?;
    let kind = expect(&mut info, OBJECT_IDENTIFIER)?;
    let mut explicit = expect(&mut info, EXPLICIT_0)?;
    Some((kind, expect(&mut explicit, SEQUENCE)?))
}

fn expect<'a>(input: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    next(input).filter(|(found, _)| *found == tag).map(|(_, value)| value)
}

/// The next element: its tag and its content. Only definite lengths: the input was written anew by OpenSSL as DER.
fn next<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let bytes = usize::from(first & 0x7F);
        if bytes == 0 || bytes > 8 {
            return None;
        }
        let (length, rest) = rest.split_at_checked(bytes)?;
        (
            length.iter().try_fold(0usize, |sum, &byte| {
                sum.checked_mul(256)?.checked_add(usize::from(byte))
            })?,
            rest,
        )
    };
    let (value, rest) = rest.split_at_checked(length)?;
    *input = rest;
    Some((tag, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_structures_are_none() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x30, 0x05, 6],
        ] {
            assert_eq!(content_cipher(bytes), None);
            assert_eq!(signed(bytes), None);
        }
    }
}
