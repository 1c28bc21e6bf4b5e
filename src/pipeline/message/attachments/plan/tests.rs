use super::*;
use std::io::{Cursor, Write};

const NOTE: &[u8] = include_bytes!("../../../../../samples/direct/referral-note.xml");
const SUMMARY: &[u8] = include_bytes!("../../../../../samples/direct/continuity-of-care.xml");
const ORDER: &[u8] = include_bytes!("../../../../../samples/direct/referral-request.hl7");
const PDF: &[u8] = b"%PDF-1.4\n%%EOF";

fn file(name: &str, media_type: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        bytes: bytes.to_vec(),
    }
}

fn package(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    let metadata: (&str, &[u8]) = ("METADATA.XML", b"<SubmitObjectsRequest/>");
    for (name, bytes) in files.iter().chain([&metadata]) {
        zip.start_file(format!("IHE_XDM/SUBSET01/{name}"), stored).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn bytes(parts: &[Part]) -> Vec<&[u8]> {
    parts.iter().map(|part| &part.bytes[..]).collect()
}

#[test]
fn a_message_without_data_is_taken_as_ever() {
    let files = vec![
        file("a.pdf", "application/pdf", PDF),
        file("logo.gif", "image/gif", b"GIF89a"),
    ];
    let Plan::Apart(parts) = Plan::of(files, "See attached", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [PDF]);
    let Plan::Apart(parts) = Plan::of(Vec::new(), "Only words", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [b"Only words"]);
    // A card beside them does not stand for them.
    let card = file("card.vcf", "text/vcard", b"BEGIN:VCARD");
    let Plan::Apart(parts) = Plan::of(vec![card], "Only words", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [&b"BEGIN:VCARD"[..], b"Only words"]);
    let Plan::Apart(parts) = Plan::of(Vec::new(), " \r\n", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [b""]);
    let Plan::Apart(parts) = Plan::of(
        vec![file("x.docx", "application/octet-stream", b"PK\x03\x04 word/")],
        "",
        None,
    ) else {
        panic!()
    };
    assert_eq!(parts.len(), 1);
}

#[test]
fn a_text_that_somebody_named_is_set_aside_and_not_lost() {
    let kept = |name: &str, kind: &str| {
        let files = vec![
            file("a.pdf", "application/pdf", PDF),
            file(name, kind, b"{\\rtf1 A referral}"),
        ];
        let Plan::Apart(parts) = Plan::of(files, "See attached", None) else {
            panic!("{name}")
        };
        parts.len() == 2
    };
    for (name, kind) in [
        ("referral.rtf", "text/rtf"),
        ("referral.txt", "text/plain"),
        ("attending note.txt", "text/plain"),
        ("record.xml", "text/xml"),
        ("", "text/xml"),
        ("letter.html", "text/html"),
    ] {
        assert!(kept(name, kind), "{name} {kind}");
    }
    for (name, kind) in [
        ("", "text/plain"),
        ("ATT00001.htm", "text/html"),
        ("att2.txt", "text/plain"),
        ("cda.xsl", "text/xml"),
        ("dr.vcf", "text/vcard"),
        ("visit.ics", "text/calendar"),
    ] {
        assert!(!kept(name, kind), "{name} {kind}");
    }
}

#[test]
fn data_leads_whatever_it_is_called_and_wherever_it_stands() {
    for (name, kind) in [
        ("a.bin", "application/octet-stream"),
        ("a.xml", "application/xml"),
        ("", "text/xml"),
    ] {
        let files = vec![file("scan.pdf", "application/pdf", PDF), file(name, kind, NOTE)];
        let Plan::Led { lead, others } = Plan::of(files, "", None) else {
            panic!("{kind}")
        };
        assert_eq!((&lead.bytes[..], bytes(&others)), (NOTE, vec![PDF]), "{kind}");
    }
}

#[test]
fn an_order_leads_and_the_copy_beside_its_package_is_dropped() {
    let zip = package(&[("ORDER.HL7", ORDER), ("DOC.XML", NOTE), ("SCAN.PDF", PDF)]);
    let files = vec![
        file("note.xml", "text/xml", NOTE),
        file("xdm.zip", "application/octet-stream", &zip),
    ];
    let Plan::Led { lead, others } = Plan::of(files, "", None) else {
        panic!()
    };
    assert_eq!((lead.bytes, bytes(&others)), (zip, vec![PDF]));
    assert_eq!(lead.flaws, [PackageFlaw::Unlisted]);
    assert_eq!(others[0].flaws, [PackageFlaw::Unlisted]);
}

#[test]
fn several_patients_are_held_each_file_by_itself() {
    let files = vec![
        file("a.xml", "text/xml", NOTE),
        file("b.xml", "text/xml", SUMMARY),
        file("c.pdf", "application/pdf", PDF),
    ];
    let Plan::Held(parts) = Plan::of(files, "", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [NOTE, SUMMARY, PDF]);
    let zip = package(&[("ORDER.HL7", ORDER), ("OTHER.XML", SUMMARY)]);
    let Plan::Held(parts) = Plan::of(vec![file("x.zip", "application/zip", &zip)], "", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [ORDER, SUMMARY]);
}

#[test]
fn a_message_that_names_another_patient_than_its_file_is_held() {
    let of = |given: &str| {
        let files = vec![file("a.xml", "text/xml", NOTE), file("c.pdf", "application/pdf", PDF)];
        let born = chrono::NaiveDate::from_ymd_opt(1961, 4, 9);
        Plan::of(files, "", Some(Known::new(given, "Example", born)))
    };
    assert!(matches!(of("Rosa"), Plan::Led { .. }));
    assert!(matches!(of("Ana"), Plan::Held(parts) if bytes(&parts) == [NOTE, PDF]));
    // Whether it fits the pages of a scan is seen when they are read.
    let scan = vec![file("c.pdf", "application/pdf", PDF)];
    assert!(matches!(
        Plan::of(scan, "", Some(Known::new("Ana", "Example", None))),
        Plan::Apart(_)
    ));
}

#[test]
fn what_cannot_be_taken_apart_is_kept_as_it_is() {
    let broken = &NOTE[..NOTE.len() - 30];
    let Plan::Apart(parts) = Plan::of(vec![file("a.xml", "text/xml", broken)], "", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [broken]);
    let zip = package(&[("BROKEN.XML", broken), ("SCAN.PDF", PDF)]);
    let Plan::Apart(parts) = Plan::of(vec![file("x.zip", "application/zip", &zip)], "", None) else {
        panic!()
    };
    assert_eq!(bytes(&parts), [broken, PDF]);
    assert!(parts[1].flaws.contains(&PackageFlaw::DocumentUnreadable));
    // A kind of file that nobody reads here stands before a person, beside what is read.
    let files = vec![
        file("a.xml", "text/xml", NOTE),
        file("x.docx", "application/octet-stream", b"PK\x03\x04 word/"),
    ];
    let Plan::Led { others, .. } = Plan::of(files, "", None) else {
        panic!()
    };
    assert_eq!(others.len(), 1);
}

#[test]
fn the_file_of_an_unstructured_document_is_a_file_of_the_message() {
    let text = "<ClinicalDocument><component><nonXMLBody><text mediaType='application/pdf' representation='B64'>JVBERi0xLjQK\
                </text></nonXMLBody></component></ClinicalDocument>";
    let Plan::Led { others, .. } = Plan::of(vec![file("a.xml", "text/xml", text.as_bytes())], "", None) else {
        panic!()
    };
    assert_eq!(bytes(&others), [b"%PDF-1.4\n"]);
}
