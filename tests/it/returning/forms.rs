//! The note in every form that a partner's system can take, looked at by software that is not ours.

use super::{last_delivery, received, until};
use crate::harness::{TestApp, TestDb, on_both};
use crate::journeys::{PARTNER_ADDRESS, PARTNER_DOMAIN, Partner, acted, free_port, seen, wait_for, with_partner_at};
use referloop::direct::mime::Entity;
use referloop::domain::ability::{Ability, Cipher, Confirms, KeyTransport};
use referloop::domain::delivery::{DeliveryState, Form};
use referloop::domain::people::Actor;
use referloop::domain::referral::StatusName;
use referloop::referrals::act::ActRequest;
use referloop::referrals::delivery::{ability_of, set_ability};
use std::io::Write;
use std::process::{Command, Stdio};

/// What lxml finds at each path of a file that the partner got.
pub fn at_paths(partner: &Partner, file: &str, paths: &[&str]) -> Vec<String> {
    let mut child = Command::new("/usr/bin/python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cda/xpaths.py"))
        .arg(partner.folder.path().join("received").join(file))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all((paths.join("\n") + "\n").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{file}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The files of the note that came last, by how their names end.
pub fn files(partner: &Partner) -> Vec<String> {
    let got = received(partner).pop().unwrap();
    assert_eq!(got["problem"], serde_json::Value::Null, "{got}");
    let names = got["files"].as_array().unwrap();
    names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

pub fn ending<'f>(files: &'f [String], end: &str) -> &'f str {
    files.iter().find(|name| name.ends_with(end)).unwrap()
}

const ORDER: &str = "/*[local-name()='ClinicalDocument']/*[local-name()='inFulfillmentOf']/*[local-name()='order']\
                     /*[local-name()='id']/@extension";
const FAMILY: &str = "//*[local-name()='patient']/*[local-name()='name']/*[local-name()='family']";
const TEMPLATE: &str = "/*/*[local-name()='templateId'][@extension='2015-08-01'][2]/@root";

on_both!(
    a_note_goes_out_in_the_form_that_its_partner_can_take,
    async |db: TestDb| {
        let port = free_port();
        let (test, partner, _) = with_partner_at(db, [port, port], None, ["--mode-file", "mode"]).await;
        let (id, coordinator) = seen(&test).await;
        let sends = async |form: Form, key_transport: KeyTransport, mode: &str, ends: StatusName| {
            std::fs::write(partner.folder.path().join("mode"), mode).unwrap();
            let ability = Ability {
                form,
                key_transport,
                cipher: Cipher::Aes128,
                confirms: Confirms::Dispatched,
            };
            set_ability(&test.app, &Actor::Operator, PARTNER_DOMAIN, Some(ability))
                .await
                .unwrap();
            // Deliveries stand in the order of their times.
            test.app.clock.advance(chrono::TimeDelta::seconds(1));
            acted(&test, &coordinator, &id, ActRequest::SendNote {}).await;
            wait_for(&test, &id, ends).await;
            assert_eq!(last_delivery(&test, &id).await.form, Some(form));
        };

        sends(
            Form::CcdaUnstructured,
            KeyTransport::RsaV15,
            "failed",
            StatusName::NoteReady,
        )
        .await;
        until(&test, "the note is opened", async || received(&partner).len() == 1).await;
        let got = files(&partner);
        assert_eq!(got.len(), 2, "the document and its metadata: {got:?}");
        let inside = "//*[local-name()='nonXMLBody']/*[local-name()='text']";
        let found = at_paths(&partner, ending(&got, ".xml"), &[ORDER, FAMILY, TEMPLATE, inside]);
        assert_eq!(
            found[..3],
            [id.as_str(), "Marchetti", "2.16.840.1.113883.10.20.22.1.10"]
        );
        assert!(found[3].starts_with("JVBERi0"), "no PDF inside");
        says_what_it_is_about(&partner, "001");

        sends(
            Form::CcdaConsultation,
            KeyTransport::RsaOaep,
            "failed",
            StatusName::NoteReady,
        )
        .await;
        until(&test, "the note is opened", async || received(&partner).len() == 2).await;
        let got = files(&partner);
        let plan = "//*[local-name()='section'][*[local-name()='code'][@code='51847-2']]/*[local-name()='text']";
        let recipient =
            "//*[local-name()='intendedRecipient']/*[local-name()='telecom'][starts-with(@value,'mailto:')]/@value";
        let found = at_paths(
            &partner,
            ending(&got, ".xml"),
            &[ORDER, FAMILY, TEMPLATE, plan, recipient],
        );
        assert_eq!(found[..3], [id.as_str(), "Marchetti", "2.16.840.1.113883.10.20.22.1.4"]);
        assert!(found[3].contains("Anticoagulation started."), "{found:?}");
        assert_eq!(found[4], format!("mailto:{PARTNER_ADDRESS}"));
        ending(&got, ".pdf");

        sends(Form::Xdm, KeyTransport::RsaOaep, "normal", StatusName::Closed).await;
        until(&test, "the note is opened", async || received(&partner).len() == 3).await;
        let got = received(&partner).pop().unwrap();
        let subject = got["subject"].as_str().unwrap();
        assert!(
            subject.starts_with("XDM/1.0/DDM ") && !subject.contains("Marchetti"),
            "{subject}"
        );
        let files = files(&partner);
        let listed = hashes_fit(&partner, ending(&files, ".zip"));
        assert_eq!(listed, "DOC00001.XML text/xml\nDOC00002.PDF application/pdf\n");
        assert_eq!(last_delivery(&test, &id).await.state, DeliveryState::Dispatched);
    }
);

