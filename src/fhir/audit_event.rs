//! A row of the audit log as an AuditEvent, by IHE's Basic Audit Log Patterns (ITI BALP 1.1) where one fits.
//!
//! Referrals, documents and people are named by our ids alone. A patient is named as the patient of a referral: the id of
//! the referral leads to them for whoever may read it, and says nothing to anybody else.

use super::audit_kind::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

const PROFILES: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Allowed,
    Denied,
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Denied, Self::Failed];

    fn code(self) -> &'static str {
        match self {
            Self::Allowed => "0",
            Self::Failed => "4",
            Self::Denied => "8",
        }
    }
}

/// A row as it stands in the log.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub id: &'a str,
    pub at: DateTime<Utc>,
    /// As `usr_…`, `tok_…`, `door:NAME`, `system`, `operator`.
    pub actor: &'a str,
    pub action: &'a str,
    pub resource_kind: &'a str,
    pub resource_id: &'a str,
    pub outcome: Outcome,
    pub detail: &'a Value,
}

/// Which installation says so.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// `ten_…`.
    pub tenant: &'a str,
    /// The name by which it is reached, where it has one.
    pub host: Option<&'a str>,
}

pub fn audit_event(act: &Act<'_>, source: Source<'_>) -> Value {
    let kind = Kind::of(act.action, act.resource_kind);
    let mut event = Map::new();
    event.insert("resourceType".into(), json!("AuditEvent"));
    // FHIR's ids know no underscore.
    event.insert("id".into(), json!(act.id.replace('_', "-")));
    // IHE's patterns are about what succeeded.
    if let (Some(profile), Outcome::Allowed) = (kind.profile(), act.outcome) {
        let patient = if has_patient(act) { "Patient" } else { "" };
        event.insert(
            "meta".into(),
            json!({ "profile": [format!("{PROFILES}{patient}{profile}")] }),
        );
    }
    let [type_, subtype] = codes(kind);
    event.insert("type".into(), type_);
    event.insert("subtype".into(), json!([subtype]));
    event.insert("action".into(), json!(kind.action()));
    event.insert(
        "recorded".into(),
        json!(act.at.to_rfc3339_opts(SecondsFormat::Millis, true)),
    );
    event.insert("outcome".into(), json!(act.outcome.code()));
    event.insert("outcomeDesc".into(), json!(act.action));
    event.insert("agent".into(), agents(kind, act, source));
    event.insert(
        "source".into(),
        json!({
            "observer": { "identifier": identifier("tenant", source.tenant), "display": "Referloop" },
            "type": [coding(SOURCE_TYPE, "4", "Application Server")],
        }),
    );
    event.insert("entity".into(), entities(kind, act));
    Value::Object(event)
}

/// A single referral has a patient; a list has several, and names them without the pattern for one.
fn has_patient(act: &Act<'_>) -> bool {
    act.resource_kind == "referral"
}

fn codes(kind: Kind) -> [Value; 2] {
    match (kind.interaction(), kind.dicom()) {
        (Some(interaction), _) => [
            coding(EVENT_TYPE, "rest", "Restful Operation"),
            coding(INTERACTION, interaction, interaction),
        ],
        (None, Some(codes)) => codes.map(|(code, display)| coding(DICOM, code, display)),
        (None, None) => unreachable!("a kind is an interaction or has DICOM's codes"),
    }
}

