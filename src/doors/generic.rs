//! Any gateway, PBX or script that can post: HylaFAX, Asterisk, Concord and the like.
//!
//! Multipart with a file part `document`, or JSON with `document_base64`. Proven by
//! `X-Signature: t=<unix time>,v1=<hex HMAC-SHA256(secret, t + "." + raw body)>` or by `Authorization: Bearer`.
//! No field is ever followed as a URL.

use super::delivered::Delivered;
use super::fax::{self, Authentication, Completeness, DoorRefusal, DoorRequest, DoorSettings, FaxDetails, InboundFax};
use super::{Carrier, SecretSource, multipart};
use crate::crypto::{mac, token};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const SIGNATURE_HEADER: &str = "x-signature";
/// How far the sender's clock may be off, either way.
const WINDOW_SECONDS: i64 = 300;
/// While a secret is being changed a sender may sign with both.
const SIGNATURES_MAX: usize = 8;

/// Senders leave the padding out or not; both say the same bytes.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub struct Generic;

impl Carrier for Generic {
    fn kind(&self) -> &'static str {
        "generic"
    }

    fn secret_source(&self) -> SecretSource {
        SecretSource::Ours
    }

    fn check_headers(&self, request: &DoorRequest<'_>) -> Result<(), DoorRefusal> {
        match Credential::of(request.headers)? {
            Credential::Signature(signature) => signature.check_time(request.now.timestamp()),
            Credential::Bearer(token) => check_bearer(&token, request.keys.token_hash),
        }
    }

    fn receive(&self, request: &DoorRequest<'_>) -> Result<InboundFax, DoorRefusal> {
        let authentication = self.verify(request)?;
        let content_type = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let form = Form::of(content_type.unwrap_or_default(), request.body, request.settings)?;
        form.into_fax(authentication)
    }

    fn delivered(&self, request: &DoorRequest<'_>) -> Result<Delivered, DoorRefusal> {
        self.verify(request)?;
        Delivered::from_json(request.body)
    }
}

impl Generic {
    /// How the sender of the whole request proved itself.
    fn verify(&self, request: &DoorRequest<'_>) -> Result<Authentication, DoorRefusal> {
        self.check_headers(request)?;
        match Credential::of(request.headers)? {
            Credential::Signature(signature) => {
                signature.check(request.keys.secret, request.body)?;
                Ok(Authentication::Signature)
            }
            Credential::Bearer(_) => Ok(Authentication::Bearer),
        }
    }
}

/// What the request offers as its proof. A signature, where there is one, must hold: nothing falls back to the token.
enum Credential {
    Signature(Signature),
    Bearer(String),
}

impl Credential {
    fn of(headers: &HeaderMap) -> Result<Self, DoorRefusal> {
        if let Some(signature) = only(headers, SIGNATURE_HEADER)? {
            return Signature::parse(signature).map(Self::Signature);
        }
        let authorization =
            only(headers, AUTHORIZATION.as_str())?.ok_or(DoorRefusal::Unauthenticated("no credential"))?;
        match authorization.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Self::Bearer(token.trim().to_owned())),
            _ => Err(DoorRefusal::Unauthenticated("not a bearer token")),
        }
    }
}

/// The header's one value; two of them leave open which counts.
pub(super) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, DoorRefusal> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    match (first.to_str(), values.next()) {
        (Ok(text), None) => Ok(Some(text)),
        _ => Err(DoorRefusal::Unauthenticated("ambiguous credential")),
    }
}

fn check_bearer(token: &str, token_hash: &[u8]) -> Result<(), DoorRefusal> {
    let matches = !token.is_empty() && mac::constant_time_eq(&token::hash_token(token), token_hash);
    if matches {
        Ok(())
    } else {
        Err(DoorRefusal::Unauthenticated("wrong token"))
    }
}

struct Signature {
    /// As it stands in the header: exactly this text was signed.
    time: String,
    macs: Vec<Vec<u8>>,
}

