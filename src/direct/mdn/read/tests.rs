use super::*;

/// A report as partners send it, and what must be read out of it.
struct Variant {
    seen: &'static str,
    /// Header lines of the inner message besides its Content-Type.
    headers: &'static str,
    fields: &'static str,
    /// As `processed`, or `other: displayed`.
    event: &'static str,
    ids: &'static [&'static str],
}

const NOBODY: &str = "Final-Recipient: rfc822;dr@b.example\r\n";

fn other(word: &str) -> Event {
    Event::Other(word.to_owned())
}

fn parse(text: &str) -> Report {
    Report::read(&Entity::parse(text.as_bytes()).unwrap()).unwrap().unwrap()
}

fn mdn(headers: &str, fields: &str) -> Report {
    parse(&format!(
        "{headers}Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n\r\n--x\r\n\r\n\
         Text\r\n--x\r\nContent-Type: message/disposition-notification\r\n\r\n{fields}\r\n--x--\r\n"
    ))
}

fn bounce(fields: &str, attached: &str) -> Report {
    parse(&format!(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n\r\nText\r\n--x\r\n\
         Content-Type: message/delivery-status\r\n\r\n{fields}\r\n--x\r\n{attached}\r\n--x--\r\n"
    ))
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

const VARIANTS: &[Variant] = &[
    Variant {
        seen: "as it should be",
        headers: "",
        fields: "Reporting-UA: hisp.example; agent\r\nFinal-Recipient: rfc822;dr@b.example\r\n\
                     Original-Message-ID: <a@b>\r\nDisposition: automatic-action/MDN-sent-automatically;processed\r\n",
        event: "processed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "lower case, a blank before the colon, bare line feeds, a byte order mark, a line of junk",
        headers: "",
        fields: "\u{feff}final-recipient : dr@b.example\noriginal-message-id :<a@b>\njunk line\n\
                     x-direct-final-destination-delivery:\nDISPOSITION\t: x;DISPATCHED\n",
        event: "dispatched",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "folded, also within the id",
        headers: "",
        fields: "Original-Message-ID:\r\n <long\r\n\tid@b>\r\nDisposition: automatic-action/MDN-sent-automatically;\r\n processed\r\n",
        event: "processed",
        ids: &["<long id@b>", "<longid@b>"],
    },
    Variant {
        seen: "an empty line in front, and one among the fields",
        headers: "",
        fields: "\r\nOriginal-Message-ID: <a@b>\r\n\r\nDisposition: automatic-action/MDN-sent-automatically;dispatched\r\n",
        event: "dispatched",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "`error` as a modifier",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\nDisposition: automatic-action/MDN-sent-automatically; processed/error\r\n",
        event: "failed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "`error` for `failed`",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\nDisposition: automatic-action/MDN-sent-automatically; error\r\n",
        event: "failed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "`denied` for `failed`",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\nDisposition: manual-action/MDN-sent-manually;denied\r\n",
        event: "failed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "said twice, the failure counts",
        headers: "",
        fields: "Disposition: x;failed\r\nDisposition: x;dispatched\r\nOriginal-Message-ID: <a@b>\r\n",
        event: "failed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "no modes, a comment, a semicolon behind",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\nDisposition: dispatched (to the (EHR) inbox);\r\n",
        event: "dispatched",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "somebody looked at it",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n",
        event: "other: displayed",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "no Disposition",
        headers: "",
        fields: "Original-Message-ID: <a@b>\r\n",
        event: "other: ",
        ids: &["<a@b>"],
    },
    Variant {
        seen: "no fields, and a thread",
        headers: "In-Reply-To: <a@b>\r\nReferences: <first@b> <a@b>\r\n",
        fields: "",
        event: "other: ",
        ids: &["<a@b>", "<first@b>"],
    },
    Variant {
        seen: "a foreign id, in reply to one of ours: it is about the foreign one",
        headers: "In-Reply-To: <a@b>\r\n",
        fields: "Original-Message-ID: <foreign@c>\r\nDisposition: x;processed\r\n",
        event: "processed",
        ids: &["<foreign@c>"],
    },
    Variant {
        seen: "an id without brackets",
        headers: "",
        fields: "Original-Message-ID: a@b\r\nDisposition: x;processed\r\n",
        event: "processed",
        ids: &["a@b", "<a@b>"],
    },
    Variant {
        seen: "no id of its own, that of X-Original-Message-ID",
        headers: "In-Reply-To: <c@d>\r\n",
        fields: "X-Original-Message-ID: <a@b>\r\nDisposition: x;processed\r\n",
        event: "processed",
        ids: &["<a@b>"],
    },
];

fn told(event: &Event) -> String {
    match event {
        Event::Processed => "processed".to_owned(),
        Event::Dispatched => "dispatched".to_owned(),
        Event::Failed => "failed".to_owned(),
        Event::Other(word) => format!("other: {word}"),
    }
}

#[test]
fn every_known_variant_of_an_mdn_is_read() {
    for variant in VARIANTS {
        let report = mdn(variant.headers, variant.fields);
        assert_eq!(told(&report.event), variant.event, "{}", variant.seen);
        assert_eq!(report.original_ids(), variant.ids, "{}", variant.seen);
    }
}

#[test]
fn the_recipient_is_found_however_it_is_written() {
    for written in [
        "rfc822;dr@b.example",
        "rfc822; DR@B.EXAMPLE",
        "dr@b.example",
        "RFC822 ; <dr@b.example>",
        "rfc822;\"Osei, Dr\" <dr@b.example>",
        "rfc822;Dr Osei <dr@b.example> ",
        "rfc822; \"dr@b.example\"",
        "'dr@b.example'",
        "rfc822;dr@b.example (Dr Osei)",
        "rfc822;mailto:dr@b.example",
    ] {
        let report = mdn(
            "",
            &format!("Final-Recipient: {written}\r\nDisposition: x;processed\r\n"),
        );
        assert!(report.about(&address("dr@b.example")).is_some(), "{written}");
        assert!(report.about(&address("other@b.example")).is_none(), "{written}");
    }
    // An alias was expanded: the one whom we wrote to stands beside the one who got it.
    let expanded = "Original-Recipient: rfc822;dr@b.example\r\nFinal-Recipient: rfc822;inbox@b.example\r\nDisposition: x;failed\r\n";
    assert!(mdn("", expanded).about(&address("dr@b.example")).is_some());
    // What can't be read names nobody.
    for odd in ["rfc822;", "", "unknown; somebody"] {
        let report = mdn("", &format!("Final-Recipient: {odd}\r\nDisposition: x;processed\r\n"));
        assert_eq!(
            report.about(&address("dr@b.example")).unwrap().event,
            Event::Processed,
            "{odd}"
        );
    }
}

#[test]
fn the_final_destination_is_vouched_for_in_every_spelling() {
    for (fields, vouched) in [
        (
            "Disposition: x;dispatched\r\nX-DIRECT-FINAL-DESTINATION-DELIVERY: \r\n",
            true,
        ),
        (
            "Disposition: x;dispatched\r\nx-direct-final-destination-delivery:true\r\n",
            true,
        ),
        (
            "Disposition: x;dispatched/X-DIRECT-FINAL-DESTINATION-DELIVERY\r\n",
            true,
        ),
        ("Disposition: x;dispatched\r\n", false),
    ] {
        let report = mdn("", fields);
        assert_eq!(report.final_destination, vouched, "{fields}");
        assert_eq!(report.event, Event::Dispatched, "{fields}");
    }
}

#[test]
fn a_bounce_is_read_in_the_place_of_an_mdn() {
    let per_message = "Reporting-MTA: dns; mx.b.example\r\n";
    let failed = format!("{per_message}\r\n{NOBODY}Action: failed (no such mailbox)\r\nStatus: 5.1.1 (words)\r\n");
    let headers = "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <a@b>\r\n";
    let whole =
        "Content-Type: message/rfc822\r\n\r\n\r\nmessage-id:\r\n <a@b>\r\nSubject: x\r\n\r\nMessage-ID: <not@this>\r\n";
    for attached in [headers, whole] {
        let report = bounce(&failed, attached);
        let said = report.about(&address("dr@b.example")).unwrap();
        assert_eq!((&said.event, said.status.as_deref()), (&Event::Failed, Some("5.1.1")));
        assert_eq!(report.original_ids(), ["<a@b>"], "{attached}");
        assert!(report.about(&address("other@b.example")).is_none());
    }
    let enveloped = format!(
        "{per_message}Original-Envelope-Id: <a@b>\r\nX-Original-Message-Id: <c@d>\r\n\r\n{NOBODY}Action: delayed\r\n"
    );
    let report = bounce(&enveloped, "Content-Type: text/plain\r\n\r\nx\r\n");
    assert_eq!(report.event, other("delayed"));
    assert_eq!(report.original_ids(), ["<c@d>", "<a@b>"]);
    // Where one server relayed or delivered it says nothing of the final destination.
    for action in ["relayed", "delivered", "expanded"] {
        let report = bounce(&format!("{per_message}\r\n{NOBODY}Action: {action}\r\n"), headers);
        assert_eq!(report.event, other(action));
    }
}

#[test]
fn a_bounce_of_several_recipients_says_to_each_its_own() {
    let fields = "Reporting-MTA: dns; mx.b.example\r\n\r\nFinal-Recipient: rfc822;one@b.example\r\nAction: failed\r\n\
                  Status: 5.2.2\r\n\r\n\r\nFinal-Recipient: rfc822;two@b.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n";
    let report = bounce(fields, "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <a@b>\r\n");
    assert_eq!(report.event, Event::Failed);
    let said = |text: &str| report.about(&address(text)).map(|said| said.event.clone());
    assert_eq!(said("one@b.example"), Some(Event::Failed));
    assert_eq!(said("two@b.example"), Some(other("delivered")));
    assert_eq!(said("three@b.example"), None);
}

#[test]
fn a_report_may_be_no_multipart_or_encoded() {
    let bare = "Content-Type: message/disposition-notification\r\n\r\nDisposition: x;processed\r\nOriginal-Message-ID: <a@b>\r\n";
    assert_eq!(parse(bare).event, Event::Processed);
    let encoded = "Content-Type: Message/Global-Disposition-Notification\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                   Disposition: x;dis=\r\npatched\r\nOriginal-Message-ID:=20<a@b>\r\n";
    let report = parse(encoded);
    assert_eq!(
        (report.event, report.original_ids),
        (Event::Dispatched, vec!["<a@b>".to_owned()])
    );
    let ordinary = Entity::parse(b"Content-Type: text/plain\r\n\r\nDisposition: x;failed\r\n").unwrap();
    assert_eq!(Report::read(&ordinary).unwrap(), None);
}

/// Lines of reports, and things that go wrong with them.
fn lines() -> impl proptest::strategy::Strategy<Value = String> {
    let line = "(Final-Recipient|original-message-id|Disposition|Action|Status|X-Original-Message-ID|References|)\
                [ \t]{0,2}[:;]?[ -~é<>;/()@\"]{0,40}(\r\n|\n|\r\n[ \t]|\r\n\r\n)";
    proptest::strategy::Strategy::prop_map(proptest::collection::vec(line, 0..12), |lines| lines.concat())
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic_and_nothing_odd_settles_anything(fields in lines(), headers in lines()) {
        for text in [
            format!("Content-Type: message/disposition-notification\r\n\r\n{fields}"),
            format!("Content-Type: message/delivery-status\r\n\r\n{fields}"),
            format!("Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n\
                     {fields}\r\n--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n--x--"),
        ] {
            let Ok(entity) = Entity::parse(text.as_bytes()) else { continue };
            let Ok(Some(report)) = Report::read(&entity) else { continue };
            proptest::prop_assert!(report.original_ids().len() <= IDS_MAX);
            // A final word is only read where it stands.
            let said = text.to_ascii_lowercase();
            match &report.event {
                Event::Processed => proptest::prop_assert!(said.contains("processed")),
                Event::Dispatched => proptest::prop_assert!(said.contains("dispatched")),
                Event::Failed => proptest::prop_assert!(["fail", "denied", "error"].iter().any(|word| said.contains(word))),
                Event::Other(word) => proptest::prop_assert!(word.len() <= 40),
            }
            let _ = report.about(&address("dr@b.example"));
        }
    }
}
