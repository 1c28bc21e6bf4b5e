//! Ways in which forms ask that need no rule of their own, each on a page that holds little else.

use super::extraction::{only, page, text};
use referloop::domain::document::DocumentKind;
use referloop::domain::fields::{ExtractedDocument, FieldContent, FieldKey};
use referloop::domain::page::{PageText, PixelBox};

fn of(lines: &[&str]) -> ExtractedDocument {
    only(&[page(1, lines)])
}

fn check(lines: &[&str], expect: &[(&str, Option<&str>)]) {
    let document = of(lines);
    for (key, value) in expect {
        assert_eq!(text(&document, key), *value, "{key} in {lines:?}");
    }
}

#[test]
fn labels_without_colons_are_known_where_a_row_has_several() {
    check(
        &[
            "PATIENT",
            "Last name Marchetti    First name Rosalind    MRN WC204417",
            "DOB 08/14/1961    Sex Female",
        ],
        &[
            ("patient.name", Some("Rosalind Marchetti")),
            ("patient.birth_date", Some("1961-08-14")),
            ("patient.mrn", Some("WC204417")),
        ],
    );
    // A single one may be any words.
    check(&["Group therapy was advised"], &[("insurance.group_number", None)]);
}

#[test]
fn a_label_in_two_languages_is_one() {
    check(
        &[
            "Patient / Paciente",
            "Name / Nombre: Rosalind Marchetti",
            "Date of birth / Fecha: 08/14/1961",
        ],
        &[
            ("patient.name", Some("Rosalind Marchetti")),
            ("patient.birth_date", Some("1961-08-14")),
        ],
    );
    // What follows a label is its answer, though another label ends it.
    check(
        &[
            "FAX",
            "To: Riverbend Urology Specialists / Attn: Dr. Helen Adeyemi",
            "From: Front desk",
            "Pages: 3",
        ],
        &[
            ("recipient.organization", Some("Riverbend Urology Specialists")),
            ("recipient.name", Some("Helen Adeyemi")),
        ],
    );
}

#[test]
fn a_qualifier_puts_a_label_into_its_section() {
    check(
        &[
            "Patient's telephone: (503) 555-0118",
            "Emergency contact phone: (503) 555-0119",
            "Referring provider fax: (503) 555-0143",
        ],
        &[
            ("patient.phone", Some("+15035550118")),
            ("referrer.fax", Some("+15035550143")),
        ],
    );
    check(&["Emergency contact phone: (503) 555-0119"], &[("patient.phone", None)]);
}

#[test]
fn the_head_of_a_table_is_no_heading() {
    check(
        &[
            "Coverage            Payer                        Policy #              Group",
            "Primary             Cascade Mutual Health        CMH482913765          70315",
        ],
        &[
            ("insurance.payer", Some("Cascade Mutual Health")),
            ("insurance.member_id", Some("CMH482913765")),
        ],
    );
}

#[test]
fn a_blank_label_is_no_heading() {
    // "Provider:" under "Refer to" would else make the place below the referrer's.
    check(
        &[
            "REFER TO",
            "Specialty: Cardiology",
            "Provider:",
            "Location: Riverbend Cardiology Associates",
        ],
        &[
            ("recipient.organization", Some("Riverbend Cardiology Associates")),
            ("referrer.organization", None),
        ],
    );
}

/// A ring around words of a line.
fn ringed(mut page: PageText, words: &str) -> PageText {
    let word = page.words.iter().find(|word| word.text == words).unwrap();
    let b = word.bounds;
    page.rings.push(PixelBox {
        x: b.x - 10,
        y: b.y - 8,
        width: b.width + 20,
        height: b.height + 16,
    });
    page
}

#[test]
fn a_ring_chooses_an_option_and_two_rings_none() {
    let lines = [
        "Patient name: Marchetti, Rosalind T.",
        "Priority:   Routine      Urgent      STAT",
    ];
    let urgency = |page: PageText| text(&only(&[page]), "referral.urgency").map(str::to_owned);
    assert_eq!(urgency(page(1, &lines)), None);
    assert_eq!(urgency(ringed(page(1, &lines), "Urgent")).as_deref(), Some("urgent"));
    let both = only(&[ringed(ringed(page(1, &lines), "Urgent"), "Routine")]);
    assert!(
        both.problems.iter().any(|problem| problem.problem == "unclear_marks"),
        "{:?}",
        both.problems
    );
}

