//! Sites: the places of one clinic. What arrives belongs to the site of its door.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A site by its short name, as `north`. It stands in lists, commands and grants; its full name stands in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct SiteKey(String);

/// A text that can't be a site's short name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a site's short name has 1 to 32 lower-case letters, digits or `-`, and begins with a letter")]
pub struct InvalidSite;

impl SiteKey {
    /// The site that every installation has, and all there is until another is added.
    pub const MAIN: &'static str = "main";

    pub fn main() -> Self {
        Self(Self::MAIN.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SiteKey {
    fn default() -> Self {
        Self::main()
    }
}

impl FromStr for SiteKey {
    type Err = InvalidSite;

    /// Nothing that means something in a pattern of SQL: the reach of a grant is compared there.
    fn from_str(text: &str) -> Result<Self, InvalidSite> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && text.len() <= 32 && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSite)
        }
    }
}

impl TryFrom<String> for SiteKey {
    type Error = InvalidSite;

    fn try_from(text: String) -> Result<Self, InvalidSite> {
        text.parse()
    }
}

impl From<SiteKey> for String {
    fn from(site: SiteKey) -> Self {
        site.0
    }
}

impl fmt::Display for SiteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The sites that a program reaches by its token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sites {
    /// Those that are added later, too.
    #[default]
    All,
    /// Never none of them: a token that reaches nothing is not made.
    Only(Arc<[SiteKey]>),
}

impl Sites {
    /// Each once, in their order. None chosen is all.
    pub fn of(mut chosen: Vec<SiteKey>) -> Self {
        chosen.sort();
        chosen.dedup();
        if chosen.is_empty() {
            Self::All
        } else {
            Self::Only(chosen.into())
        }
    }

    /// Those that were chosen, where some were.
    pub fn chosen(&self) -> Option<&[SiteKey]> {
        match self {
            Self::All => None,
            Self::Only(sites) => Some(sites),
        }
    }

    pub fn has(&self, site: &SiteKey) -> bool {
        self.chosen().is_none_or(|chosen| chosen.contains(site))
    }

    /// To which of them belongs what is brought in without a word of it: the only one, or the main site. Else it must be said.
    pub fn home(&self) -> Option<SiteKey> {
        match self.chosen() {
            Some([only]) => Some(only.clone()),
            _ => Some(SiteKey::main()).filter(|main| self.has(main)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_of_a_token_say_where_its_documents_belong() {
        let of = |keys: &[&str]| Sites::of(keys.iter().map(|key| key.parse().unwrap()).collect());
        let home = |keys: &[&str]| of(keys).home().map(|site| site.to_string());
        assert_eq!(of(&[]), Sites::All);
        assert_eq!(of(&["south", "north", "south"]), of(&["north", "south"]));
        assert!(of(&["north"]).has(&"north".parse().unwrap()) && !of(&["north"]).has(&SiteKey::main()));
        assert_eq!(home(&[]).as_deref(), Some("main"));
        assert_eq!(home(&["north"]).as_deref(), Some("north"));
        assert_eq!(home(&["north", "main"]).as_deref(), Some("main"));
        assert_eq!(home(&["north", "south"]), None);
    }

    #[test]
    fn a_short_name_is_plain() {
        assert!(
            ["main", "north-2", "a"]
                .iter()
                .all(|text| text.parse::<SiteKey>().is_ok())
        );
        let bad = ["", "North", "a b", "2nd", "a_b", "a%", "a/b", "*"];
        assert!(bad.iter().all(|text| text.parse::<SiteKey>().is_err()));
        assert!("a".repeat(33).parse::<SiteKey>().is_err());
    }
}
