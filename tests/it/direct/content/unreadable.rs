//! What cannot be read, and what came with it.

use super::{Clinic, THEIRS, by_stage, scan};
use crate::harness::{TestDb, on_both, sample};
use referloop::domain::transmission::{PackageFlaw, QuarantineReason, Stage};
use std::io::{Cursor, Write};

on_both!(
    what_cannot_be_read_stands_before_a_person_and_stops_nothing,
    async |db: TestDb| {
        let mut clinic = Clinic::new(db).await;
        let note = sample("direct/referral-note.xml");
        let broken = &note[..note.len() - 50];
        let all = clinic.message(THEIRS, &[("note.xml", broken)]).await;
        assert_eq!(
            by_stage(&all),
            [(Stage::Quarantined, Some(QuarantineReason::Unreadable))]
        );
        assert_eq!(clinic.original(&all[0]).await, broken);

        // A package whose list is broken, with a document that is, too: what is good in it is taken, and the rest is told.
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in [
            ("METADATA.XML", &b"<a"[..]),
            ("NOTE.XML", &note[..]),
            ("BROKEN.XML", broken),
            ("SCAN.PDF", &scan("Rosa M Example", (1961, 4, 9))[..]),
        ] {
            zip.start_file(format!("IHE_XDM/SUBSET01/{name}"), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let package = zip.finish().unwrap().into_inner();
        let all = clinic
            .message(THEIRS, &[("x.zip", &package), ("photo.heic", b"\0\0\0\x18ftypheic")])
            .await;
        let [lead, bad, scan, strange] = &all[..] else {
            panic!("{:?}", by_stage(&all))
        };
        assert_eq!(bad.reason, Some(QuarantineReason::Unreadable));
        assert_eq!(strange.reason, Some(QuarantineReason::NotADocument));
        assert_eq!((scan.stage, lead.stage), (Stage::Done, Stage::Done));
        assert_eq!(
            lead.details.flaws,
            [
                PackageFlaw::Unlisted,
                PackageFlaw::ListUnreadable,
                PackageFlaw::DocumentUnreadable
            ]
        );
        let id = clinic.only_referral().await;
        let found = clinic.answers(&id).await;
        let [beside] = &found[..] else { panic!() };
        assert_eq!((&beside.transmission, beside.attached), (&scan.id, true));
    }
);
