//! Pages in, fields out: kinds, splits, values with confidence and box, gaps. Pure.
//!
//! [`RuleSets`] holds what is known about the language of referrals; everything else here is mechanism.

mod by_label;
mod catalogue;
mod checkboxes;
mod classify;
mod code_list;
mod coded_options;
mod confidence;
mod cross_check;
mod decide;
mod explain;
mod explain_field;
mod findings;
mod fold;
pub mod forms;
mod gather;
mod guessed_labels;
mod inline_labels;
mod known_names;
mod label_words;
mod labels;
mod layout;
mod leftovers;
mod letter;
mod letterheads;
mod lexicon;
mod lint;
mod noise;
mod packed_lines;
mod packet;
mod paraphrase;
mod parties;
mod prose;
mod ready;
mod regions;
mod rule_file;
mod rules;
mod running;
mod second_look;
mod sections;
mod settled;
mod split;
mod table_rows;
mod tiers;
mod unlabelled;
pub mod urgent_lines;
mod values;
mod vocabulary;

pub use catalogue::{Catalogue, Field, ValueType};
pub use code_list::{Diagnosis, diagnosis};
pub use packet::{Attachment, AttachmentNeed, Specialty};
pub use rules::{RuleError, RuleSets};
pub use tiers::{Need, Tier, Waiver};

use crate::domain::codes::{DateOrder, parse_date};
use crate::domain::document::{DocumentKind, DocumentState, PageKind, PageRange};
use crate::domain::fields::{ClassifiedPage, ExtractedDocument, Extraction, FieldContent, FieldKey, FieldProblem};
use crate::domain::page::PageText;
use crate::domain::remark::Remark;
use chrono::{Datelike, NaiveDate};
use findings::PageFindings;
use packet::Packet;
use values::Calendar;

impl RuleSets {
    /// What the pages of one transmission say.
    pub fn extract(&self, pages: &[PageText]) -> Extraction {
        let calendar = Calendar {
            latest: latest_day(pages),
        };
        let mut found: Vec<PageFindings> = pages.iter().map(|page| gather::page(page, self, calendar)).collect();
        let ranges = split::split(&found, self);
        let of_documents = ranges.iter().map(|range| numbers(&found[range.clone()])).collect();
        let packet = Packet::of(found.iter().map(|page| (page.kind, &page.signs)), of_documents);
        let documents = ranges
            .iter()
            .map(|range| self.document(&found[range.clone()], numbers(&found[range.clone()]), &packet))
            .collect();
        for range in ranges {
            if split::document_kind(&found[range.clone()], self) != DocumentKind::Referral {
                // A page that only looked like a referral's is none when its document isn't one.
                for page in found[range].iter_mut().filter(|page| page.kind == PageKind::Referral) {
                    page.kind = PageKind::Other;
                }
            }
        }
        let pages = found
            .iter()
            .map(|page| ClassifiedPage {
                number: page.number,
                kind: page.kind,
            })
            .collect();
        Extraction { pages, documents }
    }

    /// What these documents say, whose pages a person put together: each by the numbers of its pages, in their order. They are not
    /// split, and none goes straight through.
    pub fn extract_arranged(&self, pages: &[PageText], documents: &[Vec<u32>]) -> Vec<ExtractedDocument> {
        let calendar = Calendar {
            latest: latest_day(pages),
        };
        let findings = |page: &PageText| gather::page(page, self, calendar);
        let found: Vec<PageFindings> = pages.iter().map(findings).collect();
        let packet = Packet::of(
            found.iter().map(|page| (page.kind, &page.signs)),
            documents.iter().filter_map(|document| hull(document)).collect(),
        );
        let of_document = |numbers: &Vec<u32>| {
            let page = |number: &u32| pages.iter().find(|page| page.number == *number);
            let own: Vec<PageFindings> = numbers.iter().filter_map(page).map(findings).collect();
            let range = hull(numbers).unwrap_or(PageRange { from: 1, to: 1 });
            ExtractedDocument {
                pages: range,
                state: DocumentState::NeedsReview,
                ..self.document(&own, range, &packet)
            }
        };
        documents.iter().map(of_document).collect()
    }

