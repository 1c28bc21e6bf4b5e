//! Rule sets: `rules/*.toml`, embedded in the binary, or read from a folder that takes their place.

use super::catalogue::{Catalogue, FieldsFile};
use super::confidence::Confidence;
use super::fold::fold;
use super::forms::{self, Forms};
use super::lexicon::Lexicon;
use super::packet::{self, PacketWords, Specialty};
use super::prose::ProsePattern;
use super::rule_file::{KindCues, Part, ProseEntry, RuleFile};
use super::tiers::{self, Tier, TiersFile};
use super::vocabulary::Vocabularies;
use crate::domain::document::{DocumentKind, PageKind};
use crate::domain::fields::{FieldContent, FieldKey};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[derive(rust_embed::RustEmbed)]
#[folder = "rules/"]
pub(super) struct Embedded;

/// Why rules can't be used. Names the file, so that its author finds the place.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("{file} can't be read")]
    Io { file: String, source: std::io::Error },
    #[error("{file}: {source}")]
    Syntax { file: String, source: Box<toml::de::Error> },
    #[error("{file}: {reason}")]
    Meaning { file: String, reason: String },
    #[error("no {0} among the rules")]
    NoFile(&'static str),
}

/// Everything that extraction knows about the language of referrals.
pub struct RuleSets {
    pub(super) catalogue: Catalogue,
    tiers: Vec<Tier>,
    pub(super) lexicon: Lexicon,
    pub(super) vocabularies: Vocabularies,
    pub(super) prose: Vec<ProsePattern>,
    pub(super) page_kinds: Vec<KindCues<PageKind>>,
    pub(super) document_kinds: Vec<KindCues<DocumentKind>>,
    pub(super) confidence: Confidence,
    /// Folded: see [`RuleFile::payer_forms`].
    pub(super) payer_forms: Vec<String>,
    /// The words with which names of health plans begin, each word followed by a blank.
    pub(super) payers: Vec<String>,
    /// Folded labels under which anything may stand, as "Comments".
    pub(super) notes: Vec<String>,
    /// Phrases of sentences that are printed on every form, between blanks.
    pub(super) boilerplate: Vec<String>,
    /// Phrases of sentences that tell of other illnesses, between blanks.
    pub(super) background: Vec<String>,
    pub(super) specialties: Vec<Specialty>,
    pub(super) packet_words: PacketWords,
    pub(super) forms: Forms,
    without: BTreeSet<Part>,
    /// Name and version of the rule sets, for provenance.
    pub(super) provenance: String,
}

impl RuleSets {
    /// The rules that the binary was built with.
    pub fn embedded() -> Self {
        Self::load_from(None, None).unwrap_or_else(|error| panic!("the embedded rules are tested: {error}"))
    }

    /// The rules of a folder, in place of the embedded ones.
    pub fn load(folder: &Path) -> Result<Self, RuleError> {
        Self::load_from(Some(folder), None)
    }

    /// Rules and forms from the folders that are given, else from the binary. Forms also come from `forms/` in the rules' folder.
    pub fn load_from(folder: Option<&Path>, forms: Option<&Path>) -> Result<Self, RuleError> {
        let mut rules = Self::from_files(match folder {
            Some(folder) => rule_files(folder)?,
            None => embedded_files(),
        })?;
        rules.forms = Forms::from_files(&form_files(folder, forms)?, &rules.catalogue)?;
        Ok(rules)
    }

    pub fn forms(&self) -> &Forms {
        &self.forms
    }

    /// Takes other forms for those that it knew, and gives those back.
    pub fn exchange_forms(&mut self, forms: Forms) -> Forms {
        std::mem::replace(&mut self.forms, forms)
    }

