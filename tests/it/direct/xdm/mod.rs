//! XDM packages against Python's `zipfile`: ours are read by it, and it makes those that we have to read or refuse.

use chrono::{NaiveDate, TimeZone, Utc};
use referloop::direct::xdm::metadata::Coded;
use referloop::direct::xdm::read::{DocumentProblem, Package, PackageProblem};
use referloop::direct::xdm::write::{Media, NewDocument, Party, Patient, Sex, Submission};
use referloop::direct::xdm::{PackageError, subject};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

const CDA: &[u8] = b"<ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>";
const ORDER: &[u8] = b"MSH|^~\\&|||||20260105||OMG^O19^OMG_O19|1|P|2.5.1\r";

/// Packages made by Python, once for all tests.
static MADE: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    python(&["make", folder.path().to_str().unwrap()]);
    folder
});

fn python(arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/direct/xdm/packages.py");
    let output = Command::new("/usr/bin/python3")
        .arg(script)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn made(name: &str) -> PathBuf {
    MADE.path().join(name)
}

fn package(name: &str) -> Package {
    Package::read(&std::fs::read(made(name)).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn coded(code: &str) -> Coded {
    Coded {
        code: code.to_owned(),
        system: "2.16.840.1.113883.6.1".to_owned(),
        name: "A & B".to_owned(),
    }
}

fn document(bytes: &'static [u8], media: Media, unique_id: &'static str) -> NewDocument<'static> {
    NewDocument {
        bytes,
        media,
        title: "Referral <note>",
        unique_id,
        made_at: Utc.with_ymd_and_hms(2026, 1, 5, 11, 0, 0).unwrap(),
        author: "^Osei^Ama",
        author_organization: "Northside Family Practice",
        class: coded("class"),
        kind: coded("57133-1"),
        format: coded("format"),
        confidentiality: coded("N"),
        facility: coded("facility"),
        practice: coded("practice"),
    }
}

fn ours() -> Vec<u8> {
    let documents = [
        document(ORDER, Media::Hl7V2, "2.999.8.1"),
        document(CDA, Media::Cda, "2.999.8.2"),
    ];
    let submission = Submission {
        unique_id: "2.25.1234",
        source_id: "2.999.5",
        sent_at: Utc.with_ymd_and_hms(2026, 1, 5, 12, 30, 8).unwrap(),
        sender: Party {
            organization: "Northside Family Practice",
            address: "dr.osei@direct.northside-family.example",
        },
        recipient: Party {
            organization: "Lakeview & Sons ^ Cardiology",
            address: "referrals@direct.lakeview-cardiology.example",
        },
        patient: Patient {
            number: "1001",
            authority: "2.999.1",
            known_as: None,
            family: "O'Example",
            given: "José",
            birth_date: NaiveDate::from_ymd_opt(1961, 4, 9),
            sex: Sex::Male,
        },
        referral: &[("RF-1", "2.999.2.7")],
        content: coded("34133-9"),
        documents: &documents,
    };
    let package = submission.package().unwrap();
    assert_eq!(
        package,
        submission.package().unwrap(),
        "the same submission gives the same bytes"
    );
    package
}

#[test]
fn python_reads_what_we_pack_with_hashes_right() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ours.zip");
    std::fs::write(&path, ours()).unwrap();
    let patient = "patient 1001^^^&2.999.1&ISO PID-3|1001^^^&2.999.1&ISO PID-5|O'Example^José PID-7|19610409 PID-8|M";
    let referral = "referral RF-1^^^&2.999.2.7&ISO^urn:ihe:iti:xds:2013:referral";
    let codes = "2  57133-1 N class facility format practice";
    assert_eq!(
        python(&["read", path.to_str().unwrap()]).lines().collect::<Vec<_>>(),
        [
            "folders IHE_XDM/ IHE_XDM/SUBSET01/",
            "methods 8",
            &format!("document DOC00001.HL7 x-application/hl7-v2+er7 {codes}"),
            patient,
            referral,
            &format!("document DOC00002.XML text/xml {codes}"),
            patient,
            referral,
            "recipient Lakeview   Sons   Cardiology||^^Internet^referrals@direct.lakeview-cardiology.example",
            "members 2",
        ]
    );
}

#[test]
fn we_read_what_we_pack() {
    let package = Package::read(&ours()).unwrap();
    assert_eq!(package.problems, []);
    let [order, note] = &package.documents[..] else {
        panic!("{package:?}")
    };
    assert_eq!((&order.bytes[..], &note.bytes[..]), (ORDER, CDA));
    assert!(order.problems.is_empty() && note.problems.is_empty());
    let entry = note.entry.as_ref().unwrap();
    assert_eq!(entry.title.as_deref(), Some("Referral <note>"));
    assert_eq!(entry.unique_id.as_deref(), Some("2.999.8.2"));
    assert_eq!(entry.kind, Some(coded("57133-1")));
    assert_eq!(entry.creation_time.as_deref(), Some("20260105110000"));
    assert_eq!(package.submissions[0].unique_id.as_deref(), Some("2.25.1234"));
    assert_eq!(package.submissions[0].source_id.as_deref(), Some("2.999.5"));
    assert_eq!(
        package.patients().into_iter().collect::<Vec<_>>(),
        ["1001^^^&2.999.1&ISO"]
    );
}

#[test]
fn odd_layouts_are_read() {
    let plain = [
        "01-no-slash",
        "02-default-subset",
        "04-top-folder",
        "05-lower-case",
        "06-bad-xhtml",
        "08-furniture",
        "09-octet-stream",
        "10-application-xml",
        "12-explicit-directories",
        "13-backslashes",
        "14-packed-twice",
    ];
    for name in plain {
        let package = package(&format!("{name}.zip"));
        assert_eq!(package.documents.len(), 1, "{name}: {package:?}");
        let document = &package.documents[0];
        assert!(document.bytes.starts_with(b"<?xml"), "{name}");
        assert_eq!(document.problems, [], "{name}");
        assert_eq!(package.problems, [], "{name}");
        let entry = document.entry.as_ref().unwrap();
        assert_eq!(entry.unique_id.as_deref(), Some("2.999.7.1"), "{name}");
        assert_eq!(
            package.submissions[0].submission_time.as_deref(),
            Some("20260105120000")
        );
    }
}

#[test]
fn what_is_wrong_with_a_document_is_said_and_the_document_kept() {
    let wrong = package("07-wrong-hash-and-size.zip");
    assert_eq!(
        wrong.documents[0].problems,
        [DocumentProblem::Hash, DocumentProblem::Size]
    );
    let nameless = package("11-no-uri.zip");
    assert_eq!(nameless.documents[0].problems, [DocumentProblem::FoundWithoutName]);
    let several = package("03-several-subsets.zip");
    assert_eq!(several.documents.len(), 2);
    assert!(several.documents.iter().all(|document| document.problems.is_empty()));
    let unlisted = package("15-unlisted.zip");
    assert_eq!(unlisted.documents[1].problems, [DocumentProblem::Unlisted]);
    assert!(unlisted.documents[1].bytes.starts_with(b"%PDF"));
    assert_eq!(package("16-two-patients.zip").patients().len(), 2);
    let missing = package("17-missing-document.zip");
    assert_eq!(
        missing.problems,
        [PackageProblem::DocumentMissing, PackageProblem::Empty]
    );
    let broken = package("18-broken-metadata.zip");
    assert_eq!(broken.problems, [PackageProblem::MetadataUnreadable]);
    assert_eq!(broken.documents[0].problems, [DocumentProblem::Unlisted]);
    let many = package("19-too-many-entries.zip");
    assert_eq!(many.problems, [PackageProblem::MetadataUnreadable]);
    assert_eq!(many.documents[0].problems, []);
}

#[test]
fn hostile_packages_are_refused() {
    let expected = [
        ("too-many", PackageError::Entries),
        ("bomb", PackageError::Size),
        ("large", PackageError::Size),
        ("name0", PackageError::Name),
        ("name1", PackageError::Name),
        ("name2", PackageError::Name),
        ("name3", PackageError::Name),
        ("name4", PackageError::Name),
        ("case", PackageError::Duplicate),
        ("twin", PackageError::Duplicate),
        ("bzip2", PackageError::Compression),
        ("no-metadata", PackageError::NoMetadata),
        ("packed-thrice", PackageError::NoMetadata),
        ("encrypted", PackageError::Encrypted),
        ("damaged", PackageError::Damaged),
        ("cut", PackageError::NotAPackage),
    ];
    for (name, error) in expected {
        let bytes = std::fs::read(made(&format!("{name}.bad"))).unwrap();
        assert_eq!(Package::read(&bytes).unwrap_err(), error, "{name}");
    }
}

#[test]
fn the_subject_announces_a_package_first() {
    assert_eq!(subject("Consult note"), "XDM/1.0/DDM Consult note");
    assert_eq!(subject(""), "XDM/1.0/DDM");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0u8..255, 0..200), at in 0usize..3000, value in 0u8..255) {
        let _ = Package::read(&bytes);
        let mut package = ours();
        let at = at % package.len();
        package[at] = value;
        let _ = Package::read(&package);
        let _ = Package::read(&package[..at]);
    }
}
