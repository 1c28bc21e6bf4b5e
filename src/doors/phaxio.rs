//! Phaxio v1, v2 and v2.1.
//!
//! `X-Phaxio-Signature` is the lower-hex HMAC-SHA1, under the account's callback token, of: the callback URL as typed
//! at Phaxio, then each parameter's name and value sorted by name, then each file part's name and the lower-hex SHA-1
//! of its bytes sorted by name. There is no timestamp: the fax id is what stops a replay.

use super::fax::{self, Authentication, Completeness, DoorRefusal, DoorRequest, FaxDetails, InboundFax};
use super::generic::only;
use super::history::History;
use super::{Carrier, SecretSource, multipart};
use crate::crypto::mac;
use aws_lc_rs::digest;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use std::collections::BTreeMap;

const SIGNATURE_HEADER: &str = "x-phaxio-signature";
/// v2 and v2.1 call the document `file`, v1 called it `filename`.
const FILE_PARTS: [&str; 2] = ["file", "filename"];

pub struct Phaxio;

impl Carrier for Phaxio {
    fn kind(&self) -> &'static str {
        "phaxio"
    }

    fn secret_source(&self) -> SecretSource {
        SecretSource::Gateway
    }

    fn check_headers(&self, request: &DoorRequest<'_>) -> Result<(), DoorRefusal> {
        signature(request).map(|_| ())
    }

    fn receive(&self, request: &DoorRequest<'_>) -> Result<InboundFax, DoorRefusal> {
        let signature = signature(request)?;
        // The parts are what was signed, so what can't be taken apart can't be authentic.
        let form = Form::of(request).map_err(|_| DoorRefusal::Unauthenticated("not a form"))?;
        let url = request
            .settings
            .public_url
            .as_deref()
            .ok_or(DoorRefusal::Unauthenticated("no public URL set"))?;
        let expected = mac::hmac_sha1(request.keys.secret, &form.signed_text(url));
        if !mac::constant_time_eq(&signature, &expected) {
            return Err(DoorRefusal::Unauthenticated("wrong signature"));
        }
        form.into_fax()
    }

    fn history(&self) -> Option<&'static dyn History> {
        Some(&Self)
    }
}

fn signature(request: &DoorRequest<'_>) -> Result<Vec<u8>, DoorRefusal> {
    let header = only(request.headers, SIGNATURE_HEADER)?.ok_or(DoorRefusal::Unauthenticated("no credential"))?;
    hex::decode(header).map_err(|_| DoorRefusal::Unauthenticated("broken signature header"))
}

/// The request's parameters and files, bytes as they came.
struct Form {
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
    files: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Form {
    fn of(request: &DoorRequest<'_>) -> Result<Self, DoorRefusal> {
        let content_type = request
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        // A failed fax has no file and may come as a plain form.
        if content_type
            .to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
        {
            let parameters = form_urlencoded::parse(request.body)
                .map(|(name, value)| (name.into_owned().into_bytes(), value.into_owned().into_bytes()))
                .collect();
            return Ok(Self {
                parameters,
                files: Vec::new(),
            });
        }
        let (mut parameters, mut files) = (Vec::new(), Vec::new());
        for part in multipart::parts(content_type, request.body)? {
            let list = if part.is_file { &mut files } else { &mut parameters };
            list.push((part.name, part.bytes.to_vec()));
        }
        Ok(Self { parameters, files })
    }

    fn signed_text(&self, url: &str) -> Vec<u8> {
        let mut parameters: Vec<_> = self.parameters.iter().collect();
        parameters.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut text = url.as_bytes().to_vec();
        for (name, value) in parameters {
            text.extend_from_slice(name);
            text.extend_from_slice(value);
        }
        for (name, bytes) in files {
            text.extend_from_slice(name);
            let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
            text.extend_from_slice(hex::encode(sha1).as_bytes());
        }
        text
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(key, _)| key == name.as_bytes())?;
        std::str::from_utf8(value).ok()
    }

    fn into_fax(mut self) -> Result<InboundFax, DoorRefusal> {
        let fax = self.parameter("fax").ok_or(DoorRefusal::Malformed("no fax object"))?;
        let fax: FaxObject = serde_json::from_str(fax).map_err(|_| DoorRefusal::Malformed("broken fax object"))?;
        let direction = self.parameter("direction").or(fax.direction.as_deref());
        if direction == Some("sent") {
            return Err(DoorRefusal::Ignored("progress of an outbound fax"));
        }
        let success = self.parameter("success").is_some_and(fax::flag);
        let at = self
            .files
            .iter()
            .position(|(name, _)| FILE_PARTS.iter().any(|part| name == part.as_bytes()));
        let document = at
            .map(|at| self.files.swap_remove(at).1)
            .filter(|bytes| !bytes.is_empty());
        let completeness = match (&document, success) {
            (Some(_), true) => Completeness::Complete,
            (Some(_), false) => Completeness::Partial,
            // Without its file even a successful fax is nothing that we could read.
            (None, _) => Completeness::Failed,
        };
        let received_at = fax.completed_at.as_deref().and_then(fax::time);
        let received_at = received_at.or_else(|| fax.created_at.as_deref().and_then(fax::time));
        Ok(InboundFax {
            fax_id: fax::fax_id(&fax.id.to_string())?,
            document: document.unwrap_or_default(),
            completeness,
            received_at,
            details: self.details(&fax),
            authentication: Authentication::Signature,
        })
    }

    fn details(&self, fax: &FaxObject) -> FaxDetails {
        let mut details = FaxDetails {
            from: fax.from_number.as_deref().and_then(fax::text),
            to: fax.to_number.as_deref().and_then(fax::text),
            csid: None,
            pages_claimed: fax.num_pages,
            urgent: false,
            event_id: None,
            more: BTreeMap::new(),
        };
        let more = [
            ("success", self.parameter("success")),
            ("is_test", self.parameter("is_test")),
            ("message", self.parameter("message")),
            ("event_type", self.parameter("event_type")),
            ("metadata", self.parameter("metadata")),
            ("status", fax.status.as_deref()),
            ("caller_name", fax.caller_name.as_deref()),
            ("error_type", fax.error_type.as_deref()),
            ("error_message", fax.error_message.as_deref()),
        ];
        for (name, value) in more {
            details.keep(name, value.unwrap_or_default());
        }
        details
    }
}

/// The `fax` parameter: JSON text. Fields that we don't need are not looked at, so that their types may change.
#[derive(Deserialize)]
struct FaxObject {
    id: u64,
    direction: Option<String>,
    num_pages: Option<u32>,
    status: Option<String>,
    from_number: Option<String>,
    to_number: Option<String>,
    caller_name: Option<String>,
    created_at: Option<String>,
    completed_at: Option<String>,
    error_type: Option<String>,
    error_message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_text_is_the_url_then_parameters_then_files() {
        let form = Form {
            parameters: vec![
                (b"success".to_vec(), b"true".to_vec()),
                (b"fax".to_vec(), b"{}".to_vec()),
            ],
            files: vec![(b"file".to_vec(), b"abc".to_vec())],
        };
        // SHA-1 of `abc`: FIPS 180-1, appendix A.
        let expect = "https://fax.example/in/fax{}successtruefilea9993e364706816aba3e25717850c26c9cd0d89d";
        assert_eq!(
            String::from_utf8(form.signed_text("https://fax.example/in/")).unwrap(),
            expect
        );
    }
}