    pub(super) fn from_files(mut files: BTreeMap<String, String>) -> Result<Self, RuleError> {
        let fields: FieldsFile = parse("fields.toml", &take(&mut files, "fields.toml")?)?;
        let tiers: TiersFile = parse("tiers.toml", &take(&mut files, "tiers.toml")?)?;
        let confidence: Confidence = parse("confidence.toml", &take(&mut files, "confidence.toml")?)?;
        expect_schema("confidence.toml", confidence.schema)?;
        confidence.check()?;
        expect_schema("fields.toml", fields.schema)?;
        expect_schema("tiers.toml", tiers.schema)?;
        let of_specialties = take_specialties(&mut files);
        let mut sets = Vec::new();
        for (file, text) in &files {
            let set: RuleFile = parse(file, text)?;
            expect_schema(file, set.schema)?;
            sets.push(set);
        }
        let catalogue = catalogue(&fields, &confidence);
        check_catalogue(&catalogue, &tiers)?;
        let specialties = packet::from_files(&of_specialties, &catalogue)?;
        let lexicon = Lexicon::build(&fields, &catalogue, &sets).map_err(|reason| RuleError::Meaning {
            file: "fields.toml".to_owned(),
            reason,
        })?;
        let prose = compiled(&sets, &catalogue)?;
        let provenance = provenance(&sets, &confidence);
        Ok(Self {
            vocabularies: Vocabularies::build(&sets),
            page_kinds: sets
                .iter()
                .flat_map(|set| set.page_kind.clone())
                .map(KindCues::folded)
                .collect(),
            document_kinds: sets
                .iter()
                .flat_map(|set| set.document_kind.clone())
                .map(KindCues::folded)
                .collect(),
            tiers: tiers.tier,
            catalogue,
            payer_forms: sets
                .iter()
                .flat_map(|set| &set.payer_forms)
                .map(|said| fold(said))
                .collect(),
            without: sets.iter().flat_map(|set| set.without.clone()).collect(),
            payers: listed(&sets, |set| &set.payers)
                .map(|name| format!("{name} "))
                .collect(),
            notes: sets
                .iter()
                .flat_map(|set| &set.notes)
                .map(|label| fold(label))
                .collect(),
            background: listed(&sets, |set| &set.background)
                .map(|said| format!(" {said} "))
                .collect(),
            boilerplate: listed(&sets, |set| &set.boilerplate)
                .map(|said| format!(" {said} "))
                .collect(),
            specialties,
            packet_words: PacketWords::of(sets.iter().map(|set| (&set.page_count, &set.attached))),
            lexicon,
            prose,
            confidence,
            forms: Forms::default(),
            provenance,
        })
    }

    /// Whether a part of the mechanism is in use: all are, unless a rule set says otherwise.
    pub(super) fn uses(&self, part: Part) -> bool {
        !self.without.contains(&part)
    }

    /// Whether a text begins as the name of a health plan does.
    pub(super) fn begins_as_payer(&self, text: &str) -> bool {
        let said = phrase(text) + " ";
        self.payers.iter().any(|payer| said.starts_with(payer.as_str()))
    }

    /// Name and version of each rule set, so that it is known later who proposed a value.
    pub fn version(&self) -> &str {
        &self.provenance
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// What each specialty wants besides.
    pub fn specialties(&self) -> &[Specialty] {
        &self.specialties
    }

    /// What the tiers ask for and the values don't hold: those of every referral, then those of its specialty.
    pub fn missing(&self, values: &BTreeMap<FieldKey, FieldContent>) -> Vec<FieldKey> {
        self.missing_by(|key| values.get(key))
    }

    /// As [`Self::missing`], for values kept in another way.
    pub fn missing_by<'a>(&self, value: impl Fn(&FieldKey) -> Option<&'a FieldContent>) -> Vec<FieldKey> {
        let clinical = self.sets_for(&value).into_iter().map(|set| &set.tier);
        tiers::missing(self.tiers.iter().chain(clinical), &value)
    }

    /// As [`Self::missing_by`], without what only the specialty asks for.
    pub(super) fn missing_of_every_referral<'a>(
        &self,
        value: impl Fn(&FieldKey) -> Option<&'a FieldContent>,
    ) -> Vec<FieldKey> {
        tiers::missing(self.tiers.iter(), &value)
    }
}

/// The fields in the order of the screen, with fitted thresholds where there are any.
fn catalogue(fields: &FieldsFile, confidence: &Confidence) -> Catalogue {
    let mut all: Vec<_> = fields
        .field
        .iter()
        .map(super::catalogue::FieldEntry::to_field)
        .collect();
    all.sort_by_key(|field| field.order);
    for field in &mut all {
        field.threshold = confidence.threshold(field.key.as_str()).unwrap_or(field.threshold);
    }
    Catalogue { all }
}

fn compiled(sets: &[RuleFile], catalogue: &Catalogue) -> Result<Vec<ProsePattern>, RuleError> {
    let entries = sets
        .iter()
        .flat_map(|set| set.prose.iter().map(move |entry| (set, entry)));
    let compile = |(set, entry): (&RuleFile, &ProseEntry)| {
        ProsePattern::compile(entry, catalogue).map_err(|reason| RuleError::Meaning {
            file: set.name.clone(),
            reason,
        })
    };
    entries.map(compile).collect()
}

/// Name and version of everything that has a say in a value; specialties have none.
fn provenance(sets: &[RuleFile], confidence: &Confidence) -> String {
    let sets: Vec<String> = sets.iter().map(|set| format!("{}@{}", set.name, set.version)).collect();
    format!("{}+confidence@{}", sets.join("+"), confidence.version)
}

/// The phrases that all rule sets list under one name.
fn listed<'s>(sets: &'s [RuleFile], of: impl Fn(&'s RuleFile) -> &'s Vec<String>) -> impl Iterator<Item = String> {
    sets.iter().flat_map(of).map(|text| phrase(text))
}