    /// A page as the rules see it, for people who write rules. Holds what stands on the page.
    pub fn explain(&self, page: &PageText) -> String {
        let calendar = Calendar {
            latest: latest_day(std::slice::from_ref(page)),
        };
        explain::explain(page, self, calendar)
    }

    /// One field of a document in words: where it was looked for, what stood there, what was chosen and why. Holds what
    /// stands on the pages. `None` where the catalogue has no such field.
    pub fn explain_field(&self, pages: &[PageText], key: &FieldKey) -> Option<String> {
        let calendar = Calendar {
            latest: latest_day(pages),
        };
        explain_field::explain_field(pages, key, self, calendar)
    }

    /// Slips in a folder of rules and one of forms, or in those that the binary was built with.
    pub fn lint(folder: Option<&std::path::Path>, forms: Option<&std::path::Path>) -> Result<Vec<String>, RuleError> {
        let files = match folder {
            Some(folder) => rules::rule_files(folder)?,
            None => rules::embedded_files(),
        };
        let mut slips = lint::lint(&files)?;
        slips.extend(forms::slips(
            &Self::from_files(files)?,
            &rules::form_files(folder, forms)?,
        )?);
        Ok(slips)
    }

    fn document(&self, pages: &[PageFindings], range: PageRange, packet: &Packet) -> ExtractedDocument {
        let kind = split::document_kind(pages, self);
        let decide::Decided { fields, problems } = decide::decide(pages, self);
        let value = |key: &FieldKey| fields.get(key).map(|field| &field.value);
        let missing = match kind {
            DocumentKind::Referral => self.missing_by(value),
            _ => Vec::new(),
        };
        let remarks = self.remarks_of_kind(kind, packet, range, &value);
        let is_whole = !remarks.iter().any(Remark::holds);
        let state = match kind {
            // A page that did not come may hold another diagnosis.
            DocumentKind::Referral if is_whole && self.is_ready(pages, &fields, &problems) => DocumentState::Ready,
            DocumentKind::Referral | DocumentKind::Other => DocumentState::NeedsReview,
            // It may be the referral itself, of which only the reports are left.
            DocumentKind::LabResult | DocumentKind::ConsultNote if !is_whole => DocumentState::NeedsReview,
            _ => DocumentState::NotAReferral,
        };
        let all_blank = pages.iter().all(|page| page.kind == PageKind::Blank);
        let state = if all_blank { DocumentState::NotAReferral } else { state };
        ExtractedDocument {
            kind,
            pages: range,
            state,
            template: Some(self.template(pages)),
            fields,
            missing,
            problems,
            remarks,
            doubtful: Vec::new(),
        }
    }

    /// The known form that the pages were recognised as; where they are none, the rules that read them.
    fn template(&self, pages: &[PageFindings]) -> String {
        let form = pages.iter().find_map(|page| page.form.clone());
        form.unwrap_or_else(|| self.provenance.clone())
    }

    /// The canonical form of a text typed by a person, or why it can't be one. Years need four digits.
    pub fn validate(&self, key: &FieldKey, text: &str) -> Result<FieldContent, FieldProblem> {
        self.validate_with(key, text, None)
    }

    /// As [`Self::validate`], but knowing the day: two-digit years are taken, births in the future refused.
    pub fn validate_on(&self, key: &FieldKey, text: &str, today: NaiveDate) -> Result<FieldContent, FieldProblem> {
        self.validate_with(key, text, Some(today))
    }

    fn validate_with(
        &self,
        key: &FieldKey,
        text: &str,
        today: Option<NaiveDate>,
    ) -> Result<FieldContent, FieldProblem> {
        let problem = |problem: &str, detail: String| FieldProblem {
            field: key.clone(),
            problem: problem.to_owned(),
            detail,
        };
        let field = self
            .catalogue
            .field(key)
            .ok_or_else(|| problem("unknown_field", "not in the catalogue".to_owned()))?;
        values::canonical(field.kind, text, &self.vocabularies, today).map_err(|e| problem(e.problem, e.detail))
    }
}

