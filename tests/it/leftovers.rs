//! Values that nothing announces, and labels that no rule lists: each on a page that holds little else.

use super::extraction::{only, page, text};
use referloop::domain::fields::{ExtractedDocument, FieldKey};
use referloop::domain::page::{CheckBox, PageText, PixelBox};

/// The lines below a title, far enough down to be no letterhead.
fn below_the_head(lines: &[&str]) -> PageText {
    let mut all = vec!["Patient Referral Form", "Referral order"];
    all.extend([""; 8]);
    all.extend(lines);
    page(1, &all)
}

fn check(lines: &[&str], expect: &[(&str, Option<&str>)]) -> ExtractedDocument {
    let document = only(&[below_the_head(lines)]);
    for (key, value) in expect {
        assert_eq!(text(&document, key), *value, "{key} in {lines:?}");
    }
    document
}

#[test]
fn an_address_in_nobodys_block_is_the_patients() {
    let street = ("patient.address.line", Some("48 Alder Court, Unit 7"));
    let city = ("patient.address.city", Some("Portland"));
    let zip = ("patient.address.postal_code", Some("97205"));
    check(
        &[
            "Marchetti, Rosalind (DOB 08/14/1961, female)",
            "48 Alder Court, Unit 7, Portland, OR 97205",
        ],
        &[street, city, zip, ("patient.name", Some("Rosalind Marchetti"))],
    );
    check(&["48 Alder Court, Unit 7", "Portland, OR 97205"], &[street, city, zip]);
    check(
        &["Cascade Family Medicine Clinic", "12 Main Street", "Portland, OR 97205"],
        &[("patient.address.line", None), ("patient.address.city", None)],
    );
}

#[test]
fn a_health_plan_is_known_by_its_name_and_its_number_by_standing_beside() {
    check(
        &["Who will pay", "Aetna Choice POS II - member W482913765"],
        &[
            ("insurance.payer", Some("Aetna Choice POS II")),
            ("insurance.member_id", Some("W482913765")),
        ],
    );
    // A form of Medicaid's is no plan of the patient's.
    check(&["MEDICAID REFERRAL FORM"], &[("insurance.payer", None)]);
}

#[test]
fn words_of_closed_lists_are_statements_when_they_stand_for_themselves() {
    check(
        &["Cardiology, eval and treat.", "Urgent - within 7 days"],
        &[
            ("referral.specialty", Some("Cardiology")),
            ("referral.service", Some("evaluate_and_treat")),
            ("referral.urgency", Some("urgent")),
        ],
    );
    check(&["URGENT FOLLOW-UP: 2-3 DAYS"], &[("referral.urgency", Some("urgent"))]);
    // Options without a mark that could be read say nothing, nor does one that is left of them.
    check(&["Routine    Urgent    STAT"], &[("referral.urgency", None)]);
    check(&["Rtlne    Urgent    ST4T"], &[("referral.urgency", None)]);
}

#[test]
fn the_recipients_name_tells_the_specialty() {
    let document = check(
        &["Refer to: Riverbend Hospital Neurology Clinic"],
        &[("referral.specialty", Some("Neurology"))],
    );
    let specialty = &document.fields[&FieldKey::new("referral.specialty")];
    assert!(specialty.confidence < 0.95, "a guess is for a person: {specialty:?}");
}

#[test]
fn the_sentence_that_speaks_of_an_illness_is_the_reason() {
    let reason = "Sudden chest pain on stairs for two weeks, relieved by rest, father had infarction at 50.";
    check(
        &[
            reason,
            "CONFIDENTIAL: this fax is for the recipient only, any other use may cause pain and is prohibited.",
        ],
        &[("referral.reason", Some(reason))],
    );
    check(
        &["• Chronic systolic heart failure,", "• Essential hypertension,"],
        &[("referral.reason", None)],
    );
}

#[test]
fn a_text_is_brought_to_the_point() {
    let reason = ("referral.reason", Some("Chest pain on stairs for two weeks."));
    for said in [
        "Reason for referral: What brings us to you is the following. Chest pain on stairs for two weeks.",
        "Reason for referral: Chest pain on stairs for two weeks. Face-to-face visit 03/05/2026",
        "Reason for referral: Chest pain on stairs for two weeks. ICD-10 code I20.9",
    ] {
        check(&[said], &[reason]);
    }
}

#[test]
fn the_one_date_that_nothing_speaks_for_is_the_referrals() {
    let lines = ["Patient: Rosalind Marchetti    DOB: 08/14/1961", "June 2, 2026"];
    check(&lines, &[("referral.date", Some("2026-06-02"))]);
    check(&[lines[0], lines[1], "May 28, 2026"], &[("referral.date", None)]);
}