impl Signature {
    fn parse(header: &str) -> Result<Self, DoorRefusal> {
        let broken = DoorRefusal::Unauthenticated("broken signature header");
        let (mut time, mut macs) = (None, Vec::new());
        for item in header.split(',') {
            match item.trim().split_once('=') {
                Some(("t", value)) if time.is_none() => time = Some(value.to_owned()),
                Some(("v1", value)) if macs.len() < SIGNATURES_MAX => {
                    macs.push(hex::decode(value).map_err(|_| broken)?);
                }
                // A scheme that is to come may stand beside ours.
                Some((scheme, _)) if scheme != "t" && scheme != "v1" => {}
                _ => return Err(broken),
            }
        }
        match time {
            Some(time) if !macs.is_empty() => Ok(Self { time, macs }),
            _ => Err(broken),
        }
    }

    fn check_time(&self, now: i64) -> Result<(), DoorRefusal> {
        let digits = (1..=12).contains(&self.time.len()) && self.time.bytes().all(|byte| byte.is_ascii_digit());
        let time = self.time.parse::<i64>().ok().filter(|_| digits);
        let time = time.ok_or(DoorRefusal::Unauthenticated("broken signature header"))?;
        if (now - time).abs() <= WINDOW_SECONDS {
            Ok(())
        } else {
            Err(DoorRefusal::Unauthenticated("signature outside its time window"))
        }
    }

    fn check(&self, secret: &[u8], body: &[u8]) -> Result<(), DoorRefusal> {
        let signed = [self.time.as_bytes(), b".", body].concat();
        let expected = mac::hmac_sha256(secret, &signed);
        // Every one is compared, so that the time taken does not tell which was near.
        let matches = self
            .macs
            .iter()
            .fold(false, |found, mac| found | mac::constant_time_eq(mac, &expected));
        if matches {
            Ok(())
        } else {
            Err(DoorRefusal::Unauthenticated("wrong signature"))
        }
    }
}

/// The fields of either form, under our names.
#[derive(Default)]
pub(super) struct Form {
    pub(super) fields: BTreeMap<String, String>,
    pub(super) document: Option<Vec<u8>>,
}

impl Form {
    pub(super) fn of(content_type: &str, body: &[u8], settings: &DoorSettings) -> Result<Self, DoorRefusal> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        match media_type.to_ascii_lowercase().as_str() {
            "multipart/form-data" => Self::of_multipart(content_type, body, settings),
            "application/json" => Self::of_json(body, settings),
            _ => Err(DoorRefusal::Malformed("neither multipart nor JSON")),
        }
    }

    fn of_multipart(content_type: &str, body: &[u8], settings: &DoorSettings) -> Result<Self, DoorRefusal> {
        let mut form = Self::default();
        for part in multipart::parts(content_type, body)? {
            let name = String::from_utf8_lossy(&part.name);
            let name = our_name(&name, settings);
            if name == "document" {
                form.set_document(part.bytes.to_vec())?;
            } else if !part.is_file {
                let text = part.text().ok_or(DoorRefusal::Malformed("a field is not UTF-8"))?;
                form.set_field(name, text)?;
            }
        }
        Ok(form)
    }

    fn of_json(body: &[u8], settings: &DoorSettings) -> Result<Self, DoorRefusal> {
        let object: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| DoorRefusal::Malformed("not a JSON object"))?;
        let mut form = Self::default();
        for (name, value) in object {
            let name = our_name(&name, settings).to_owned();
            match value {
                Value::String(text) if name == "document_base64" => form.set_document(from_base64(&text)?)?,
                Value::String(text) => form.set_field(&name, &text)?,
                Value::Number(number) => form.set_field(&name, &number.to_string())?,
                Value::Bool(flag) => form.set_field(&name, if flag { "true" } else { "false" })?,
                Value::Array(_) | Value::Object(_) if is_ours(&name) => {
                    return Err(DoorRefusal::Malformed("a field is not plain text"));
                }
                Value::Null | Value::Array(_) | Value::Object(_) => {}
            }
        }
        Ok(form)
    }

    fn set_document(&mut self, bytes: Vec<u8>) -> Result<(), DoorRefusal> {
        match self.document.replace(bytes) {
            None => Ok(()),
            Some(_) => Err(DoorRefusal::Malformed("more than one document")),
        }
    }

    fn set_field(&mut self, name: &str, text: &str) -> Result<(), DoorRefusal> {
        match self.fields.insert(name.to_owned(), text.to_owned()) {
            Some(_) if is_ours(name) => Err(DoorRefusal::Malformed("a field came twice")),
            _ => Ok(()),
        }
    }

    fn into_fax(mut self, authentication: Authentication) -> Result<InboundFax, DoorRefusal> {
        let fax_id = fax::fax_id(&self.take("fax_id"))?;
        let partial = fax::flag(&self.take("partial"));
        let received_at = fax::time(&self.take("received_at"));
        let details = self.details();
        let (document, completeness) = match (self.document, partial) {
            (Some(document), false) => (document, Completeness::Complete),
            (Some(document), true) => (document, Completeness::Partial),
            (None, true) => (Vec::new(), Completeness::Failed),
            (None, false) => return Err(DoorRefusal::Malformed("no document")),
        };
        Ok(InboundFax {
            fax_id,
            document,
            completeness,
            received_at,
            details,
            authentication,
        })
    }

    fn take(&mut self, name: &str) -> String {
        self.fields.remove(name).unwrap_or_default()
    }

    /// What is left of the fields, the known ones in their places.
    pub(super) fn details(&mut self) -> FaxDetails {
        let mut details = FaxDetails {
            from: fax::text(&self.take("from")),
            to: fax::text(&self.take("to")),
            csid: fax::text(&self.take("csid")),
            pages_claimed: self.take("pages").trim().parse().ok(),
            urgent: fax::flag(&self.take("urgent")),
            event_id: fax::text(&self.take("event_id")),
            more: BTreeMap::new(),
        };
        for (name, value) in &self.fields {
            details.keep(name, value);
        }
        details
    }
}

