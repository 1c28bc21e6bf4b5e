//! All labels and headings, expanded and folded, with what each means in which section.

use super::catalogue::{Catalogue, FieldsFile};
use super::fold::{Signature, distance, fold, may_be_near, signature, tokens, tolerance};
use super::label_words::LabelWords;
use super::paraphrase::Paraphrases;
use super::rule_file::RuleFile;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Number of a section in [`Lexicon::sections`].
pub(super) type Section = usize;

/// Sections that no heading opens: outside of all, the head of a page, and the two parties of a cover sheet.
pub(super) const NONE: Section = 0;
pub(super) const LETTERHEAD: Section = 1;
pub(super) const COVER_FROM: Section = 2;
pub(super) const COVER_TO: Section = 3;
const BUILT_IN: [&str; 4] = ["none", "letterhead", "cover_from", "cover_to"];

/// What a label means.
#[derive(Clone, Debug, Default)]
pub(super) struct Meaning {
    /// Field numbers of the catalogue by section.
    within: Vec<(Section, usize)>,
    /// A field wherever the label stands, except in these sections.
    anywhere: Option<(usize, Vec<Section>)>,
    /// The section whose bare labels follow.
    pub opens: Option<Section>,
}

impl Meaning {
    /// The field that the label means in a section.
    pub fn field(&self, section: Section) -> Option<usize> {
        let inside = |wanted| self.within.iter().find(|(s, _)| *s == wanted).map(|(_, field)| *field);
        inside(section).or_else(|| {
            self.anywhere
                .as_ref()
                .filter(|(_, not)| !not.contains(&section))
                .map(|(f, _)| *f)
        })
    }

    /// Whether the section decided, rather than the label alone.
    pub fn needs_section(&self, section: Section) -> bool {
        self.within.iter().any(|(s, _)| *s == section)
    }

    /// The field that it means without any section.
    pub fn alone(&self) -> Option<usize> {
        self.anywhere.as_ref().map(|(field, _)| *field)
    }

    /// Every field that the label may mean anywhere.
    pub fn fields(&self) -> impl Iterator<Item = usize> {
        self.within
            .iter()
            .map(|(_, field)| *field)
            .chain(self.anywhere.iter().map(|(field, _)| *field))
    }
}

pub(super) struct Lexicon {
    sections: Vec<String>,
    labels: HashMap<String, Meaning>,
    /// Folded labels by length with their signatures, for inexact look-up.
    by_length: BTreeMap<usize, Vec<(Signature, String)>>,
    headings: HashMap<String, Section>,
    heading_signatures: Vec<(Signature, String, Section)>,
    /// Labels and headings as they are written in the rules, until their words are known.
    texts: Vec<String>,
    paraphrases: Paraphrases,
    heading_paraphrases: Paraphrases,
    pub label_words: LabelWords,
    /// The words of each section's qualifiers, with the fields that they may qualify.
    qualifiers: Vec<(Vec<usize>, BTreeSet<String>)>,
    absent: HashSet<String>,
    pub organization_words: HashSet<String>,
    /// Words that stand in nobody's name.
    pub no_names: HashSet<String>,
    /// The longest label, in words.
    pub longest: usize,
}

