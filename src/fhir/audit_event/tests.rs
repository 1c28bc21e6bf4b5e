//! Every required element and every bound code of IHE's patterns (`PatientRead.fsh` and its siblings in IHE/ITI.BasicAudit,
//! 1.1), for every act there is, on every kind of thing, by every kind of actor, with every outcome.

use super::super::audit_kind::ACTS;
use super::*;
use std::path::{Path, PathBuf};

const RESOURCES: [(&str, &str); 9] = [
    ("referral", "ref_01"),
    ("transmission", "trn_01"),
    ("document", "doc_01"),
    ("list", "desk"),
    ("user", "usr_01"),
    ("door", "dor_01"),
    ("permission", "ViewReferrals"),
    ("field", "patient.name"),
    ("audit", "log"),
];
const ACTORS: [&str; 5] = ["usr_01", "tok_01", "door:front", "system", "operator"];

fn events() -> Vec<(Value, Kind, &'static str, &'static str, Outcome)> {
    let detail = json!({ "referrals": ["ref_01", "ref_02"], "status": "accepted", "rows": 3, "why": null });
    let source = Source {
        tenant: "ten_01",
        host: Some("referrals.clinic.example"),
    };
    let mut all = Vec::new();
    for action in ACTS {
        for (resource_kind, resource_id) in RESOURCES {
            for actor in ACTORS {
                for outcome in Outcome::ALL {
                    let act = Act {
                        id: "aud_01",
                        at: DateTime::UNIX_EPOCH,
                        actor,
                        action,
                        resource_kind,
                        resource_id,
                        outcome,
                        detail: &detail,
                    };
                    let kind = Kind::of(action, resource_kind);
                    all.push((audit_event(&act, source), kind, actor, resource_kind, outcome));
                }
            }
        }
    }
    all
}

/// Those of a list whose `type` has this code: what a slice of the profile is told by.
fn of_type<'a>(list: &'a Value, system: &str, code: &str) -> Vec<&'a Value> {
    let has = |one: &Value| {
        let coding = if one["type"]["coding"].is_array() {
            &one["type"]["coding"][0]
        } else {
            &one["type"]
        };
        coding["system"] == system && coding["code"] == code
    };
    list.as_array().unwrap().iter().filter(|one| has(one)).collect()
}

#[test]
fn every_event_has_what_fhir_requires() {
    for (event, ..) in events() {
        assert_eq!(event["resourceType"], "AuditEvent");
        let id = event["id"].as_str().unwrap();
        assert!(
            id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'),
            "{id}"
        );
        for required in ["system", "code"] {
            assert!(event["type"][required].is_string(), "{event}");
        }
        assert!(["C", "R", "U", "D", "E"].contains(&event["action"].as_str().unwrap()));
        assert!(["0", "4", "8", "12"].contains(&event["outcome"].as_str().unwrap()));
        assert_eq!(event["recorded"], "1970-01-01T00:00:00.000Z");
        let agents = event["agent"].as_array().unwrap();
        assert!(agents.iter().all(|agent| agent["requestor"].is_boolean()), "{event}");
        // Exactly one asked for it.
        assert_eq!(
            agents.iter().filter(|agent| agent["requestor"] == true).count(),
            1,
            "{event}"
        );
        assert!(event["source"]["observer"]["identifier"]["value"].is_string());
        for entity in event["entity"].as_array().unwrap() {
            // sev-1 of the specification.
            assert!(!(entity["name"].is_string() && entity["query"].is_string()));
            for detail in entity["detail"].as_array().into_iter().flatten() {
                assert!(
                    detail["type"].is_string() && detail["valueString"].is_string(),
                    "{detail}"
                );
            }
        }
        no_empty_values(&event);
    }
}