fn numbers(pages: &[PageFindings]) -> PageRange {
    let number = |page: Option<&PageFindings>| page.map_or(1, |page| page.number);
    PageRange {
        from: number(pages.first()),
        to: number(pages.last()),
    }
}

/// From the smallest number to the largest.
fn hull(numbers: &[u32]) -> Option<PageRange> {
    Some(PageRange {
        from: *numbers.iter().min()?,
        to: *numbers.iter().max()?,
    })
}

/// The latest day that the pages name: no birth is later, and no two-digit year.
fn latest_day(pages: &[PageText]) -> NaiveDate {
    let default = NaiveDate::from_ymd_opt(2030, 12, 31).unwrap_or_default();
    let words = pages
        .iter()
        .flat_map(|page| page.words.windows(1).chain(page.words.windows(3)));
    let dates = words.filter_map(|words| {
        let text = words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if !(5..=8).contains(&digits) {
            return None;
        }
        // Without a latest year, only years of four digits count.
        parse_date(&text, DateOrder::MonthFirst, 0)
            .ok()
            .filter(|date| (2000..=2060).contains(&date.year()))
    });
    dates.max().unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn check(key: &str, input: &str, expect: Result<&str, &str>) {
        let got = RuleSets::embedded().validate(&FieldKey::new(key), input);
        let got = got.map(|content| match content {
            FieldContent::Text(text) => text,
            FieldContent::List(items) => items.join(" "),
        });
        assert_eq!(
            got.as_deref().map_err(|problem| problem.problem.as_str()),
            expect,
            "{key}: {input}"
        );
    }

    #[test]
    fn what_a_person_types_is_checked_by_type() {
        check("patient.name", "Baker, Beatriz H.", Ok("Beatriz H Baker"));
        check("patient.name", "Beatriz", Err("not_a_name"));
        check("patient.birth_date", "3/14/1962", Ok("1962-03-14"));
        check("patient.birth_date", "3/14/62", Err("not_a_date"));
        check("patient.phone", "(412) 555-0123", Ok("+14125550123"));
        check("referrer.npi", "1234567890", Err("npi_check_digit"));
        check("referral.urgency", "ASAP", Ok("urgent"));
        check("referral.urgency", "whenever", Err("not_an_urgency"));
        check("referral.specialty", "ENT", Ok("Otolaryngology"));
        check("referral.specialty", "Space Medicine", Ok("Space Medicine"));
        check("referral.diagnoses", "m5450, I10; I10", Ok("M54.50 I10"));
        check("referral.diagnoses", "M54.50, back pain", Err("not_an_icd10_code"));
        check("patient.mrn", "", Err("empty"));
        check("patient.shoe_size", "43", Err("unknown_field"));
    }

    #[test]
    fn every_need_of_the_tiers_is_named_when_it_is_not_met() {
        let rules = RuleSets::embedded();
        let text = |_: &FieldKey| FieldContent::Text("x".to_owned());
        let all: BTreeMap<FieldKey, FieldContent> = rules
            .catalogue()
            .fields()
            .map(|field| (field.key.clone(), text(&field.key)))
            .collect();
        assert_eq!(rules.missing(&all), []);
        for need in rules.tiers().iter().flat_map(|tier| &tier.needs) {
            let mut values = all.clone();
            values.retain(|key, _| !need.one_of.contains(key));
            assert!(rules.missing(&values).contains(&need.one_of[0]), "{:?}", need.one_of);
        }
    }

    #[test]
    fn a_patient_who_pays_needs_no_member_id() {
        let rules = RuleSets::embedded();
        let payer = (
            FieldKey::new("insurance.payer"),
            FieldContent::Text("SELF PAY".to_owned()),
        );
        let missing = rules.missing(&BTreeMap::from([payer]));
        assert!(!missing.contains(&FieldKey::new("insurance.member_id")));
    }
}