impl Lexicon {
    pub fn build(fields: &FieldsFile, catalogue: &Catalogue, sets: &[RuleFile]) -> Result<Self, String> {
        let mut sections: Vec<String> = BUILT_IN.iter().map(|&name| name.to_owned()).collect();
        for section in sets.iter().flat_map(|set| &set.section) {
            if !sections.contains(&section.name) {
                sections.push(section.name.clone());
            }
        }
        let mut lexicon = Self {
            sections,
            labels: HashMap::new(),
            by_length: BTreeMap::new(),
            headings: HashMap::new(),
            heading_signatures: Vec::new(),
            texts: Vec::new(),
            paraphrases: paraphrases(sets),
            heading_paraphrases: paraphrases(sets),
            label_words: LabelWords::default(),
            qualifiers: Vec::new(),
            absent: sets.iter().flat_map(|set| &set.absent).map(|text| fold(text)).collect(),
            organization_words: sets
                .iter()
                .flat_map(|set| &set.organization_words)
                .map(|word| fold(word))
                .collect(),
            no_names: sets
                .iter()
                .flat_map(|set| &set.no_names)
                .map(|word| fold(word))
                .collect(),
            longest: 0,
        };
        lexicon.add_fields(fields, catalogue)?;
        lexicon.compose(fields, catalogue, sets)?;
        for set in sets {
            lexicon.add_set(set)?;
        }
        lexicon.paraphrase(sets);
        for entry in sets.iter().flat_map(|set| &set.section) {
            let of_section = |field: &usize| {
                let key = catalogue.all[*field].key.as_str();
                key.split('.').next() == Some(entry.name.as_str()) && !key.starts_with("insurance.secondary")
            };
            let fields: Vec<usize> = (0..catalogue.all.len()).filter(of_section).collect();
            for qualifier in entry.qualifiers.iter().filter(|_| !fields.is_empty()) {
                let words = lexicon.paraphrases.words_of(qualifier);
                lexicon.qualifiers.push((fields.clone(), words));
            }
        }
        for label in lexicon.labels.keys() {
            let same_length = lexicon.by_length.entry(label.chars().count()).or_default();
            same_length.push((signature(label), label.clone()));
        }
        let headings = lexicon.headings.iter();
        lexicon.heading_signatures = headings
            .map(|(heading, section)| (signature(heading), heading.clone(), *section))
            .collect();
        for labels in lexicon.by_length.values_mut() {
            labels.sort();
        }
        Ok(lexicon)
    }

    fn add_fields(&mut self, fields: &FieldsFile, catalogue: &Catalogue) -> Result<(), String> {
        for entry in &fields.field {
            let field = catalogue
                .position(&entry.key)
                .ok_or_else(|| format!("`{}` is not a field", entry.key))?;
            let not_in = entry
                .not_in
                .iter()
                .map(|name| self.section(name))
                .collect::<Result<Vec<_>, _>>()?;
            let opens = entry.opens.as_ref().map(|name| self.section(name)).transpose()?;
            for label in &entry.labels {
                for text in expand(label, &fields.words)? {
                    let meaning = self.meaning(&text);
                    if meaning.anywhere.is_none() {
                        meaning.anywhere = Some((field, not_in.clone()));
                        meaning.opens = opens;
                    }
                }
            }
            for (name, labels) in &entry.within {
                let section = self.section(name)?;
                for label in labels {
                    for text in expand(label, &fields.words)? {
                        self.meaning(&text).within.push((section, field));
                    }
                }
            }
        }
        Ok(())
    }

    /// Labels of a section behind its qualifiers. In a section without fields they mean nothing, and so can't be taken for
    /// the patient's.
    fn compose(&mut self, fields: &FieldsFile, catalogue: &Catalogue, sets: &[RuleFile]) -> Result<(), String> {
        let mut within: Vec<(Section, usize, Option<Section>, String)> = Vec::new();
        for entry in &fields.field {
            let opens = entry.opens.as_ref().map(|name| self.section(name)).transpose()?;
            let field = catalogue.position(&entry.key).unwrap_or_default();
            for (name, labels) in &entry.within {
                let section = self.section(name)?;
                for label in labels {
                    within.extend(
                        expand(label, &fields.words)?
                            .into_iter()
                            .map(|text| (section, field, opens, text)),
                    );
                }
            }
        }
        for entry in sets.iter().flat_map(|set| &set.section) {
            let section = self.section(&entry.name)?;
            let own = within.iter().any(|(other, ..)| *other == section);
            for qualifier in &entry.qualifiers {
                for (_, field, opens, text) in within.iter().filter(|(other, ..)| !own || *other == section) {
                    let composed = self.meaning(&format!("{qualifier} {text}"));
                    if own && composed.fields().next().is_none() {
                        composed.anywhere = Some((*field, Vec::new()));
                        composed.opens = *opens;
                    }
                }
            }
        }
        Ok(())
    }

