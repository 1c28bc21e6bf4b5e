//! The order of a closed-loop referral, and its number in the note that goes back.

use super::forms::{at_paths, ending, files};
use super::{received, until};
use crate::cda::rules::breaches;
use crate::harness::{TestApp, TestDb, on_both, sample};
use crate::journeys::{PARTNER_DOMAIN, Partner, acted, free_port, wait_for, with_partner_at};
use chrono::TimeDelta;
use referloop::domain::ability::{Ability, Cipher, Confirms, KeyTransport};
use referloop::domain::delivery::Form;
use referloop::domain::ids::ReferralId;
use referloop::domain::people::{Actor, Role};
use referloop::domain::referral::{NoteKind, StatusName};
use referloop::referrals::act::ActRequest;
use referloop::referrals::delivery::set_ability;
use std::process::Command;

/// Opened by a request (OMG^O19) of the partner, and seen; the note is ready.
async fn ordered_and_seen(test: &TestApp) -> (ReferralId, Actor) {
    let order = String::from_utf8(sample("direct/referral-request.hl7")).unwrap();
    let order = order.replace("Osei^Ama", "Adeyemi^Helen");
    let arrived = test.fax_in("order-1", order.into_bytes()).await;
    test.run_jobs().await;
    let id = test.referrals_of(&arrived).await.remove(0);
    let reviewer = test.person("ana", Role::Reviewer).await;
    let coordinator = test.person("ben", Role::Coordinator).await;
    assert_eq!(
        acted(test, &reviewer, &id, ActRequest::Release {}).await,
        StatusName::Released
    );
    acted(test, &coordinator, &id, ActRequest::Accept {}).await;
    let appointment = test.app.clock.now() + TimeDelta::days(9);
    acted(test, &coordinator, &id, ActRequest::Schedule { appointment }).await;
    acted(test, &coordinator, &id, ActRequest::MarkSeen {}).await;
    let note = ActRequest::AddNote {
        kind: NoteKind::Final,
        text: Some("Coronary angiography was normal.".to_owned()),
        attachment: None,
    };
    assert_eq!(acted(test, &coordinator, &id, note).await, StatusName::NoteReady);
    (id, coordinator)
}

const ORDER: &str = "/*/*[local-name()='inFulfillmentOf']/*[local-name()='order']/*[local-name()='id']";
const PATIENT: &str = "//*[local-name()='patientRole']/*[local-name()='id']";
const VISIT: &str = "//*[local-name()='encompassingEncounter']/*[local-name()='effectiveTime']/@value";

on_both!(a_note_answers_an_order_by_its_number, async |db: TestDb| {
    let port = free_port();
    let (test, partner, _) = with_partner_at(db, [port, port], None, ["--mode-file", "mode"]).await;
    let (id, coordinator) = ordered_and_seen(&test).await;
    let paths = [
        format!("{ORDER}[1]/@root"),
        format!("{ORDER}[1]/@extension"),
        format!("{ORDER}[2]/@extension"),
        format!("{PATIENT}[1]/@extension"),
        format!("{PATIENT}[2]/@root"),
        format!("{PATIENT}[2]/@extension"),
        VISIT.to_owned(),
    ];
    let paths = paths.each_ref().map(String::as_str);
    let day = test.app.clock.now().format("%Y%m%d").to_string();
    for (sent, form) in [(1, Form::CcdaUnstructured), (2, Form::CcdaConsultation), (3, Form::Xdm)] {
        let (mode, ends) = if form == Form::Xdm {
            ("normal", StatusName::Closed)
        } else {
            ("failed", StatusName::NoteReady)
        };
        std::fs::write(partner.folder.path().join("mode"), mode).unwrap();
        let ability = Ability {
            form,
            key_transport: KeyTransport::RsaV15,
            cipher: Cipher::Aes256,
            confirms: Confirms::Dispatched,
        };
        set_ability(&test.app, &Actor::Operator, PARTNER_DOMAIN, Some(ability))
            .await
            .unwrap();
        // Deliveries stand in the order of their times.
        test.app.clock.advance(TimeDelta::seconds(1));
        acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
        wait_for(&test, &id, ends).await;
        until(&test, "the note is opened", async || received(&partner).len() == sent).await;
        let got = files(&partner);
        let context = partner.read(&format!("received/{}", ending(&got, ".txt")));
        let context = String::from_utf8(context).unwrap();
        assert!(context.contains(&format!(":{id}; 2.999.1:MRN-40217\r\n")), "{context}");
        if form == Form::Xdm {
            let (document, listed) = unpacked(&partner, ending(&got, ".zip"));
            assert_eq!(breaches(&document), Vec::<String>::new());
            let number = "RF-2026-0042^^^&2.999.2.7&ISO^urn:ihe:iti:xds:2013:referral";
            assert_eq!(listed.len(), 2, "the note and its letter: {listed:?}");
            for line in listed {
                assert!(
                    line.starts_with(&format!("MRN-40217^^^&2.999.1&ISO {number} {id}^^^&2.25.")),
                    "{line}"
                );
            }
        } else {
            let file = ending(&got, ".xml");
            let found = at_paths(&partner, file, &paths);
            assert_eq!(found[..3], ["2.999.2.7", "RF-2026-0042", id.as_str()], "{form:?}");
            // The number on the order is the partner's own, and no number of ours.
            assert_eq!(found[3..6], [id.as_str(), "2.999.1", "MRN-40217"], "{form:?}");
            assert!(found[6].starts_with(&day), "{form:?}: {}", found[6]);
            assert_eq!(
                breaches(&partner.read(&format!("received/{file}"))),
                Vec::<String>::new()
            );
        }
    }
});

/// The clinical document of a package, and of each of its documents the patient and the referral that it is listed with.
fn unpacked(partner: &Partner, package: &str) -> (Vec<u8>, Vec<String>) {
    const SCRIPT: &str = "
import sys, zipfile
from lxml import etree
package = zipfile.ZipFile(sys.argv[1])
open(sys.argv[2], 'wb').write(package.read('IHE_XDM/SUBSET01/DOC00001.XML'))
metadata = etree.fromstring(package.read('IHE_XDM/SUBSET01/METADATA.XML'))
rim = '{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}'
for entry in metadata.iter(rim + 'ExtrinsicObject'):
    patient = [i.get('value') for i in entry.findall(rim + 'ExternalIdentifier') if i.get('id').endswith('patientId')]
    slots = {s.get('name'): [v.text for v in s.iter(rim + 'Value')] for s in entry.findall(rim + 'Slot')}
    print(*patient, *slots['urn:ihe:iti:xds:2013:referenceIdList'])
";
    let received = partner.folder.path().join("received");
    let document = received.join("unpacked.xml");
    let output = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT])
        .args([received.join(package), document.clone()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    (
        std::fs::read(document).unwrap(),
        listed.lines().map(str::to_owned).collect(),
    )
}