#[test]
fn a_repair_is_a_proposal_that_a_person_sees() {
    let document = of(&[
        "Patient name: Marchetti, Rosalind T.",
        "Diagnosis: 148.91 atrial fibrillation",
        "NPI: l234567893",
    ]);
    for key in ["referral.diagnoses", "referrer.npi"] {
        let told = document
            .problems
            .iter()
            .any(|problem| problem.field.as_str() == key && problem.problem == "repaired");
        assert!(told, "{key}: {:?}", document.problems);
    }
}

#[test]
fn a_page_that_names_patient_sender_and_request_is_a_referral() {
    let lines = [
        "Willow Creek",
        "Patient name: Marchetti, Rosalind T.",
        "Date of birth: 08/14/1961",
        "Diagnosis: I48.0 Paroxysmal atrial fibrillation",
        "Authorization #: A123456789",
        "Member ID: CMH482913765",
        "Physician: Helen Adeyemi, MD    NPI: 1234567893",
    ];
    assert_eq!(of(&lines).kind, DocumentKind::Referral);
    assert_eq!(of(&lines[..3]).kind, DocumentKind::Other);
}

#[test]
fn a_label_means_the_same_in_other_words_and_order() {
    check(
        &[
            "Phone number of the patient: (503) 555-0118",
            "Number of the policy: WC2044178",
            "Facsimile of referring physician: (503) 555-0143",
        ],
        &[
            ("patient.phone", Some("+15035550118")),
            ("insurance.member_id", Some("WC2044178")),
        ],
    );
    // One word more is another label, or an answer.
    check(
        &["Phone of the patient's employer: (503) 555-0118"],
        &[("patient.phone", None)],
    );
}

#[test]
fn a_question_asks_for_a_field() {
    check(
        &[
            "Who is the patient?    When was the patient born?",
            "Rosalind Marchetti     08/14/1961",
            "How soon must the patient be seen?",
            "Urgent",
            "Who can we call if the patient cannot be reached?",
            "Bruno Marchetti, (503) 555-0119",
        ],
        &[
            ("patient.name", Some("Rosalind Marchetti")),
            ("patient.birth_date", Some("1961-08-14")),
            ("referral.urgency", Some("urgent")),
            ("patient.phone", None),
        ],
    );
}

fn codes<'d>(document: &'d ExtractedDocument, key: &str) -> &'d [String] {
    match document.fields.get(&FieldKey::new(key)).map(|field| &field.value) {
        Some(FieldContent::List(codes)) => codes,
        _ => &[],
    }
}

#[test]
fn codes_that_are_offered_count_only_when_ticked() {
    let document = of(&[
        "REFERRAL ORDER",
        "Diagnosis:",
        "[x] G47.33 Obstructive sleep apnea    [ ] R06.83 Snoring",
        "[ ] G47.10 Hypersomnia, unspecified    [ ] G25.81 Restless legs syndrome",
        "Tests:",
        "[ ] Polysomnogram 95810    [x] Home sleep test 95806",
    ]);
    assert_eq!(codes(&document, "referral.diagnoses"), ["G47.33"]);
    assert_eq!(codes(&document, "referral.procedures"), ["95806"]);
}

#[test]
fn a_ticked_code_that_was_put_right_is_told() {
    let document = of(&[
        "REFERRAL ORDER",
        "Diagnosis:",
        "[x] 148.91 Unspecified atrial fibrillation    [ ] R06.83 Snoring    [ ] G25.81 Restless legs syndrome",
    ]);
    assert_eq!(codes(&document, "referral.diagnoses"), ["I48.91"]);
    let told = document.problems.iter().any(|problem| problem.problem == "repaired");
    assert!(told, "{:?}", document.problems);
}

#[test]
fn a_person_and_a_practice_in_one_place_are_two_values() {
    check(
        &["Refer to: Dr. Helen Adeyemi, Riverbend Urology Specialists"],
        &[
            ("recipient.name", Some("Helen Adeyemi")),
            ("recipient.organization", Some("Riverbend Urology Specialists")),
        ],
    );
    check(
        &["Refer to: Riverbend Urology, LLC"],
        &[
            ("recipient.name", None),
            ("recipient.organization", Some("Riverbend Urology, LLC")),
        ],
    );
}

#[test]
fn names_stand_before_numbers_without_a_label() {
    check(
        &[
            "MARCHETTI, ROSALIND T    DOB: 08/14/1961",
            "Helen Adeyemi, MD NPI 1234567893",
        ],
        &[
            ("patient.name", Some("Rosalind T Marchetti")),
            ("referrer.name", Some("Helen Adeyemi")),
        ],
    );
}

