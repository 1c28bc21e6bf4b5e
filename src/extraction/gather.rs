//! One page searched in every way: labels, check boxes, running text, the parts of a letter.

use super::by_label::by_label;
use super::catalogue::ValueType;
use super::checkboxes::{self, Choice};
use super::classify::classify;
use super::findings::{Candidate, PageFindings};
use super::forms;
use super::guessed_labels::read_guessed;
use super::labels;
use super::layout::Layout;
use super::leftovers::read_leftovers;
use super::letter::Letter;
use super::packet::PageSigns;
use super::regions::Places;
use super::rule_file::Part;
use super::rules::RuleSets;
use super::running;
use super::sections::Sections;
use super::unlabelled::{by_choice, names_before_numbers, stray_codes, stray_npi};
use super::values::Calendar;
use crate::domain::document::PageKind;
use crate::domain::page::PageText;
use crate::domain::page_facts::TextLayer;

pub(super) fn page(text: &PageText, rules: &RuleSets, calendar: Calendar) -> PageFindings {
    let mut layout = Layout::of(text);
    labels::forget_item_squares(&mut layout, rules);
    let labels = labels::find(&layout, rules);
    let signs = PageSigns::of(text, &layout, &rules.packet_words);
    let class = classify(rules, &signs, &labels);
    // What can't be read may say anything: it is no blank page.
    let blank = text.blank || layout.tokens.is_empty() && text.unreadable.is_none();
    let kind = if blank { PageKind::Blank } else { class.kind };
    let sections = Sections::find(&layout, &labels, rules, kind == PageKind::Cover);
    let places = Places::new(&layout, &labels, &sections);
    let choices = if rules.uses(Part::Marks) {
        checkboxes::choices(&layout, &labels, &sections, rules)
    } else {
        Vec::new()
    };
    let mut page = PageFindings {
        number: text.number,
        kind,
        form: None,
        candidates: Vec::new(),
        refused: Vec::new(),
        document_scores: class.document_scores,
        referral_score: class.referral_score,
        says_it_all: false,
        unreadable: text.unreadable.is_some(),
        worn: layout.worn(),
        contradicts_itself: text.facts.text_layer == TextLayer::Contradicts,
        signs,
    };
    for label in &labels {
        by_label(&places, &sections, label, &choices, rules, calendar, &mut page);
    }
    by_choice(&layout, &choices, rules, &mut page);
    places.coded.read(&layout, rules, &mut page);
    in_prose(&layout, &choices, rules, calendar, &mut page);
    let letter = Letter {
        layout: &layout,
        labels: &labels,
        sections: &sections,
        rules,
        calendar,
    };
    // A letter with findings in it may look like a note.
    let is_letter = kind == PageKind::ClinicalNote && letter.greets();
    let may_ask = is_letter || matches!(kind, PageKind::Referral | PageKind::Cover | PageKind::Other);
    if may_ask {
        page.candidates.extend(letter.candidates());
    }
    stray_npi(&layout, &labels, rules, &mut page);
    stray_codes(&places, &sections, rules, &mut page);
    names_before_numbers(&places, &sections, rules, calendar, &mut page);
    if may_ask {
        let options = checkboxes::options(&layout, &choices);
        if rules.uses(Part::Guesses) {
            read_guessed(&places, &sections, &options, rules, calendar, &mut page);
        }
        if rules.uses(Part::Leftovers) {
            read_leftovers(&places, &sections, &options, rules, calendar, &mut page);
        }
    }
    if rules.uses(Part::Forms) {
        forms::read(text, &layout, rules, calendar, &mut page);
    }
    if !rules.uses(Part::Repair) {
        page.candidates.retain(|candidate| !is_repaired(candidate));
    }
    by_its_fields(rules, &mut page);
    page
}

fn in_prose(layout: &Layout, choices: &[Choice], rules: &RuleSets, calendar: Calendar, page: &mut PageFindings) {
    let (found, refused) = running::candidates(layout, rules, calendar);
    // A form that offers options speaks of each of them: "STAT requests: call".
    let offered = |candidate: &Candidate| {
        let kind = rules.catalogue.all[candidate.field].kind;
        matches!(kind, ValueType::Urgency | ValueType::Service) && choices.iter().any(|choice| choice.kind == kind)
    };
    page.candidates
        .extend(found.into_iter().filter(|candidate| !offered(candidate)));
    page.refused.extend(refused);
}

fn is_repaired(candidate: &Candidate) -> bool {
    let remark = candidate.remark.as_ref();
    remark.is_some_and(|remark| remark.problem == "repaired")
}

/// A page that names patient, sender and request is a referral, whatever it calls itself.
fn by_its_fields(rules: &RuleSets, page: &mut PageFindings) {
    let has = |key: &str| {
        let field = rules.catalogue.position(key);
        page.candidates
            .iter()
            .any(|candidate| Some(candidate.field) == field && candidate.score > 0.5)
    };
    let reach = [
        "patient.phone",
        "patient.address.line",
        "insurance.member_id",
        "patient.mrn",
    ];
    // A name that could not be read is a gap for a person, not another kind of page.
    let reachable = reach.iter().filter(|key| has(key)).count() > 1;
    let named = rules.catalogue.position("patient.name");
    // A name that nothing announces scores less.
    let named = page.candidates.iter().any(|c| Some(c.field) == named && c.score > 0.4);
    let patient = has("patient.birth_date") && (named || reachable);
    let sender = has("referrer.name") || has("referrer.npi");
    let request = [
        "referral.reason",
        "referral.urgency",
        "referral.diagnoses",
        "referral.procedures",
        "referral.specialty",
        "referral.service",
    ];
    let count = request.iter().filter(|key| has(key)).count();
    let parties = [
        "recipient.organization",
        "recipient.name",
        "insurance.member_id",
        "referral.authorization_number",
    ];
    let count = count + parties.iter().filter(|key| has(key)).count();
    // So much of a request is one, whoever sends it and whatever it also speaks of.
    let plain = patient && count >= 6 && has("referral.urgency");
    if patient && sender && count >= 3 || plain {
        page.referral_score += 0.5 * count as f64;
        page.says_it_all = true;
        let other = matches!(
            page.kind,
            PageKind::Other | PageKind::Imaging | PageKind::Lab | PageKind::ClinicalNote
        );
        if page.kind == PageKind::Other || plain && other {
            page.kind = PageKind::Referral;
        }
    }
}
