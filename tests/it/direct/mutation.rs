//! Broken messages and documents by the thousand, for two seconds: nothing panics, and nothing that was changed is
//! believed. `make fuzz` looks longer and deeper.

use super::press::{BODY, Recipe, USUAL, outer, routing};
use super::workshop::{OURS, Workshop};
use referloop::cda::ClinicalDocument;
use referloop::direct::cms;
use referloop::direct::envelope::{self, Sealing};
use referloop::direct::identity::Identity;
use referloop::direct::incoming::{Envelope, Policy};
use referloop::direct::mdn::Report;
use referloop::direct::mime::Entity;
use referloop::direct::split;
use referloop::direct::trust::bundle::Bundle;
use referloop::direct::xdm::read::Package;
use referloop::hl7::referral::ReferralMessage;
use std::io::Write as _;
use std::time::{Duration, Instant};
use zip::write::{SimpleFileOptions, ZipWriter};

const TIME: Duration = Duration::from_secs(2);

const ANY: Policy = Policy {
    accept_opaque: true,
    accept_unwrapped: true,
};

/// Numbers that look drawn and are the same each time (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// One to three changes: a byte, a bit, a piece cut out, put twice, or cut off; or a word that means something.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        const WORDS: [&[u8]; 12] = [
            b"\r\n\r\n",
            b"\n",
            b"--b1\r\n",
            b"--b1--",
            b"boundary=b1;",
            b"=\r\n",
            b"<!DOCTYPE a [",
            b"\x30\x80",
            b"\xA0\x84\xFF\xFF\xFF\xFF",
            b"Content-Transfer-Encoding: base64\r\n",
            b"|^~\\&",
            b"PK\x05\x06",
        ];
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + self.below(64)).min(bytes.len());
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = self.next() as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => bytes.truncate(at),
                _ => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].iter().copied())),
            }
        }
        bytes
    }
}

/// A message of each form, at each layer.
struct Layers {
    workshop: Workshop,
    ours: Vec<Identity>,
    raw: Vec<Vec<u8>>,
    entities: Vec<Vec<u8>>,
    /// SHA-256 of the inner messages that were signed.
    signed: Vec<String>,
}

impl Layers {
    fn new() -> Self {
        let workshop = Workshop::new();
        let ec: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
        workshop.make_identity("clinic", ec, "DNS:direct.lakeview-cardiology.example");
        let ours = vec![workshop.identity_of("clinic")];
        let forms = [
            USUAL,
            Recipe { opaque: true, ..USUAL },
            Recipe {
                wrapped: false,
                ..USUAL
            },
        ];
        let entities: Vec<Vec<u8>> = forms.iter().map(|recipe| workshop.sign(recipe)).collect();
        let raw: Vec<Vec<u8>> = entities.iter().map(|entity| workshop.envelop(&USUAL, entity)).collect();
        let accepted = raw
            .iter()
            .map(|raw| workshop.explained(raw, &ours, ANY).outcome.unwrap());
        Self {
            signed: accepted.map(|message| message.inner_sha256).collect(),
            workshop,
            ours,
            raw,
            entities,
        }
    }

    /// What was changed is refused, or it was changed where it does not matter. `relayed` allows what relays do to line
    /// ends.
    fn check(&self, raw: &[u8], relayed: bool) {
        if let Ok(message) = self.workshop.explained(raw, &self.ours, ANY).outcome {
            assert!(relayed || self.signed.contains(&message.inner_sha256));
        }
        let _ = Envelope::guessed(raw);
    }

    fn check_entity(&self, entity: &[u8]) {
        let enveloped = envelope::encrypt(entity, self.ours[0].certificate(), Sealing::default()).unwrap();
        self.check(&outer(&enveloped), split::has_bare_line_feed(entity));
    }
}

fn report() -> Vec<u8> {
    format!(
        "{}Content-Type: multipart/report; boundary=b1\r\n\r\n--b1\r\nContent-Type: message/disposition-notification\r\n\r\n\
         Final-Recipient: rfc822; {OURS}\r\nOriginal-Message-ID: <a@b>\r\nDisposition: a/b;\r\n dispatched\r\n--b1\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <a@b>\r\n--b1--\r\n",
        routing()
    )
    .into_bytes()
}

fn package() -> Vec<u8> {
    let mut package = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let metadata: &[u8] =
        b"<SubmitObjectsRequest><ExtrinsicObject id='1' mimeType='text/xml'><Slot name='URI'><ValueList>\
                            <Value>DOC.XML</Value></ValueList></Slot></ExtrinsicObject></SubmitObjectsRequest>";
    for (name, content) in [
        ("IHE_XDM/S1/METADATA.XML", metadata),
        ("IHE_XDM/S1/DOC.XML", b"<ClinicalDocument/>"),
    ] {
        package.start_file(name, SimpleFileOptions::default()).unwrap();
        package.write_all(content).unwrap();
    }
    package.finish().unwrap().into_inner()
}

#[test]
fn nothing_broken_is_believed_and_nothing_makes_a_reader_panic() {
    let layers = Layers::new();
    let structures: Vec<Vec<u8>> = ["signature", "enveloped"]
        .map(|name| layers.workshop.read(name))
        .to_vec();
    let (report, package) = (report(), package());
    let note = include_bytes!("../../../samples/direct/referral-note.xml");
    let order = include_bytes!("../../../samples/direct/referral-request.hl7");
    let ours: Vec<&Identity> = layers.ours.iter().collect();
    let mut draw = Draw(0x5EED);
    let (begun, mut rounds) = (Instant::now(), 0);
    while begun.elapsed() < TIME {
        let form = rounds % layers.raw.len();
        layers.check(&draw.mutated(&layers.raw[form]), false);
        layers.check_entity(&draw.mutated(&layers.entities[form]));
        let structure = draw.mutated(&structures[rounds % 2]);
        let _ = (
            cms::decrypt(&structure, &ours, |_| true),
            cms::verify_detached(&structure, b""),
        );
        let _ = (cms::verify_opaque(&structure), Bundle::read(&structure));
        if let Ok(entity) = Entity::parse(&draw.mutated(&report)) {
            let _ = Report::read(&entity);
        }
        let _ = Package::read(&draw.mutated(&package));
        let _ = ClinicalDocument::parse(&draw.mutated(note));
        let _ = ReferralMessage::parse(&draw.mutated(order));
        let _ = split::parts(&draw.mutated(BODY.as_bytes()), "b1");
        rounds += 1;
    }
    // The unchanged ones, as a check of the check.
    for raw in &layers.raw {
        assert!(layers.workshop.explained(raw, &layers.ours, ANY).outcome.is_ok());
    }
    assert!(rounds > 20, "{rounds} rounds");
}