fn agents(kind: Kind, act: &Act<'_>, source: Source<'_>) -> Value {
    // What flows from server to client when it is read flows the other way when it is written. A query's parameters are
    // what flows, by DICOM's rule.
    let (client_role, server_role) = match kind {
        Kind::Read | Kind::Export => (DESTINATION, SOURCE),
        Kind::Create
        | Kind::Update
        | Kind::Delete
        | Kind::Query
        | Kind::Login
        | Kind::RestrictedFunction
        | Kind::SecurityConfiguration
        | Kind::UserSecurity
        | Kind::EmergencyAccess => (SOURCE, DESTINATION),
    };
    let person = is_person(act.actor);
    let from = network(kind, act);
    let client = match act.actor {
        "operator" => json!({ "display": "command line" }),
        // While somebody signs in it is the house that writes, of a browser that is nobody's yet.
        _ if person || from.is_some() => json!({ "display": "browser" }),
        actor => json!({ "identifier": identifier("actor", actor) }),
    };
    let nowhere = matches!(act.actor, "operator" | "system");
    let mut agents = vec![
        json!({
            "type": concept(client_role),
            "who": client,
            "requestor": !person,
            "network": from.unwrap_or_else(|| absent(if nowhere { "not-applicable" } else { "unknown" })),
        }),
        json!({
            "type": concept(server_role),
            "who": { "identifier": identifier("tenant", source.tenant), "display": "Referloop" },
            "requestor": false,
            "network": source.host.map_or_else(|| absent("unknown"), |host| json!({ "address": host, "type": "1" })),
        }),
    ];
    if person {
        let (code, display) = match kind {
            Kind::Create | Kind::Update | Kind::Delete => ("AUT", "author"),
            Kind::Read
            | Kind::Query
            | Kind::Export
            | Kind::Login
            | Kind::RestrictedFunction
            | Kind::SecurityConfiguration
            | Kind::UserSecurity
            | Kind::EmergencyAccess => ("IRCP", "information recipient"),
        };
        agents.push(json!({
            "type": { "coding": [coding(PARTICIPATION, code, display)] },
            "who": { "identifier": identifier("actor", act.actor) },
            "requestor": true,
        }));
    }
    Value::Array(agents)
}

/// Where a login came from: the only acts of which the log holds it.
fn network(kind: Kind, act: &Act<'_>) -> Option<Value> {
    let address = act.detail["network"].as_str().filter(|_| kind == Kind::Login)?;
    Some(json!({ "address": address, "type": "2" }))
}

const SOURCE: (&str, &str) = ("110153", "Source Role ID");
const DESTINATION: (&str, &str) = ("110152", "Destination Role ID");

fn concept((code, display): (&str, &str)) -> Value {
    json!({ "coding": [coding(DICOM, code, display)] })
}

fn is_person(actor: &str) -> bool {
    actor == "operator" || actor.starts_with("usr_")
}

fn entities(kind: Kind, act: &Act<'_>) -> Value {
    let mut entities = Vec::new();
    if kind == Kind::Query {
        let query = format!("list={}", act.resource_id);
        entities.push(json!({
            "type": coding(ENTITY_TYPE, "2", "System Object"),
            "role": coding(OBJECT_ROLE, "24", "Query"),
            "query": STANDARD.encode(&query),
            "description": query,
        }));
        let shown = act.detail["referrals"].as_array().into_iter().flatten();
        entities.extend(shown.filter_map(Value::as_str).map(patient_of));
        return Value::Array(entities);
    }
    let mut data = json!({
        "what": { "identifier": identifier(act.resource_kind, act.resource_id) },
        "type": coding(ENTITY_TYPE, "2", "System Object"),
        "role": coding(OBJECT_ROLE, "4", "Domain Resource"),
    });
    let details = details(act);
    if !details.is_empty() {
        data["detail"] = Value::Array(details);
    }
    entities.push(data);
    if has_patient(act) {
        entities.push(patient_of(act.resource_id));
    }
    Value::Array(entities)
}

/// The act, and the codes that came with it.
fn details(act: &Act<'_>) -> Vec<Value> {
    let detail = |kind: &str, value: &str| json!({ "type": kind, "valueString": value });
    let mut details = vec![detail("act", act.action)];
    for (name, value) in act.detail.as_object().into_iter().flatten() {
        match value {
            // That of the agent.
            Value::String(_) if name == "network" => {}
            Value::String(text) if !text.is_empty() => details.push(detail(name, text)),
            Value::Number(_) | Value::Bool(_) => details.push(detail(name, &value.to_string())),
            Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {}
        }
    }
    details
}

fn patient_of(referral: &str) -> Value {
    json!({
        "what": { "type": "Patient", "identifier": identifier("patient-of-referral", referral) },
        "type": coding(ENTITY_TYPE, "1", "Person"),
        "role": coding(OBJECT_ROLE, "1", "Patient"),
    })
}

fn identifier(kind: &str, value: &str) -> Value {
    json!({ "system": format!("urn:referloop:{}", kind.replace('_', "-")), "value": value })
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

/// Where FHIR wants something that the log doesn't hold.
fn absent(why: &str) -> Value {
    json!({ "extension": [{ "url": ABSENT, "valueCode": why }] })
}

#[cfg(test)]
mod tests;