/// Python's zipfile opens the package, and the metadata's hashes and sizes are those of its files.
fn hashes_fit(partner: &Partner, package: &str) -> String {
    const SCRIPT: &str = "
import hashlib, sys, zipfile
from lxml import etree
package = zipfile.ZipFile(sys.argv[1])
assert package.testzip() is None
assert {'INDEX.HTM', 'README.TXT', 'IHE_XDM/', 'IHE_XDM/SUBSET01/'} <= set(package.namelist())
metadata = etree.fromstring(package.read('IHE_XDM/SUBSET01/METADATA.XML'))
rim = '{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}'
for entry in metadata.iter(rim + 'ExtrinsicObject'):
    slots = {s.get('name'): [v.text for v in s.iter(rim + 'Value')] for s in entry.findall(rim + 'Slot')}
    bytes = package.read('IHE_XDM/SUBSET01/' + slots['URI'][0])
    assert hashlib.sha1(bytes).hexdigest() == slots['hash'][0]
    assert str(len(bytes)) == slots['size'][0]
    print(slots['URI'][0], entry.get('mimeType'))
";
    let file = partner.folder.path().join("received").join(package);
    let output = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT])
        .arg(file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Direct Context: the header stands inside, outside nothing.
fn says_what_it_is_about(partner: &Partner, number: &str) {
    let inner = partner.read(&format!("received/{number}.inner.eml"));
    let outer = partner.read(&format!("received/{number}.eml"));
    let named = |bytes: &[u8]| {
        Entity::parse(bytes)
            .unwrap()
            .headers
            .first("X-Direct-Context")
            .map(str::to_owned)
    };
    assert!(named(&inner).is_some() && named(&outer).is_none());
    let name = received(partner)[0]["files"][0].as_str().unwrap().to_owned();
    let said = String::from_utf8(partner.read(&format!("received/{name}"))).unwrap();
    assert!(
        said.contains("type: referral/report\r\n") && said.contains("surname=Marchetti"),
        "{said}"
    );
}

on_both!(
    what_a_partner_can_take_is_set_for_an_address_before_its_domain,
    async |db: TestDb| {
        let test = TestApp::with(db, |config| config.mail.processed_only = vec!["old.example".to_owned()]).await;
        let of = async |address: &str| {
            let mut tx = test.app.db.read().await.unwrap();
            ability_of(&test.app, &mut tx, address).await.unwrap()
        };
        let set =
            async |name: &str, ability: Option<Ability>| set_ability(&test.app, &Actor::Operator, name, ability).await;
        let with = |form| Ability {
            form,
            ..Ability::default()
        };
        assert_eq!(of("dr@direct.b.example").await, Ability::default());
        assert_eq!(of("dr@old.example").await.confirms, Confirms::Processed);
        set("Direct.B.example", Some(with(Form::Xdm))).await.unwrap();
        set("DR@direct.b.example", Some(with(Form::CcdaConsultation)))
            .await
            .unwrap();
        assert_eq!(of("Dr@Direct.b.example").await.form, Form::CcdaConsultation);
        assert_eq!(of("other@direct.b.example").await.form, Form::Xdm);
        set("dr@direct.b.example", None).await.unwrap();
        assert_eq!(of("dr@direct.b.example").await.form, Form::Xdm);
        assert!(set("nobody", Some(Ability::default())).await.is_err());
        let clinician = test.person("dr.lee", referloop::domain::people::Role::Clinician).await;
        assert!(
            set_ability(&test.app, &clinician, "direct.b.example", None)
                .await
                .is_err()
        );
    }
);
