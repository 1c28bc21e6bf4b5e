//! The messages of a closed-loop referral: the order that asks (OMG^O19), what becomes of it (OSU^O51), and its
//! appointment (SIU). Each names the referral by its number, which its initiator made and every answer repeats.

use super::message::{Field, Hl7Error, Message, Segment};
use super::values::{
    Coded, Entity, Identifier, Person, Sex, coded, day, entity, filled, identifiers, patient_name, provider, sex,
};
use chrono::NaiveDate;

/// What a message of a referral says.
#[derive(Clone, Debug)]
pub struct ReferralMessage {
    /// Whether MSH-21 names 360X. Messages without it are recognised by their kind alone.
    pub is_360x: bool,
    /// As often as a patient stands in it: more than one is for a person.
    pub patients: Vec<Patient>,
    /// ORC-2, OBR-2 or SCH-26.
    pub referral_id: Option<Entity>,
    /// Which of them it is, as `ORC-2`; empty where there is none.
    pub referral_id_in: &'static str,
    /// The numbers of further orders in the same message: they open nothing, and a person sees them.
    pub further_ids: Vec<Entity>,
    pub content: Content,
}

#[derive(Clone, Debug)]
pub enum Content {
    /// OMG^O19: a request, or, with an order status, an outcome or an interim note.
    Order(Box<Order>),
    /// OSU^O51.
    Status(Status),
    /// SIU^S12, S13, S15 or S26.
    Appointment(Appointment),
    /// Another message, as `ORU^R01`: kept and shown to a person.
    Other(String),
}

#[derive(Clone, Debug)]
pub struct Patient {
    pub ids: Vec<Identifier>,
    pub name: Option<Person>,
    pub birth_date: Option<NaiveDate>,
    /// What stands in PID-7 and is no day.
    pub malformed_birth_date: Option<String>,
    pub sex: Option<Sex>,
    /// PID-13 and PID-14, as written.
    pub phones: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub control: Control,
    /// ORC-5, as `CM` for a referral that is completed.
    pub status: String,
    /// OBR-4: what is asked for.
    pub service: Option<Coded>,
    /// TQ1-8: the latest day that serves.
    pub needed_by: Option<NaiveDate>,
    /// TQ1-9: `S` or `A` for at once, `R` for routine.
    pub priority: String,
    /// OBR-31, or ORC-16.
    pub reasons: Vec<Coded>,
    pub reasons_in: &'static str,
    /// ORC-12, or OBR-16.
    pub referrer: Option<Person>,
    pub referrer_in: &'static str,
}

#[derive(Clone, Debug)]
pub struct Status {
    pub control: Control,
    /// ORC-5, as `IP` for accepted and `CA` for declined.
    pub status: String,
    /// ORC-16 and the comments.
    pub reasons: Vec<String>,
}

/// ORC-1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    New,
    Cancel,
    Discontinue,
    StatusChanged,
    Other(String),
}

#[derive(Clone, Debug)]
pub struct Appointment {
    pub event: AppointmentEvent,
    /// SCH-2, else SCH-1.
    pub id: Option<Entity>,
    /// As written, `YYYYMMDDhhmm` with its zone: of TQ1-7, or SCH-11.
    pub starts: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentEvent {
    Booked,
    Rescheduled,
    Cancelled,
    NoShow,
}

impl ReferralMessage {
    pub fn parse(bytes: &[u8]) -> Result<Self, Hl7Error> {
        let message = Message::parse(bytes)?;
        let header = message.segment("MSH");
        let referral_id = referral_id(&message);
        let referral_id_in = referral_id.as_ref().map_or("", |(_, found_in)| found_in);
        Ok(Self {
            is_360x: header
                .field(21)
                .repetitions()
                .any(|profile| profile.component(1) == "360X"),
            patients: message.all("PID").map(patient).collect(),
            further_ids: further_ids(&message, referral_id.as_ref().map(|(id, _)| id)),
            referral_id: referral_id.map(|(id, _)| id),
            referral_id_in,
            content: content(&message),
        })
    }

