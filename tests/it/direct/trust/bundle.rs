//! Trust bundles made by the openssl command: certificates alone, with metadata, signed.

use super::authority::{AUTHORITY, certificate};
use referloop::direct::trust::bundle::{Bundle, BundleProblem};

const METADATA: &str = "<TrustBundle xmlns=\"urn:example:bundle\"><name>Example community</name></TrustBundle>";

/// A .p7b of two roots, the one of them twice.
fn certificates(form: &str) -> Vec<u8> {
    AUTHORITY.openssl(&[
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        "root.pem",
        "-certfile",
        "stranger.pem",
        "-certfile",
        "root.pem",
        "-outform",
        form,
    ])
}

fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], content].concat()
}

/// A .p7b whose content is the metadata, which the openssl command makes no way: SignedData without a signer.
fn with_metadata(metadata: &str) -> Vec<u8> {
    let oid = |last: u8| [0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, last].to_vec();
    let content = tlv(0xA0, &tlv(0x04, metadata.as_bytes()));
    let signed = [
        vec![2, 1, 1, 0x31, 0],
        tlv(0x30, &[oid(1), content].concat()),
        tlv(
            0xA0,
            &[certificate("root").to_der(), certificate("stranger").to_der()].concat(),
        ),
        vec![0x31, 0],
    ];
    tlv(0x30, &[oid(2), tlv(0xA0, &tlv(0x30, &signed.concat()))].concat())
}

fn signed(name: &str, payload: &[u8], digest: &str) -> Vec<u8> {
    std::fs::write(AUTHORITY.path(name), payload).unwrap();
    AUTHORITY.openssl(&[
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-in",
        name,
        "-signer",
        "good.pem",
        "-inkey",
        "good.key",
        "-md",
        digest,
        "-outform",
        "DER",
    ])
}

fn has_both_roots(bundle: &Bundle) -> bool {
    bundle.anchors.len() == 2
        && ["root", "stranger"]
            .iter()
            .all(|name| bundle.anchors.contains(&certificate(name)))
}

#[test]
fn certificates_alone_are_read_from_der_and_pem_each_once() {
    for form in ["DER", "PEM"] {
        let bundle = Bundle::read(&certificates(form)).unwrap();
        assert!(has_both_roots(&bundle), "{form}: {bundle:?}");
        assert_eq!((bundle.metadata, bundle.signers), (None, Vec::new()));
    }
}

#[test]
fn metadata_is_kept_for_a_person_to_read() {
    let bundle = Bundle::read(&with_metadata(METADATA)).unwrap();
    assert!(has_both_roots(&bundle));
    assert_eq!(bundle.metadata.as_deref(), Some(METADATA));
    let large = format!("<TrustBundle>{}", " ".repeat(60_000));
    assert!(Bundle::read(&with_metadata(&large)).unwrap().metadata.is_some());
    assert_eq!(Bundle::read(&with_metadata("no metadata")).unwrap().metadata, None);
}

#[test]
fn a_signed_bundle_says_who_signed_it() {
    let bundle = Bundle::read(&signed("a.p7b", &with_metadata(METADATA), "sha256")).unwrap();
    assert!(has_both_roots(&bundle));
    assert_eq!(bundle.metadata.as_deref(), Some(METADATA));
    assert!(bundle.is_signed_by(&certificate("good")));
    assert!(!bundle.is_signed_by(&certificate("root")));
    // The signer's certificate is in the outer structure, and no anchor.
    assert!(!bundle.anchors.contains(&certificate("good")));
}

#[test]
fn a_signed_bundle_with_a_changed_byte_is_refused() {
    let mut bytes = signed("b.p7b", &with_metadata(METADATA), "sha256");
    let at = bytes.windows(7).position(|window| window == b"Example").unwrap();
    bytes[at] = b'e';
    assert_eq!(Bundle::read(&bytes), Err(BundleProblem::Signature));
    let weak = signed("c.p7b", &certificates("DER"), "sha1");
    assert_eq!(Bundle::read(&weak), Err(BundleProblem::Signature));
}

#[test]
fn what_is_no_bundle_is_refused_and_nothing_is_unbounded() {
    let read = |bytes: &[u8]| Bundle::read(bytes).unwrap_err();
    assert_eq!(read(b""), BundleProblem::Malformed);
    assert_eq!(read(b"<html>not found</html>"), BundleProblem::Malformed);
    assert_eq!(read(&AUTHORITY.read("root.pem")), BundleProblem::Malformed);
    assert_eq!(read(&vec![0x30; 5 * 1024 * 1024]), BundleProblem::TooLarge);
    assert_eq!(read(&signed("d.txt", b"hello", "sha256")), BundleProblem::Malformed);
    let twice = signed("e.p7m", &signed("f.p7b", &certificates("DER"), "sha256"), "sha256");
    assert_eq!(read(&twice), BundleProblem::Malformed);
    let whole = certificates("DER");
    for length in 0..whole.len() {
        assert!(Bundle::read(&whole[..length]).is_err(), "{length}");
    }
    std::fs::write(AUTHORITY.path("empty.crl"), AUTHORITY.list("root", &[], "sha256", "")).unwrap();
    let list_alone = AUTHORITY.openssl(&["crl2pkcs7", "-in", "empty.crl", "-outform", "DER"]);
    assert_eq!(read(&list_alone), BundleProblem::Empty);
}

#[test]
fn more_certificates_than_any_community_has_are_refused() {
    let many = AUTHORITY.read("root.pem").repeat(2001);
    std::fs::write(AUTHORITY.path("many.pem"), many).unwrap();
    let bytes = AUTHORITY.openssl(&["crl2pkcs7", "-nocrl", "-certfile", "many.pem", "-outform", "DER"]);
    assert_eq!(Bundle::read(&bytes), Err(BundleProblem::TooMany));
}
