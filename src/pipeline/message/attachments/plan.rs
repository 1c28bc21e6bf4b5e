//! Which file of a message leads, which belong to it, and whether they are about one patient. Pure.

use crate::direct::message::{Attachment, is_tnef};
use crate::domain::transmission::PackageFlaw;
use crate::pipeline::clinical::patients::{Known, are_several};
use crate::pipeline::clinical::{self, Clinical, Form, Loose};
use crate::reading::sniff;
use std::collections::HashSet;

/// A file that becomes a transmission.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Part {
    pub bytes: Vec<u8>,
    pub flaws: Vec<PackageFlaw>,
}

#[derive(PartialEq, Eq)]
pub enum Plan {
    /// Nothing of it is data: each file is read for itself, as if it had come alone.
    Apart(Vec<Part>),
    Led {
        lead: Part,
        others: Vec<Part>,
    },
    /// Several patients: a person says which file is whose.
    Held(Vec<Part>),
}

/// Data that was taken apart, with the bytes that it was.
struct Data {
    bytes: Vec<u8>,
    form: Form,
    clinical: Clinical,
}

impl Plan {
    /// Never without a part: where there is nothing to read, a person must look at what there is, the words before all.
    /// `named` is the patient whom the message says that it is about.
    pub fn of(attachments: Vec<Attachment>, text: &str, named: Option<Known>) -> Self {
        let whole = attachments.first().map(|attachment| attachment.bytes.clone());
        let mut gathered = Gathered {
            named,
            ..Gathered::default()
        };
        for attachment in attachments {
            gathered.add(attachment);
        }
        let plan = gathered.plan();
        if matches!(&plan, Self::Apart(parts) if parts.is_empty()) {
            let words = (!text.trim().is_empty()).then(|| text.as_bytes().to_vec());
            let left = whole.into_iter().chain(words).map(|bytes| Part {
                bytes,
                flaws: Vec::new(),
            });
            let left: Vec<Part> = left.collect();
            return Self::Apart(if left.is_empty() { vec![Part::default()] } else { left });
        }
        plan
    }
}

#[derive(Default)]
struct Gathered {
    data: Vec<Data>,
    parts: Vec<Part>,
    /// Files of a kind that is not read here.
    unknown: Vec<Part>,
    is_list_of_several: bool,
    named: Option<Known>,
}

impl Gathered {
    fn add(&mut self, attachment: Attachment) {
        let Some(form) = clinical::sniff(&attachment.bytes) else {
            let is_readable = sniff(&attachment.bytes).is_some() || is_tnef(&attachment.bytes);
            let flaws = Vec::new();
            if is_readable {
                self.parts.push(Part {
                    bytes: attachment.bytes,
                    flaws,
                });
            } else if !is_furniture(&attachment) {
                self.unknown.push(Part {
                    bytes: attachment.bytes,
                    flaws,
                });
            }
            return;
        };
        let bytes = attachment.bytes;
        match Clinical::open(&bytes) {
            Ok(clinical) if clinical.has_data() => self.data.push(Data { bytes, form, clinical }),
            // A package of scans: nothing in it leads.
            Ok(mut clinical) => {
                self.is_list_of_several |= clinical.is_list_of_several();
                let of_package = std::mem::take(&mut clinical.flaws);
                let files = std::mem::take(&mut clinical.files);
                self.parts.extend(files.into_iter().map(|file| Part {
                    flaws: [of_package.clone(), file.flaws].concat(),
                    bytes: file.bytes,
                }));
            }
            // Its reading will say why, on the desk.
            Err(_) => self.parts.push(Part {
                bytes,
                flaws: Vec::new(),
            }),
        }
    }

    fn plan(mut self) -> Plan {
        self.drop_copies();
        let mut patients: Vec<Known> = self.data.iter().flat_map(|data| data.clinical.patients()).collect();
        patients.extend(self.named.take());
        if are_several(&patients) || self.is_list_of_several {
            return Plan::Held(self.all_apart());
        }
        // The first of those that are most a referral.
        let standing = |data: &Data| data.clinical.standing();
        let best = self.data.iter().map(standing).max();
        let lead = best.and_then(|best| self.data.iter().position(|data| standing(data) == best));
        let lead = lead.map(|at| self.data.remove(at));
        let (lead, files) = match lead {
            Some(data) => (Some(part(&data)), data.clinical.files),
            None => (None, Vec::new()),
        };
        let mut others: Vec<Part> = files.into_iter().map(loose).collect();
        for data in self.data {
            others.push(part(&data));
            others.extend(data.clinical.files.into_iter().map(loose));
        }
        others.extend(self.parts);
        others.extend(self.unknown);
        match lead {
            Some(lead) => Plan::Led { lead, others },
            None => Plan::Apart(others),
        }
    }

    /// Many send the document of a package beside it once more, for those who read no packages.
    fn drop_copies(&mut self) {
        let mut known: HashSet<[u8; 32]> = HashSet::new();
        for data in self.data.iter().filter(|data| data.form == Form::Package) {
            let files = data.clinical.files.iter().map(|file| &file.bytes);
            known.extend(data.clinical.packed.iter().chain(files).map(|bytes| hash(bytes)));
        }
        let mut is_first = |bytes: &[u8]| known.insert(hash(bytes));
        self.data.retain(|data| is_first(&data.bytes));
        self.parts.retain(|part| is_first(&part.bytes));
    }

    /// Every document by itself, so that each can be given to its patient.
    fn all_apart(self) -> Vec<Part> {
        let mut all = Vec::new();
        for data in self.data {
            let flaws = data.clinical.flaws.clone();
            if data.form == Form::Package {
                all.extend(data.clinical.packed.into_iter().map(|bytes| Part {
                    bytes,
                    flaws: flaws.clone(),
                }));
            } else {
                all.push(Part {
                    bytes: data.bytes,
                    flaws,
                });
            }
            all.extend(data.clinical.files.into_iter().map(loose));
        }
        all.extend(self.parts);
        all.extend(self.unknown);
        all
    }
}

fn part(data: &Data) -> Part {
    Part {
        bytes: data.bytes.clone(),
        flaws: data.clinical.flaws.clone(),
    }
}

fn loose(file: Loose) -> Part {
    Part {
        bytes: file.bytes,
        flaws: file.flaws,
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    openssl::sha::sha256(bytes)
}

/// What mail programs and document viewers add: signatures, cards, logos, style sheets, a second text that nobody named. Nobody at a
/// desk needs it. A named text may be the referral itself.
fn is_furniture(attachment: &Attachment) -> bool {
    let name = attachment.name.to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let kind = attachment.media_type.as_str();
    // Exchange names what stands behind the files so: `ATT00001.htm`.
    let is_nameless =
        name.is_empty() || (stem.starts_with("att") && stem[3..].bytes().all(|byte| byte.is_ascii_digit()));
    attachment.bytes.is_empty()
        || (is_nameless && matches!(kind, "text/plain" | "text/html"))
        || matches!(
            kind,
            "text/css" | "text/calendar" | "text/vcard" | "text/x-vcard" | "image/gif"
        )
        || kind.ends_with("-signature")
        || matches!(extension, "xsl" | "xslt" | "css" | "vcf" | "p7s" | "ics")
}

#[cfg(test)]
mod tests;