/// The fields that mean something to us: these may come once only, as plain text.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "fax_id"
            | "from"
            | "to"
            | "csid"
            | "pages"
            | "received_at"
            | "partial"
            | "urgent"
            | "event_id"
            | "document_base64"
    )
}

fn our_name<'a>(name: &'a str, settings: &'a DoorSettings) -> &'a str {
    settings.aliases.get(name).map_or(name, String::as_str)
}

/// Line breaks within are common (MIME's 76 columns) and mean nothing.
fn from_base64(text: &str) -> Result<Vec<u8>, DoorRefusal> {
    let not_base64 = DoorRefusal::Malformed("the document is not base64");
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let dense: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        BASE64.decode(dense).map_err(|_| not_base64)
    } else {
        BASE64.decode(text).map_err(|_| not_base64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    const NOW: i64 = 1_795_000_000;
    const SECRET: &[u8] = b"s3cret";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(NOW, 0).unwrap()
    }

    fn receive(headers: &[(&'static str, String)], body: &[u8]) -> Result<InboundFax, DoorRefusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Generic.receive(&DoorRequest {
            headers: &map,
            body,
            keys: super::super::DoorKeys {
                secret: SECRET,
                token_hash: &token::hash_token("t0ken"),
            },
            settings: &DoorSettings::default(),
            now: now(),
        })
    }

    fn json() -> (&'static str, String) {
        ("content-type", "application/json".to_owned())
    }

    fn signed(time: i64, secret: &[u8], body: &[u8]) -> String {
        let mac = mac::hmac_sha256(secret, &[format!("{time}.").as_bytes(), body].concat());
        format!("t={time},v1={}", hex::encode(mac))
    }

    const BODY: &[u8] =
        br#"{"fax_id":4711,"from":"+15550100001","pages":"2","partial":false,"document_base64":"JVBERi0x"}"#;

    #[test]
    fn a_signed_json_fax_is_read() {
        let fax = receive(&[json(), ("x-signature", signed(NOW, SECRET, BODY))], BODY).unwrap();
        assert_eq!(
            (fax.fax_id.as_str(), fax.document.as_slice()),
            ("4711", b"%PDF-1".as_slice())
        );
        assert_eq!(
            (fax.completeness, fax.authentication),
            (Completeness::Complete, Authentication::Signature)
        );
        assert_eq!(
            (fax.details.from.as_deref(), fax.details.pages_claimed),
            (Some("+15550100001"), Some(2))
        );
    }

    #[test]
    fn a_second_signature_may_hold_instead_of_the_first() {
        let good = signed(NOW, SECRET, BODY);
        let both = format!("t={NOW},v1={},{}", "00".repeat(32), good.split_once(',').unwrap().1);
        assert!(receive(&[json(), ("x-signature", both)], BODY).is_ok());
    }

    #[test]
    fn the_window_is_closed_on_both_sides() {
        for (offset, fine) in [(-300, true), (300, true), (-301, false), (301, false)] {
            let result = receive(&[json(), ("x-signature", signed(NOW + offset, SECRET, BODY))], BODY);
            assert_eq!(result.is_ok(), fine, "{offset}");
        }
    }

    #[test]
    fn what_does_not_prove_itself_is_refused() {
        let good = signed(NOW, SECRET, BODY);
        let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
        let refused: Vec<Vec<(&'static str, String)>> = vec![
            vec![],
            vec![("x-signature", signed(NOW, b"other", BODY))],
            vec![("x-signature", signed(NOW, SECRET, b"other body"))],
            vec![("x-signature", format!("t={NOW}"))],
            vec![("x-signature", good.replace("v1", "v0"))],
            vec![("x-signature", format!("t={NOW},{good}"))],
            vec![("x-signature", format!("t=+{NOW},v1=00"))],
            vec![("x-signature", String::new())],
            vec![("x-signature", good.clone()), ("x-signature", good)],
            vec![bearer("wrong")],
            vec![bearer("")],
            vec![("authorization", "Basic dDp0".to_owned())],
            // A bad signature is not saved by a good token.
            vec![("x-signature", signed(NOW, b"other", BODY)), bearer("t0ken")],
        ];
        for mut headers in refused {
            headers.push(json());
            let result = receive(&headers, BODY);
            assert!(
                matches!(result, Err(DoorRefusal::Unauthenticated(_))),
                "{headers:?} {result:?}"
            );
        }
    }

    #[test]
    fn authentic_but_unreadable_is_malformed() {
        let bearer = ("authorization", "bearer t0ken".to_owned());
        for body in [
            "",
            "{",
            "[]",
            "{\"document_base64\":\"JVBERi0x\"}",
            "{\"fax_id\":\"1\"}",
            "{\"fax_id\":\"1\",\"document_base64\":\"?\"}",
            "{\"fax_id\":[1],\"document_base64\":\"JVBERi0x\"}",
        ] {
            let result = receive(&[json(), bearer.clone()], body.as_bytes());
            assert!(matches!(result, Err(DoorRefusal::Malformed(_))), "{body} {result:?}");
        }
        let result = receive(&[("content-type", "text/plain".to_owned()), bearer.clone()], b"hello");
        assert!(matches!(result, Err(DoorRefusal::Malformed(_))));
        assert!(matches!(receive(&[bearer], b"%PDF-1"), Err(DoorRefusal::Malformed(_))));
    }

    #[test]
    fn a_broken_off_fax_without_a_document_is_still_a_fax() {
        let body = br#"{"fax_id":"9","partial":"carrier lost"}"#;
        let fax = receive(&[json(), ("authorization", "Bearer t0ken".to_owned())], body).unwrap();
        assert_eq!((fax.completeness, fax.document.len()), (Completeness::Failed, 0));
    }

    #[test]
    fn base64_may_be_wrapped_or_unpadded() {
        assert_eq!(from_base64("JVBE\r\nRi0x\n").unwrap(), b"%PDF-1");
        assert_eq!(from_base64("JVBERi0").unwrap(), b"%PDF-");
        assert_eq!(from_base64("").unwrap(), b"");
    }
}