pub(super) fn embedded_files() -> BTreeMap<String, String> {
    let is_of_specialties = |name: &str| {
        name.strip_prefix(packet::FOLDER)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let names = Embedded::iter().filter(|name| name.ends_with(".toml"));
    let names = names.filter(|name| !name.contains('/') || is_of_specialties(name));
    let files = names.filter_map(|name| {
        let text = String::from_utf8(Embedded::get(&name)?.data.into_owned()).ok()?;
        Some((name.into_owned(), text))
    });
    files.collect()
}

/// The rules of a folder; those of specialties lie in a folder within it, and are named so.
pub(super) fn rule_files(folder: &Path) -> Result<BTreeMap<String, String>, RuleError> {
    let mut all = files(folder)?;
    let within = folder.join(packet::FOLDER);
    if within.is_dir() {
        let of_specialties = files(&within)?.into_iter();
        all.extend(of_specialties.map(|(name, text)| (format!("{}/{name}", packet::FOLDER), text)));
    }
    Ok(all)
}

/// Takes the files of specialties out of the others.
pub(super) fn take_specialties(files: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    files.extract_if(.., |name, _| name.contains('/')).collect()
}

fn files(folder: &Path) -> Result<BTreeMap<String, String>, RuleError> {
    let io = |source| RuleError::Io {
        file: folder.display().to_string(),
        source,
    };
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).map_err(|source| RuleError::Io {
                file: path.display().to_string(),
                source,
            })?;
            files.insert(file, text);
        }
    }
    Ok(files)
}

/// The files of known forms that go with a folder of rules.
pub(super) fn form_files(rules: Option<&Path>, folder: Option<&Path>) -> Result<BTreeMap<String, String>, RuleError> {
    let beside = rules.and_then(forms::beside);
    match folder.or(beside.as_deref()) {
        Some(folder) => files(folder),
        None => Ok(forms::embedded_files()),
    }
}

fn take(files: &mut BTreeMap<String, String>, name: &'static str) -> Result<String, RuleError> {
    files.remove(name).ok_or(RuleError::NoFile(name))
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|source| RuleError::Syntax {
        file: file.to_owned(),
        source: Box::new(source),
    })
}

pub(super) fn expect_schema(file: &str, schema: u32) -> Result<(), RuleError> {
    match schema {
        1 => Ok(()),
        other => {
            let reason = format!("schema {other} is not known to this version");
            Err(RuleError::Meaning {
                file: file.to_owned(),
                reason,
            })
        }
    }
}

fn check_catalogue(catalogue: &Catalogue, tiers: &TiersFile) -> Result<(), RuleError> {
    let wrong = |file: &str, reason: String| {
        Err(RuleError::Meaning {
            file: file.to_owned(),
            reason,
        })
    };
    let mut seen = BTreeSet::new();
    for field in &catalogue.all {
        if !seen.insert(&field.key) {
            return wrong("fields.toml", format!("`{}` stands twice", field.key));
        }
        if !(0.0..=1.0).contains(&field.threshold) {
            return wrong(
                "fields.toml",
                format!("the threshold of `{}` is not between 0 and 1", field.key),
            );
        }
        if !(0.9..=0.9999).contains(&field.target) {
            return wrong(
                "fields.toml",
                format!("the target of `{}` is not between 0.9 and 0.9999", field.key),
            );
        }
        if let Some(tier) = &field.tier
            && !tiers.tier.iter().any(|known| known.name == *tier)
        {
            return wrong(
                "fields.toml",
                format!("`{}` names the unknown tier `{tier}`", field.key),
            );
        }
    }
    let needs = tiers.tier.iter().flat_map(|tier| &tier.needs);
    for key in needs.flat_map(|need| {
        need.one_of
            .iter()
            .chain(need.unless.as_ref().map(|waiver| &waiver.field))
    }) {
        if catalogue.field(key).is_none() {
            return wrong("tiers.toml", format!("`{key}` is not in the catalogue"));
        }
    }
    Ok(())
}

/// A phrase with single blanks between its words, as page texts are searched.
pub(super) fn phrase(text: &str) -> String {
    super::fold::tokens(text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_rules_are_sound() {
        let rules = RuleSets::embedded();
        assert!(rules.catalogue().fields().count() > 30);
        assert!(rules.catalogue().field(&FieldKey::new("patient.address")).is_none());
    }

    #[test]
    fn unknown_keys_are_errors() {
        let error = parse::<RuleFile>("x.toml", "schema = 1\nversion = 1\nname = \"x\"\nsections = []").unwrap_err();
        assert!(error.to_string().contains("sections"), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(matches!(
            RuleSets::from_files(BTreeMap::new()),
            Err(RuleError::NoFile("fields.toml"))
        ));
    }
}