/// FHIR's JSON has neither nulls nor empty texts, lists or objects.
fn no_empty_values(value: &Value) {
    match value {
        Value::Null => panic!("null"),
        Value::String(text) => assert!(!text.is_empty()),
        Value::Array(list) => {
            assert!(!list.is_empty());
            list.iter().for_each(no_empty_values);
        }
        Value::Object(fields) => {
            assert!(!fields.is_empty());
            fields.values().for_each(no_empty_values);
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn what_claims_a_pattern_follows_it() {
    let mut claimed = std::collections::BTreeSet::new();
    for (event, kind, actor, resource_kind, outcome) in events() {
        let Some(profile) = event["meta"]["profile"][0].as_str() else {
            assert!(outcome != Outcome::Allowed || kind.profile().is_none(), "{event}");
            continue;
        };
        claimed.insert(profile.strip_prefix(PROFILES).unwrap().to_owned());
        assert_eq!(event["outcome"], "0");
        assert_eq!(
            (&event["type"]["system"], &event["type"]["code"]),
            (&json!(EVENT_TYPE), &json!("rest"))
        );
        let (action, interaction, client, server, user) = match kind {
            Kind::Create => ("C", "create", "110153", "110152", "AUT"),
            Kind::Read => ("R", "read", "110152", "110153", "IRCP"),
            Kind::Update => ("U", "update", "110153", "110152", "AUT"),
            Kind::Query => ("E", "search", "110153", "110152", "IRCP"),
            other => panic!("{other:?} has no pattern"),
        };
        assert_eq!(
            (&event["action"], &event["subtype"][0]["code"]),
            (&json!(action), &json!(interaction))
        );
        assert_eq!(event["subtype"][0]["system"], INTERACTION);
        for code in [client, server] {
            let found = of_type(&event["agent"], DICOM, code);
            assert_eq!(found.len(), 1, "{event}");
            assert!(
                found[0]["who"].is_object() && found[0]["network"].is_object(),
                "{event}"
            );
            assert!(found[0]["media"].is_null());
        }
        let users = of_type(&event["agent"], PARTICIPATION, user);
        assert_eq!(
            users.len(),
            usize::from(matches!(actor, "usr_01" | "operator")),
            "{event}"
        );
        for user in users {
            assert!(user["who"]["identifier"]["value"].is_string() && user["requestor"] == true);
            assert!(user["network"].is_null());
        }
        its_entities_follow_it(&event, kind, resource_kind);
    }
    let claimed: Vec<_> = claimed.into_iter().collect();
    let expect = [
        "Create",
        "PatientCreate",
        "PatientQuery",
        "PatientRead",
        "PatientUpdate",
        "Query",
        "Read",
        "Update",
    ];
    assert_eq!(claimed, expect);
}

fn its_entities_follow_it(event: &Value, kind: Kind, resource_kind: &str) {
    let objects = of_type(&event["entity"], ENTITY_TYPE, "2");
    assert_eq!(objects.len(), 1, "{event}");
    let patients = of_type(&event["entity"], ENTITY_TYPE, "1");
    if kind == Kind::Query {
        assert_eq!(objects[0]["role"]["code"], "24");
        assert!(objects[0]["query"].is_string() && objects[0]["what"].is_null() && objects[0]["detail"].is_null());
    } else {
        assert_eq!(objects[0]["role"]["code"], "4");
        assert!(objects[0]["what"]["identifier"]["value"].is_string());
        assert_eq!(patients.len(), usize::from(resource_kind == "referral"), "{event}");
    }
    for patient in patients {
        assert_eq!(
            (&patient["role"]["code"], &patient["what"]["type"]),
            (&json!("1"), &json!("Patient"))
        );
    }
}

#[test]
fn every_other_kind_has_its_codes_of_dicom() {
    for (event, kind, ..) in events() {
        if kind.interaction().is_some() {
            continue;
        }
        assert_eq!(
            (&event["type"]["system"], &event["subtype"][0]["system"]),
            (&json!(DICOM), &json!(DICOM))
        );
        let expect = match kind {
            Kind::Export => ("110106", "110101"),
            Kind::Login => ("110114", "110122"),
            Kind::RestrictedFunction => ("110113", "110132"),
            Kind::SecurityConfiguration => ("110113", "110129"),
            Kind::UserSecurity => ("110113", "110137"),
            Kind::EmergencyAccess => ("110113", "110127"),
            Kind::Create | Kind::Read | Kind::Update | Kind::Delete | Kind::Query => unreachable!(),
        };
        assert_eq!(
            (&event["type"]["code"], &event["subtype"][0]["code"]),
            (&json!(expect.0), &json!(expect.1))
        );
    }
    for kind in Kind::ALL {
        assert!(
            ACTS.iter()
                .any(|act| RESOURCES.iter().any(|(on, _)| Kind::of(act, on) == kind)),
            "{kind:?}"
        );
    }
}

#[test]
fn a_login_says_where_it_came_from_and_no_other_act_does() {
    let detail = json!({ "by": "password", "network": "192.0.2.7" });
    let event = |action, actor, outcome| {
        let act = Act {
            id: "aud_01",
            at: DateTime::UNIX_EPOCH,
            actor,
            action,
            resource_kind: "user",
            resource_id: "usr_01",
            outcome,
            detail: &detail,
        };
        let source = Source {
            tenant: "ten_01",
            host: None,
        };
        audit_event(&act, source)
    };
    let here = json!({ "address": "192.0.2.7", "type": "2" });
    for (actor, outcome) in [("usr_01", Outcome::Allowed), ("system", Outcome::Denied)] {
        let login = event("login", actor, outcome);
        let client = of_type(&login["agent"], DICOM, "110153")[0].clone();
        assert_eq!(
            (&client["network"], &client["who"]["display"]),
            (&here, &json!("browser"))
        );
        let said = login["entity"][0]["detail"].to_string();
        assert!(
            said.contains("password") && !said.contains("192.0.2.7"),
            "said once: {said}"
        );
    }
    let other = event("grant", "usr_01", Outcome::Allowed);
    assert!(!other.to_string().contains("192.0.2.7"), "{other}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// What the program writes into the log is a literal behind `action:`, behind the actor of a helper, or a constant `ACTION`;
/// and the names of acts and events.
#[test]
fn every_act_of_the_program_is_known_here() {
    use crate::domain::contact::ContactAct;
    use crate::domain::referral::{Action, EventName};
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let literal = regex::Regex::new(
        r#"(?s)(?:\baction: |\bActor::\w+,\s*(?:&mut \w+,\s*)?|\bactor,\s*(?:&mut \w+,\s*)?|(?:record_step|record_own|note)\(\s*(?:&mut )?tx,\s*&?user,\s*(?:(?:opening\.)?from,\s*)?|const ACTION: &str = |record\(&mut tx, |noted\(app, |audited\(app, )"([a-z_]+)""#,
    )
    .unwrap();
    let mut found: Vec<String> = Action::ALL.iter().map(|action| action.as_str().to_owned()).collect();
    found.extend(EventName::ALL.iter().map(|event| event.as_str().to_owned()));
    found.extend(ContactAct::ALL.iter().map(|act| act.as_str().to_owned()));
    for path in rust_files(&source) {
        // Failed reads and writes of files are told with an `action`, too, and so is what a message says of itself.
        if path.ends_with("audit/checkpoint.rs")
            || path.ends_with("direct/context.rs")
            || path.starts_with(source.join("vault"))
            || path.starts_with(source.join("fhir"))
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        found.extend(literal.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    found.sort();
    found.dedup();
    let unknown: Vec<&String> = found.iter().filter(|act| !ACTS.contains(&act.as_str())).collect();
    assert!(
        unknown.is_empty(),
        "say in `Kind::of` what these are, and add them to `ACTS`: {unknown:?}"
    );
    let unused: Vec<&&str> = ACTS
        .iter()
        .filter(|act| !found.iter().any(|found| found == *act))
        .collect();
    assert!(unused.is_empty(), "nobody does these: {unused:?}");
}
