//! Just enough ASN.1 to see which algorithms a CMS structure names, which OpenSSL's Rust interface does not tell.

/// Object identifiers of the structures, as their encoded bytes.
mod oid {
    pub const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
    pub const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    pub const ENVELOPED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
    pub const AUTH_ENVELOPED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];
    pub const SIGNING_TIME: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05];
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_IDENTIFIER: u8 = 0x06;
const EXPLICIT_0: u8 = 0xA0;
const KEY_AGREEMENT: u8 = 0xA1;

/// An algorithm by its identifier, with its parameters as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithm<'a> {
    pub oid: &'a [u8],
    pub parameters: &'a [u8],
}

/// What an EnvelopedData or AuthEnvelopedData names.
#[derive(Debug, PartialEq, Eq)]
pub struct Enveloped<'a> {
    pub cipher: &'a [u8],
    pub recipients: Vec<Recipient<'a>>,
}

/// How the content's key reaches one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient<'a> {
    /// Encrypted to an RSA key.
    Transport(Algorithm<'a>),
    /// Agreed on with an EC key.
    Agreement(Algorithm<'a>),
    /// A password, or a key that both sides have: never Direct.
    Other,
}

/// What a SignedData names.
#[derive(Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// All that are announced, whether or not a signer uses them.
    pub digests: Vec<&'a [u8]>,
    pub signers: Vec<Signer<'a>>,
    /// Whether the signed content travels inside the structure.
    pub carries_content: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer<'a> {
    pub digest: &'a [u8],
    pub signature: Algorithm<'a>,
    /// When it says that it signed: an ASN.1 time without its tag and length. Whoever signed chose it.
    pub signing_time: Option<&'a [u8]>,
}

/// What an enveloped structure names, or `None` when it is something else.
pub fn enveloped(der: &[u8]) -> Option<Enveloped<'_>> {
    let (kind, mut enveloped) = content_info(der)?;
    if kind != oid::ENVELOPED_DATA && kind != oid::AUTH_ENVELOPED_DATA {
        return None;
    }
    // version, [0] originatorInfo OPTIONAL, recipientInfos
    let mut infos = first(&mut enveloped, SET)?;
    let mut recipients = Vec::new();
    while !infos.is_empty() {
        let (tag, info) = next(&mut infos)?;
        recipients.push(recipient(tag, info)?);
    }
    let mut content = expect(&mut enveloped, SEQUENCE)?;
    expect(&mut content, OBJECT_IDENTIFIER)?;
    let cipher = algorithm(expect(&mut content, SEQUENCE)?)?.oid;
    Some(Enveloped { cipher, recipients })
}

fn recipient(tag: u8, mut info: &[u8]) -> Option<Recipient<'_>> {
    match tag {
        SEQUENCE => {
            // version, rid
            next(&mut info)?;
            next(&mut info)?;
            Some(Recipient::Transport(algorithm(expect(&mut info, SEQUENCE)?)?))
        }
        // version, [0] originator, [1] ukm OPTIONAL
        KEY_AGREEMENT => Some(Recipient::Agreement(algorithm(first(&mut info, SEQUENCE)?)?)),
        _ => Some(Recipient::Other),
    }
}

/// What a SignedData over plain data names, or `None` when the structure is something else.
pub fn signed(der: &[u8]) -> Option<Signed<'_>> {
    let (kind, mut signed) = content_info(der)?;
    if kind != oid::SIGNED_DATA {
        return None;
    }
    next(&mut signed)?;
    let mut named = expect(&mut signed, SET)?;
    let mut digests = Vec::new();
    while !named.is_empty() {
        digests.push(algorithm(expect(&mut named, SEQUENCE)?)?.oid);
    }
    let mut content = expect(&mut signed, SEQUENCE)?;
    if expect(&mut content, OBJECT_IDENTIFIER)? != oid::DATA {
        return None;
    }
    let carries_content = !content.is_empty();
    let mut infos = first(&mut signed, SET)?;
    let mut signers = Vec::new();
    while !infos.is_empty() {
        let mut info = expect(&mut infos, SEQUENCE)?;
        // version, sid
        next(&mut info)?;
        next(&mut info)?;
        let digest = algorithm(expect(&mut info, SEQUENCE)?)?.oid;
        let mut rest = info;
        let attributes = next(&mut rest).filter(|(tag, _)| *tag == EXPLICIT_0);
        // [0] signedAttrs OPTIONAL
        let signature = algorithm(first(&mut info, SEQUENCE)?)?;
        signers.push(Signer {
            digest,
            signature,
            signing_time: attributes.and_then(|(_, attributes)| signing_time(attributes)),
        });
    }
    Some(Signed {
        digests,
        signers,
        carries_content,
    })
}

/// The one value of the attribute `signingTime`, among the signed ones.
fn signing_time(mut attributes: &[u8]) -> Option<&[u8]> {
    while !attributes.is_empty() {
        let mut attribute = expect(&mut attributes, SEQUENCE)?;
        if expect(&mut attribute, OBJECT_IDENTIFIER)? == oid::SIGNING_TIME {
            let mut values = expect(&mut attribute, SET)?;
            return next(&mut values).map(|(_, time)| time);
        }
    }
    None
}

/// The hash that the parameters of RSAES-OAEP and RSASSA-PSS name in their field `[0]`; `None` is their default, SHA-1.
pub fn hash_of<'a>(algorithm: &Algorithm<'a>) -> Option<&'a [u8]> {
    let mut parameters = algorithm.parameters;
    let mut fields = expect(&mut parameters, SEQUENCE)?;
    let mut hash = expect(&mut fields, EXPLICIT_0)?;
    self::algorithm(expect(&mut hash, SEQUENCE)?).map(|hash| hash.oid)
}

/// The algorithm that another one's parameters consist of: the key wrap of a key agreement.
pub fn inner_of<'a>(algorithm: &Algorithm<'a>) -> Option<&'a [u8]> {
    let mut parameters = algorithm.parameters;
    self::algorithm(expect(&mut parameters, SEQUENCE)?).map(|inner| inner.oid)
}

fn algorithm(mut sequence: &[u8]) -> Option<Algorithm<'_>> {
    let oid = expect(&mut sequence, OBJECT_IDENTIFIER)?;
    Some(Algorithm {
        oid,
        parameters: sequence,
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

/// The next element of this tag, those before it passed over.
fn first<'a>(input: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    loop {
        let (found, value) = next(input)?;
        if found == tag {
            return Some(value);
        }
    }
}

/// The next element: its tag and its content. Only definite lengths: the input was written anew by OpenSSL as DER.
pub fn next<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
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
            assert_eq!(enveloped(bytes), None);
            assert_eq!(signed(bytes), None);
        }
    }
}
