//! Whose block it is: parties told apart where headings are unknown, unread or missing.

use super::extraction::{only, page, text};

fn check(lines: &[&str], expect: &[(&str, Option<&str>)]) {
    let document = only(&[page(1, lines)]);
    for (key, value) in expect {
        assert_eq!(text(&document, key), *value, "{key}");
    }
}

#[test]
fn two_blocks_whose_headings_nobody_knows_are_told_apart_by_their_labels() {
    check(
        &[
            "Alder Podiatry Institute",
            "3604 Wexford Boulevard, Salem, OR 97301   Tel 503.555.0145   Fax 503.555.0147",
            "Foot Referral - please fax with chart notes",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "Patient: Bernard W. Brandt",
            "Date of birth: 01/24/1955",
            "Referring Provider                         Foot and Diabetes Data",
            "Physician: Mary-Kate Crawford, FNP-BC      Diabetes: No",
            "Clinic: Quail Run Family Care              Pulses: 2+ both",
            "Phone: 503.555.0130                        Monofilament: intact",
            "Fax: 503.555.0131                          Podiatrist: Dr. Percy Bennett",
        ],
        &[
            ("referrer.organization", Some("Quail Run Family Care")),
            ("referrer.phone", Some("+15035550130")),
            ("referrer.fax", Some("+15035550131")),
            ("recipient.organization", Some("Alder Podiatry Institute")),
            ("recipient.phone", Some("+15035550145")),
        ],
    );
}

#[test]
fn labels_that_stand_twice_in_a_row_are_both_parties() {
    check(
        &[
            "Referral order",
            "Name: Rosalind Marchetti   DOB: 08/14/1961",
            "Ordering Provider",
            "Name       Tobias Marquez, MD      Location   Saddleback Surgery Institute",
            "Phone      (503) 555-0130          Phone      (503) 555-0179",
            "Fax        (503) 555-0138          Fax        (503) 555-0183",
        ],
        &[
            ("referrer.phone", Some("+15035550130")),
            ("recipient.phone", Some("+15035550179")),
            ("referrer.fax", Some("+15035550138")),
            ("recipient.fax", Some("+15035550183")),
        ],
    );
}

#[test]
fn a_cover_has_two_columns_and_its_sender_may_be_a_practice() {
    check(
        &[
            "FAX",
            "TO: Lakeview Cardiology          FROM: Kestrel Rural Health Clinic",
            "ATTN: New Patient Scheduling     PHONE: 503-555-0192",
            "FAX: 503-555-0314                FAX: 503-555-0159",
            "Patient: Rosalind Marchetti   DOB: 08/14/1961",
        ],
        &[
            ("referrer.organization", Some("Kestrel Rural Health Clinic")),
            ("referrer.phone", Some("+15035550192")),
            ("referrer.fax", Some("+15035550159")),
            ("recipient.fax", Some("+15035550314")),
            ("recipient.name", None),
        ],
    );
}

#[test]
fn the_salutation_tells_which_name_is_the_addressees() {
    check(
        &[
            "Bell Tower Family Medicine",
            "Wendell Kang, MD • Tariq Iyer, MD",
            "5698 West Sassafras Place, Salem, OR 97301",
            "Phone 503.555.0143",
            "June 17, 2026",
            "Dr. Ignacio S. Wainwright",
            "Iron Bridge Neurology Clinic",
            "5832 Gristmill Court",
            "Salem, OR 97301",
            "",
            "Dear Dr. Wainwright,",
            "I am sending you Ms. Renata Friedman, a 47-year-old woman under my care.",
            "She wishes a second opinion.",
            "With kind regards,",
            "Wendell Kang, MD",
        ],
        &[
            ("recipient.name", Some("Ignacio S Wainwright")),
            ("recipient.organization", Some("Iron Bridge Neurology Clinic")),
            ("referrer.organization", Some("Bell Tower Family Medicine")),
            ("referrer.name", Some("Wendell Kang")),
            ("referral.service", Some("second_opinion")),
        ],
    );
}

#[test]
fn a_question_for_yes_or_no_names_nobody() {
    check(
        &[
            "Referral form",
            "Name: Rosalind Marchetti   DOB: 08/14/1961",
            "Has the person agreed to this referral?   Yes",
            "Current therapist: Saoirse Zielinski, LCSW",
        ],
        &[("recipient.name", None)],
    );
}

#[test]
fn a_number_in_a_label_is_not_misread() {
    check(
        &[
            "Referral form",
            "Name: Rosalind Marchetti   DOB: 08/14/1961",
            "Payor 1: Medicaid (Amerigroup)   Policy #: 5164 1927 0534",
            "Payor 2: Aetna Choice            Policy #: W482913765",
        ],
        &[
            ("insurance.payer", Some("Medicaid (Amerigroup)")),
            ("insurance.secondary.payer", Some("Aetna Choice")),
            ("insurance.secondary.member_id", Some("W482913765")),
        ],
    );
}

#[test]
fn what_the_office_fills_in_names_no_practice() {
    check(
        &[
            "Referral form",
            "Name: Rosalind Marchetti   DOB: 08/14/1961",
            "FOR HEALTH PLAN USE ONLY",
            "AUTH #   R78860641",
        ],
        &[("recipient.organization", None), ("referrer.organization", None)],
    );
}

#[test]
fn a_street_under_a_blank_number_is_a_street() {
    check(
        &[
            "PATIENT",
            "Pt: Rosalind Marchetti",
            "MRN:",
            "1921 Copper Beech Rd",
            "Salem, OR 97301",
        ],
        &[
            ("patient.mrn", None),
            ("patient.address.line", Some("1921 Copper Beech Rd")),
        ],
    );
}