#[test]
fn rows_of_a_table_that_are_named_belong_to_whom_they_name() {
    check(
        &[
            "Party             Name                      Phone                     Fax",
            "Referred by       Helen Adeyemi, MD         (503) 555-0142            (503) 555-0143",
            "Referred to       Dr. Bruno Castellanos     (503) 555-0150            (503) 555-0151",
        ],
        &[
            ("referrer.phone", Some("+15035550142")),
            ("referrer.fax", Some("+15035550143")),
            ("recipient.phone", Some("+15035550150")),
            ("recipient.fax", Some("+15035550151")),
        ],
    );
}

#[test]
fn an_option_is_no_answer_where_its_mark_was_not_seen() {
    let mut form = page(1, &["Priority:    Routine"]);
    // The ring is around a word that the scanner lost.
    form.rings = vec![PixelBox::from([900, 90, 120, 50])];
    let document = only(&[form]);
    assert_eq!(text(&document, "referral.urgency"), None);
    let told = document
        .problems
        .iter()
        .any(|problem| problem.problem == "unclear_marks");
    assert!(told, "{:?}", document.problems);
}

#[test]
fn two_digits_of_a_year_are_this_century_unless_somebody_was_born_then() {
    check(
        &["DOB: 4-8-2005", "Order date: 1-10-25"],
        &[("referral.date", Some("2025-01-10"))],
    );
}

/// A stroke through words of a line.
fn struck(mut page: PageText, words: &[&str]) -> PageText {
    let struck = page.words.iter().filter(|word| words.contains(&word.text.as_str()));
    page.strikes = struck.map(|word| word.bounds).collect();
    page
}

#[test]
fn of_options_the_one_that_was_not_struck_out_is_chosen() {
    let lines = [
        "Patient name: Marchetti, Rosalind T.",
        "Priority: Routine / Urgent / STAT",
        "Home phone: (412) 555-0118 (503) 555-0171",
    ];
    let of = |page: PageText, key: &str| text(&only(&[page]), key).map(str::to_owned);
    assert_eq!(of(page(1, &lines), "referral.urgency"), None);
    let left = || struck(page(1, &lines), &["Routine", "STAT"]);
    assert_eq!(of(left(), "referral.urgency").as_deref(), Some("urgent"));
    // So is a number that was put right by hand.
    let corrected = struck(page(1, &lines), &["(412)", "555-0118"]);
    assert_eq!(of(corrected, "patient.phone").as_deref(), Some("+15035550171"));
}

#[test]
fn an_option_with_an_empty_mark_below_a_label_is_not_its_answer() {
    let lines = [
        "Patient name: Marchetti, Rosalind T.",
        "PRIORITY                      TYPE OF VISIT",
        "[ ] Emergent (same day)       [ ] Consultation",
        "[X] Urgent                    [X] Procedure only",
        "[ ] Routine, next available   [ ] Second opinion",
        "[ ] First visit               [X] Next available provider",
    ];
    let document = only(&[page(1, &lines)]);
    assert!(matches!(text(&document, "referral.urgency"), None | Some("urgent")));
}

#[test]
fn two_questions_on_one_row_are_two_groups_of_options() {
    check(
        &[
            "REFERRAL REQUEST",
            "How soon    What we ask",
            "[ ] Routine    [X] Urgent    [ ] Consultation    [X] Evaluate and treat    [ ] Second opinion",
        ],
        &[
            ("referral.urgency", Some("urgent")),
            ("referral.service", Some("evaluate_and_treat")),
        ],
    );
}

#[test]
fn a_childs_guardian_does_not_hide_what_is_the_childs() {
    check(
        &[
            "Patient: Velasquez, Irene E.",
            "Mother / father / guardian: Sergio Velasquez",
            "Street: 8676 Mulberry Avenue",
            "Parent's phone: (801) 555-0107",
        ],
        &[
            ("patient.address.line", Some("8676 Mulberry Avenue")),
            ("patient.phone", Some("+18015550107")),
        ],
    );
    // Who is called in an emergency is nobody's patient.
    check(
        &[
            "Patient: Velasquez, Irene E.",
            "Emergency contact: Sergio Velasquez",
            "Phone: (801) 555-0107",
        ],
        &[("patient.phone", None)],
    );
}