    fn add_set(&mut self, set: &RuleFile) -> Result<(), String> {
        for label in &set.ignored {
            self.meaning(label);
        }
        for entry in &set.section {
            let section = self.section(&entry.name)?;
            for heading in &entry.headings {
                self.headings.insert(fold(heading), section);
            }
            for opener in &entry.openers {
                self.meaning(opener).opens = Some(section);
            }
        }
        Ok(())
    }

    fn meaning(&mut self, label: &str) -> &mut Meaning {
        self.texts.push(label.to_owned());
        self.longest = self.longest.max(label.split_whitespace().count());
        self.labels.entry(fold(label)).or_default()
    }

    /// Learns the words of all labels and headings.
    fn paraphrase(&mut self, sets: &[RuleFile]) {
        for text in std::mem::take(&mut self.texts) {
            let folded = fold(&text);
            let meaning = &self.labels[&folded];
            let same = |other: &str| {
                let other = &self.labels[other];
                other.alone() == meaning.alone() && (meaning.alone().is_some() || other.within == meaning.within)
            };
            self.paraphrases.add(&text, &folded, same);
            let fields: BTreeSet<usize> = meaning.fields().collect();
            self.label_words.learn(&self.paraphrases.all_words_of(&text), &fields);
        }
        self.paraphrases.finish();
        for heading in sets
            .iter()
            .flat_map(|set| &set.section)
            .flat_map(|entry| &entry.headings)
        {
            let folded = fold(heading);
            let section = self.headings[&folded];
            self.heading_paraphrases
                .add(heading, &folded, |other| self.headings[other] == section);
        }
        self.heading_paraphrases.finish();
    }

    pub fn section(&self, name: &str) -> Result<Section, String> {
        let found = self.sections.iter().position(|known| known == name);
        found.ok_or_else(|| format!("there is no section `{name}`"))
    }

    pub fn section_name(&self, section: Section) -> &str {
        self.sections.get(section).map_or("none", String::as_str)
    }

    /// A label as it should read, exactly.
    pub fn label(&self, folded: &str) -> Option<(&str, &Meaning)> {
        let (name, meaning) = self.labels.get_key_value(folded)?;
        Some((name, meaning))
    }

    /// The label most like a text, with its likeness from 0 to 1. `None` when two labels of different meaning are
    /// equally near, or none is near enough.
    pub fn nearest_label(&self, folded: &str) -> Option<(&str, &Meaning, f64)> {
        if let Some((label, meaning)) = self.label(folded) {
            return Some((label, meaning, 1.0));
        }
        let length = folded.chars().count();
        let bits = signature(folded);
        let mut best: Option<(&str, u32)> = None;
        for (near, labels) in self.by_length.range(length.saturating_sub(2)..=length + 2) {
            let limit = tolerance(length.min(*near));
            for (_, label) in labels.iter().filter(|(other, _)| may_be_near(bits, *other, limit)) {
                let limit = best.map_or(limit, |(_, cost)| limit.min(cost.saturating_sub(1)));
                if let Some(cost) = distance(folded, label, limit) {
                    best = Some((label, cost));
                }
            }
        }
        let (label, cost) = best?;
        let likeness = 1.0 - f64::from(cost) / 10.0 / length.max(1) as f64;
        Some((label, &self.labels[label], likeness))
    }

    /// The label that says the same in other words.
    pub fn paraphrased_label(&self, text: &str) -> Option<(&str, &Meaning, f64)> {
        let found = self.paraphrases.label(text);
        let (label, likeness) = found.or_else(|| self.qualified_label(text))?;
        let (label, meaning) = self.label(label)?;
        Some((label, meaning, likeness * 0.98))
    }

