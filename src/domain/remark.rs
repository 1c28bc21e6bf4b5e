//! What a person should know of a document that is no field's value.

use chrono::NaiveDate;

/// One remark. Its text is free of PHI: it holds counts, page numbers, days, and names out of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// More pages are announced than came.
    PagesMissing {
        told: PagesTold,
        /// As it is printed, be the cover counted or not.
        declared: u32,
        received: u32,
        /// The numbers of the pages that did not come, where page numbering tells them.
        numbers: Vec<u32>,
    },
    /// More pages came than are announced: another patient's may be among them.
    PagesOver {
        told: PagesTold,
        declared: u32,
        received: u32,
    },
    /// What the specialty asks for and the packet neither shows nor names as attached.
    AttachmentsMissing {
        specialty: String,
        required: Vec<String>,
        helpful: Vec<String>,
        /// Nobody should wait for them.
        urgent: bool,
    },
    /// An attachment is there, but too old.
    AttachmentOld {
        attachment: String,
        page: u32,
        made_on: NaiveDate,
        fresh_days: u32,
    },
}

/// What says how many pages there should be; each names the page that says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagesTold {
    /// The line that the sending machine prints on top.
    Header { page: u32 },
    /// "Pages including cover: 5".
    Announced { page: u32 },
    /// "Page 1 of 3", printed at the head or the foot.
    Printed { page: u32 },
}

impl Remark {
    /// Whether the document waits for a person. What is not there may change everything, as a second diagnosis on page 2;
    /// an attachment that is not there changes no value, and the visit can be planned while it is asked for.
    pub fn holds(&self) -> bool {
        matches!(self, Self::PagesMissing { .. })
    }
}

impl std::fmt::Display for PagesTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Header { page } => write!(f, "The line on top of page {page} counts"),
            Self::Announced { page } => write!(f, "Page {page} announces"),
            Self::Printed { page } => write!(f, "The number printed on page {page} counts"),
        }
    }
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PagesMissing {
                told,
                declared,
                received,
                numbers,
            } => {
                write!(f, "{told} {}, but {} came.", pages(*declared), pages(*received))?;
                match numbers[..] {
                    [] => f.write_str(" Ask the sender for what is missing."),
                    [one] => write!(f, " Page {one} is missing: ask the sender for it."),
                    _ => write!(f, " Pages {} are missing: ask the sender for them.", listed(numbers)),
                }
            }
            Self::PagesOver {
                told,
                declared,
                received,
            } => write!(
                f,
                "{told} {}, but {} came. Look whether all of them are this patient's.",
                pages(*declared),
                pages(*received)
            ),
            Self::AttachmentsMissing {
                specialty,
                required,
                helpful,
                urgent,
            } => {
                write!(f, "{specialty} asks for what was not found: {}.", required.join("; "))?;
                if !helpful.is_empty() {
                    write!(f, " It would help to have: {}.", helpful.join("; "))?;
                }
                f.write_str(if *urgent {
                    " The referral is urgent: do not wait for it."
                } else {
                    " Look through the pages; if it is not among them, ask for it."
                })
            }
            Self::AttachmentOld {
                attachment,
                page,
                made_on,
                fresh_days,
            } => write!(
                f,
                "{attachment} on page {page} is of {}, more than {fresh_days} days before the referral.",
                made_on.format("%-d %b %Y")
            ),
        }
    }
}

fn pages(count: u32) -> String {
    match count {
        1 => "1 page".to_owned(),
        count => format!("{count} pages"),
    }
}

/// "2, 3 and 5".
fn listed(numbers: &[u32]) -> String {
    let texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => texts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(numbers: &[u32]) -> Remark {
        Remark::PagesMissing {
            told: PagesTold::Printed { page: 1 },
            declared: 5,
            received: 1,
            numbers: numbers.to_vec(),
        }
    }

    #[test]
    fn a_remark_names_counts_and_pages() {
        let said = |numbers: &[u32]| missing(numbers).to_string();
        assert!(said(&[]).starts_with("The number printed on page 1 counts 5 pages, but 1 page came. Ask"));
        assert!(said(&[2]).contains("Page 2 is missing"));
        assert!(said(&[2, 3, 5]).contains("Pages 2, 3 and 5 are missing"));
    }

    #[test]
    fn only_missing_pages_hold_a_document() {
        assert!(missing(&[]).holds());
        let attachments = Remark::AttachmentsMissing {
            specialty: "Cardiology".to_owned(),
            required: vec!["ECG".to_owned()],
            helpful: Vec::new(),
            urgent: false,
        };
        assert!(!attachments.holds());
    }
}