#[test]
fn a_question_that_no_rule_lists_is_understood_by_its_words() {
    check(
        &["How can this person best be phoned?", "(503) 555-0118"],
        &[("patient.phone", Some("+15035550118"))],
    );
    // The words speak of somebody else.
    check(&["Phone of school nurse: (503) 555-0118"], &[("patient.phone", None)]);
}

const NUMBERED: [&str; 6] = [
    "1 Name of patient          2 Date of birth        3 Telephone",
    "Rosalind Marchetti         08/14/1961             (503) 555-0118",
    "4 Specialist, if known     5 Type of specialist",
    "Dr. Bruno Castellanos      Neurology",
    "6 Reason for referral      7 Priority",
    "Headaches each morning     Routine",
];

const ITEMS: [(&str, Option<&str>); 5] = [
    ("patient.name", Some("Rosalind Marchetti")),
    ("patient.birth_date", Some("1961-08-14")),
    ("patient.phone", Some("+15035550118")),
    ("recipient.name", Some("Bruno Castellanos")),
    ("referral.specialty", Some("Neurology")),
];

#[test]
fn numbers_of_items_belong_to_no_caption() {
    check(&NUMBERED, &ITEMS);
}

#[test]
fn squares_around_numbers_of_items_are_no_boxes_to_tick() {
    // The scanner saw the squares and lost the numbers in them.
    let lines: Vec<String> = NUMBERED
        .iter()
        .map(|line| line.replace(|c: char| ('1'..='7').contains(&c), " "))
        .collect();
    let lines: Vec<&str> = [&lines[0], NUMBERED[1], &lines[2], NUMBERED[3], &lines[4], NUMBERED[5]].to_vec();
    let mut form = below_the_head(&lines);
    let squares = form.words.iter().filter(|word| {
        ["Name", "Date", "Telephone", "Specialist,", "Type", "Reason", "Priority"].contains(&word.text.as_str())
    });
    let boxes: Vec<CheckBox> = squares
        .map(|word| CheckBox {
            bounds: PixelBox {
                x: word.bounds.x - 24,
                width: 22,
                ..word.bounds
            },
            ink: 0.8,
        })
        .collect();
    assert_eq!(boxes.len(), 7);
    form.check_boxes = boxes;
    let document = only(&[form]);
    for (key, value) in ITEMS {
        assert_eq!(text(&document, key), value, "{key}");
    }
}

#[test]
fn whom_medicaid_calls_recipient_is_the_patient() {
    check(
        &[
            "PART II - RECIPIENT",
            "Recipient's last name, first name, MI     Medicaid ID     Date of birth",
            "MARCHETTI, ROSALIND T                     48291376        08/14/1961",
        ],
        &[
            ("patient.name", Some("Rosalind T Marchetti")),
            ("insurance.member_id", Some("48291376")),
            ("recipient.name", None),
        ],
    );
}

#[test]
fn a_label_may_ask_for_two_numbers() {
    check(
        &["Clinic phone / fax: (503) 555-0142 / (503) 555-0143"],
        &[
            ("referrer.phone", Some("+15035550142")),
            ("referrer.fax", Some("+15035550143")),
        ],
    );
}

#[test]
fn a_service_that_is_a_department_is_the_specialty() {
    check(
        &["Service: General Surgery"],
        &[
            ("referral.specialty", Some("General Surgery")),
            ("referral.service", None),
        ],
    );
}

#[test]
fn a_name_that_breaks_off_goes_on_below() {
    check(
        &[
            "Refer to facility:   Elk Meadow Hospital Spine and Pain",
            "                     Clinic",
        ],
        &[(
            "recipient.organization",
            Some("Elk Meadow Hospital Spine and Pain Clinic"),
        )],
    );
}

#[test]
fn a_head_of_a_table_means_what_its_neighbours_mean() {
    check(
        &[
            "Rank   Company               Group no.    Subscriber",
            "1      Cascade Mutual        88-1200      Paolo Marchetti",
        ],
        &[
            ("insurance.payer", Some("Cascade Mutual")),
            ("insurance.group_number", Some("88-1200")),
        ],
    );
    // A guardian's row is the guardian's, whatever its neighbours are.
    check(
        &[
            "Parent / legal guardian",
            "Name Paolo Marchetti    DOB 09/10/1985    Cell (503) 555-0119",
        ],
        &[("patient.name", None), ("patient.phone", None)],
    );
}

#[test]
fn a_card_prints_its_number_in_groups() {
    check(
        &["Member ID: 1512 0536 5090"],
        &[("insurance.member_id", Some("1512 0536 5090"))],
    );
}