    /// Whether it asks for something new, and so opens a referral.
    pub fn is_request(&self) -> bool {
        match &self.content {
            Content::Order(order) => order.control == Control::New && order.status != "CM",
            Content::Status(_) | Content::Appointment(_) | Content::Other(_) => false,
        }
    }

    /// Whether the initiator asks to cancel it.
    pub fn is_cancellation(&self) -> bool {
        let cancels = |control: &Control| matches!(control, Control::Cancel | Control::Discontinue);
        match &self.content {
            Content::Order(order) => cancels(&order.control),
            Content::Status(status) => cancels(&status.control),
            Content::Appointment(_) | Content::Other(_) => false,
        }
    }
}

/// By code and trigger event; the structure behind them differs between sources.
fn content(message: &Message) -> Content {
    let kind = message.segment("MSH").field(9);
    let appointment = |event| Content::Appointment(appointment(message, event));
    match (kind.component(1).as_str(), kind.component(2).as_str()) {
        ("OMG", "O19") => Content::Order(Box::new(order(message))),
        ("OSU", "O51") => Content::Status(status(message)),
        ("SIU", "S12") => appointment(AppointmentEvent::Booked),
        ("SIU", "S13") => appointment(AppointmentEvent::Rescheduled),
        ("SIU", "S15") => appointment(AppointmentEvent::Cancelled),
        ("SIU", "S26") => appointment(AppointmentEvent::NoShow),
        (code, event) => Content::Other(format!("{code}^{event}")),
    }
}

/// With the field that it stands in.
fn referral_id(message: &Message) -> Option<(Entity, &'static str)> {
    [("ORC", 2, "ORC-2"), ("OBR", 2, "OBR-2"), ("SCH", 26, "SCH-26")]
        .into_iter()
        .find_map(|(name, number, found_in)| {
            let first = message.all(name).find_map(|segment| entity(segment.field(number)));
            Some((first?, found_in))
        })
}

fn further_ids(message: &Message, first: Option<&Entity>) -> Vec<Entity> {
    let mut further: Vec<Entity> = Vec::new();
    for id in message.all("ORC").filter_map(|segment| entity(segment.field(2))) {
        if Some(&id) != first && !further.contains(&id) && further.len() < FURTHER_MAX {
            further.push(id);
        }
    }
    further
}

/// More orders in one message nobody sends.
const FURTHER_MAX: usize = 20;

fn patient(segment: Segment<'_>) -> Patient {
    let phones = [13, 14]
        .into_iter()
        .flat_map(|number| segment.field(number).repetitions());
    Patient {
        ids: identifiers(segment.field(3)),
        name: patient_name(segment.field(5)),
        birth_date: day(segment.field(7)),
        malformed_birth_date: filled(segment.field(7).component(1)).filter(|_| day(segment.field(7)).is_none()),
        sex: sex(segment.field(8)),
        phones: phones.filter_map(phone).collect(),
    }
}

/// XTN in its three ways: the old single text, area code and number apart, or all in component 12.
fn phone(field: Field<'_>) -> Option<String> {
    if field.component(3) == "Internet" || field.component(2) == "NET" {
        return None;
    }
    let apart = [field.component(6), field.component(7)].concat();
    filled(field.component(1))
        .or_else(|| filled(field.component(12)))
        .or_else(|| filled(apart))
}

fn order(message: &Message) -> Order {
    let (common, request, timing) = (message.segment("ORC"), message.segment("OBR"), message.segment("TQ1"));
    let mut reasons: Vec<_> = request.field(31).repetitions().filter_map(coded).collect();
    let reasons_in = if reasons.is_empty() { "ORC-16" } else { "OBR-31" };
    if reasons.is_empty() {
        reasons.extend(coded(common.field(16)));
    }
    let ordering = provider(common.field(12));
    let referrer_in = if ordering.is_some() { "ORC-12" } else { "OBR-16" };
    Order {
        control: control(common),
        status: common.field(5).component(1),
        service: coded(request.field(4)),
        needed_by: message.all("TQ1").find_map(|timing| day(timing.field(8))),
        priority: timing.field(9).component(1),
        reasons,
        reasons_in,
        referrer: ordering.or_else(|| provider(request.field(16))),
        referrer_in,
    }
}

fn status(message: &Message) -> Status {
    let common = message.segment("ORC");
    let reason = coded(common.field(16)).map(|reason| filled(reason.text).unwrap_or(reason.code));
    let comments = message.all("NTE").filter_map(|note| filled(note.field(3).component(1)));
    Status {
        control: control(common),
        status: common.field(5).component(1),
        reasons: reason.into_iter().chain(comments).collect(),
    }
}

fn control(common: Segment<'_>) -> Control {
    match common.field(1).component(1).as_str() {
        "NW" => Control::New,
        "CA" | "OC" => Control::Cancel,
        "DC" => Control::Discontinue,
        "SC" => Control::StatusChanged,
        other => Control::Other(other.to_owned()),
    }
}

fn appointment(message: &Message, event: AppointmentEvent) -> Appointment {
    let schedule = message.segment("SCH");
    // SCH-11 is a quantity with its timing: the start is its fourth component.
    let starts = message
        .all("TQ1")
        .find_map(|timing| filled(timing.field(7).component(1)));
    Appointment {
        event,
        id: entity(schedule.field(2)).or_else(|| entity(schedule.field(1))),
        starts: starts.or_else(|| filled(schedule.field(11).component(4))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = include_str!("../../samples/direct/referral-request.hl7");

    fn read(kind: &str, rest: &str) -> ReferralMessage {
        let text = format!("MSH|^~\\&||^2.999.2^ISO||^2.999.4^ISO|20260105||{kind}|7|P|2.5.1|||NE|NE|||||360X\r{rest}");
        ReferralMessage::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn an_order_opens_a_referral() {
        let message = ReferralMessage::parse(ORDER.as_bytes()).unwrap();
        assert!(message.is_360x && message.is_request() && !message.is_cancellation());
        let id = message.referral_id.as_ref().unwrap();
        assert_eq!((id.id.as_str(), id.authority.as_str()), ("RF-2026-0042", "2.999.2.7"));
        let [patient] = &message.patients[..] else { panic!() };
        let name = patient.name.as_ref().unwrap();
        assert_eq!(
            (name.family.as_str(), name.given.as_str(), name.middle.as_str()),
            ("Example", "Rosa", "M")
        );
        assert_eq!(patient.birth_date, NaiveDate::from_ymd_opt(1961, 4, 9));
        assert_eq!(
            (patient.sex, &patient.phones[..]),
            (Some(Sex::Female), &["(312)555-0142".to_owned()][..])
        );
        assert_eq!(patient.ids[0].authority, "2.999.1");
        let Content::Order(order) = &message.content else {
            panic!()
        };
        assert_eq!(order.service.as_ref().unwrap().code, "57133-1");
        assert_eq!(order.needed_by, NaiveDate::from_ymd_opt(2026, 1, 19));
        assert_eq!(order.reasons[0].text, "Exertional chest pain & abnormal stress test");
        let referrer = order.referrer.as_ref().unwrap();
        assert_eq!(
            (referrer.family.as_str(), referrer.npi.as_deref()),
            ("Osei", Some("1234567893"))
        );
    }

    #[test]
    fn what_becomes_of_a_referral_is_recognised() {
        let cancel = read(
            "OSU^O51^OSU_O51",
            "PID|||1\rORC|CA|RF-1^^2.999.2^ISO||||||||||||||^Moved away\rNTE|1||By the patient",
        );
        assert!(cancel.is_cancellation() && !cancel.is_request());
        let Content::Status(status) = &cancel.content else {
            panic!()
        };
        assert_eq!(status.reasons, ["Moved away", "By the patient"]);
        let accepted = read("OSU^O51", "ORC|SC|RF-1^^2.999.2^ISO|||IP");
        let Content::Status(status) = &accepted.content else {
            panic!()
        };
        assert_eq!(
            (&status.control, status.status.as_str()),
            (&Control::StatusChanged, "IP")
        );
        let two = read(
            "OMG^O19",
            "ORC|NW|RF-1\rOBR|1|RF-1\rORC|NW|RF-2\rOBR|2|RF-2\rORC|NW|RF-1",
        );
        let further: Vec<_> = two.further_ids.iter().map(|id| id.id.as_str()).collect();
        assert_eq!(
            (two.referral_id.unwrap().id.as_str(), &further[..]),
            ("RF-1", &["RF-2"][..])
        );
        let outcome = read("OMG^O19^OMG_O19", "ORC|NW|RF-1|||CM");
        assert!(!outcome.is_request());
    }

    #[test]
    fn a_birthday_that_is_none_is_kept_as_it_is_written() {
        let born = |text: &str| {
            let message = read("OMG^O19", &format!("PID|||1||Example^Rosa||{text}"));
            let patient = &message.patients[0];
            (patient.birth_date.is_some(), patient.malformed_birth_date.clone())
        };
        assert_eq!(born("19610409"), (true, None));
        assert_eq!(born("196104091200-0600"), (true, None));
        assert_eq!(born(""), (false, None));
        for odd in ["199O0101", "1961", "+1961049", "1961 4 9"] {
            assert_eq!(born(odd), (false, Some(odd.to_owned())), "{odd}");
        }
    }

    #[test]
    fn appointments_name_their_referral() {
        let schedule = format!("SCH||A-9^^2.999.4^ISO{}|RF-1^^2.999.2^ISO\r", "|".repeat(23));
        let events = [
            ("S12", AppointmentEvent::Booked),
            ("S13", AppointmentEvent::Rescheduled),
            ("S15", AppointmentEvent::Cancelled),
            ("S26", AppointmentEvent::NoShow),
        ];
        for (trigger, event) in events {
            let message = read(
                &format!("SIU^{trigger}^SIU_S12"),
                &format!("{schedule}TQ1|||||||202601201400-0600"),
            );
            assert_eq!(message.referral_id.as_ref().unwrap().id, "RF-1", "{trigger}");
            let Content::Appointment(appointment) = &message.content else {
                panic!()
            };
            assert_eq!(appointment.event, event);
            assert_eq!(appointment.id.as_ref().unwrap().id, "A-9");
            assert_eq!(appointment.starts.as_deref(), Some("202601201400-0600"));
        }
        let older = read("SIU^S12", "SCH|P-1||||||||||^^30^202601201500");
        let Content::Appointment(appointment) = &older.content else {
            panic!()
        };
        assert_eq!(appointment.starts.as_deref(), Some("202601201500"));
        assert!(matches!(read("ORU^R01", "").content, Content::Other(kind) if kind == "ORU^R01"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(0u8..255, 0..200), text in "[|^~\\\\&A-Z0-9é\\r\"]{0,200}", at in 0usize..900, value in 0u8..255) {
            let _ = ReferralMessage::parse(&bytes);
            for kind in ["OMG^O19", "OSU^O51", "SIU^S12"] {
                let rest = format!("PID|{text}\rORC|{text}\rOBR|{text}\rTQ1|{text}\rSCH|{text}");
                let _ = ReferralMessage::parse(format!("MSH|^~\\&|||||||{kind}\r{rest}").as_bytes());
            }
            let mut sample = ORDER.as_bytes().to_vec();
            let at = at % sample.len();
            sample[at] = value;
            let _ = ReferralMessage::parse(&sample);
        }
    }
}