    /// "Patient's medical record number" is a label of the patient with a qualifier before it.
    fn qualified_label(&self, text: &str) -> Option<(&str, f64)> {
        self.qualifiers.iter().find_map(|(fields, qualifier)| {
            let (label, likeness) = self.paraphrases.qualified(text, qualifier)?;
            let alone = self.labels[label].alone()?;
            fields.contains(&alone).then_some((label, likeness))
        })
    }

    /// The words of a label, those too that mean nothing by themselves.
    pub fn all_words_of(&self, text: &str) -> BTreeSet<String> {
        self.paraphrases.all_words_of(text)
    }

    /// Whether a text is made of words of labels alone.
    pub fn is_made_of_labels(&self, text: &str) -> bool {
        let mut words = tokens(text).peekable();
        words.peek().is_some() && words.all(|word| self.paraphrases.is_of_labels(&word))
    }

    /// The label that a question asks for.
    pub fn asked(&self, question: &str, is_caption: bool) -> Option<(&str, &Meaning, f64)> {
        let (label, likeness) = self.paraphrases.asked(question, is_caption)?;
        let (label, meaning) = self.label(label)?;
        Some((label, meaning, likeness))
    }

    /// The section that a text opens as a heading, be it in other words.
    pub fn heading_in(&self, text: &str) -> Option<Section> {
        let paraphrased = || {
            let (heading, likeness) = self.heading_paraphrases.label(text)?;
            (likeness > 0.9).then(|| self.headings.get(heading).copied()).flatten()
        };
        self.heading(&fold(text)).or_else(paraphrased)
    }

    /// The section that a folded text opens as a heading.
    pub fn heading(&self, folded: &str) -> Option<Section> {
        if let Some(section) = self.headings.get(folded) {
            return Some(*section);
        }
        if folded.len() > 64 {
            return None;
        }
        // A heading has no colon to show what it is: half of what a label bears.
        let limit = tolerance(folded.chars().count()) / 2;
        if limit == 0 {
            return None;
        }
        let bits = signature(folded);
        let near = self
            .heading_signatures
            .iter()
            .filter(|(other, ..)| may_be_near(bits, *other, limit))
            .filter_map(|(_, heading, section)| Some((distance(folded, heading, limit)?, heading, *section)));
        near.min().map(|(_, _, section)| section)
    }

    /// Whether a text says that there is no value.
    pub fn is_absent(&self, text: &str) -> bool {
        let folded = fold(text);
        folded.is_empty() || self.absent.contains(&folded)
    }
}

fn paraphrases(sets: &[RuleFile]) -> Paraphrases {
    Paraphrases::new(
        sets.iter().flat_map(|set| set.fillers.clone()),
        sets.iter().flat_map(|set| set.same_words.clone()),
    )
}

/// Replaces each `{word}` by each of its texts.
pub(super) fn expand(label: &str, words: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let Some(start) = label.find('{') else {
        return Ok(vec![label.to_owned()]);
    };
    let end = label[start..]
        .find('}')
        .map(|at| start + at)
        .ok_or_else(|| format!("`{label}`: `{{` without `}}`"))?;
    let name = &label[start + 1..end];
    let texts = words
        .get(name)
        .ok_or_else(|| format!("`{label}`: there are no words `{name}`"))?;
    let mut all = Vec::new();
    for rest in expand(&label[end + 1..], words)? {
        all.extend(texts.iter().map(|text| format!("{}{text}{rest}", &label[..start])));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_expand_in_every_place() {
        let words = BTreeMap::from([
            ("a".to_owned(), vec!["x".to_owned(), "y".to_owned()]),
            ("b".to_owned(), vec!["1".to_owned(), "2".to_owned()]),
        ]);
        assert_eq!(expand("{a} {b}", &words).unwrap(), ["x 1", "y 1", "x 2", "y 2"]);
        assert!(expand("{c}", &words).is_err());
        assert!(expand("{a", &words).is_err());
    }
}
