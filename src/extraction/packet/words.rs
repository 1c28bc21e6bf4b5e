//! The words in which packets speak of themselves, from the rule sets.

use crate::extraction::fold::tokens;
use crate::extraction::rules::phrase;
use serde::Deserialize;

/// `[page_count]`: how a cover or a form says how many pages there are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::extraction) struct PageCountEntry {
    /// Labels of the number.
    labels: Vec<String>,
    /// What is counted.
    units: Vec<String>,
    /// Said beside it: the cover is counted.
    with_cover: Vec<String>,
    /// Said beside it: the cover is not counted.
    without_cover: Vec<String>,
}

/// `[attached]`: how a referral says that something comes with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::extraction) struct AttachedEntry {
    /// Phrases of a line that names what is attached.
    said: Vec<String>,
    /// Phrases that say the contrary, or ask for it, within the same part of a sentence.
    unless: Vec<String>,
    /// Titles of lists of what is sent: such a page names attachments and is none.
    lists: Vec<String>,
    /// Labels of the day on which a report's examination was made.
    made_on: Vec<String>,
}

/// Both, ready to be searched for.
#[derive(Clone, Debug, Default)]
pub(in crate::extraction) struct PacketWords {
    pub labels: Vec<Vec<String>>,
    pub units: Vec<Vec<String>>,
    pub with_cover: Vec<Vec<String>>,
    pub without_cover: Vec<Vec<String>>,
    pub said: Vec<String>,
    pub unless: Vec<String>,
    pub lists: Vec<String>,
    pub made_on: Vec<String>,
}

impl PacketWords {
    pub fn of<'s>(sets: impl Iterator<Item = (&'s PageCountEntry, &'s AttachedEntry)>) -> Self {
        let mut words = Self::default();
        for (count, attached) in sets {
            words.add(count, attached);
        }
        words
    }

    fn add(&mut self, count: &PageCountEntry, attached: &AttachedEntry) {
        let words = |texts: &[String]| texts.iter().map(|text| tokens(text).collect()).collect::<Vec<_>>();
        let phrases = |texts: &[String]| texts.iter().map(|text| phrase(text)).collect::<Vec<_>>();
        self.labels.extend(words(&count.labels));
        self.units.extend(words(&count.units));
        self.with_cover.extend(words(&count.with_cover));
        self.without_cover.extend(words(&count.without_cover));
        self.said.extend(phrases(&attached.said));
        self.unless.extend(phrases(&attached.unless));
        self.lists.extend(phrases(&attached.lists));
        self.made_on.extend(phrases(&attached.made_on));
    }
}
