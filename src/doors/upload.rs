//! A document that a signed-in person or program uploads: the generic door's form, without the gateway's fields.

use super::fax::{DoorRefusal, DoorSettings, FaxDetails, fax_id};
use super::generic::Form;
use crate::crypto::mac;

pub struct Upload {
    pub fax_id: String,
    pub document: Vec<u8>,
    pub details: FaxDetails,
}

/// Reads the form, or says what is wrong with it.
pub fn read(content_type: &str, body: &[u8]) -> Result<Upload, &'static str> {
    Form::of(content_type, body, &DoorSettings::default())
        .and_then(upload)
        .map_err(|refusal| match refusal {
            DoorRefusal::Unauthenticated(problem) | DoorRefusal::Malformed(problem) | DoorRefusal::Ignored(problem) => {
                problem
            }
        })
}

fn upload(mut form: Form) -> Result<Upload, DoorRefusal> {
    let document = form.document.take().ok_or(DoorRefusal::Malformed("no document"))?;
    let fax_id = match form.fields.remove("fax_id") {
        Some(given) => fax_id(&given)?,
        None => format!("sha256:{}", hex::encode(mac::sha256(&document))),
    };
    let details = form.details();
    Ok(Upload {
        fax_id,
        document,
        details,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_fax_id_the_bytes_are_the_id() {
        let upload =
            read("application/json", br#"{"document_base64":"YWJj"}"#).unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(upload.document, b"abc");
        // FIPS 180-2, appendix B.1.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(upload.fax_id, format!("sha256:{sha256}"));
        assert_eq!(read("application/json", b"{}").err(), Some("no document"));
        assert_eq!(read("text/plain", b"abc").err(), Some("neither multipart nor JSON"));
    }
}
