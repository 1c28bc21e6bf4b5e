//! What somebody wants to know of the audit log.

use crate::domain::ids::ReferralId;
use crate::domain::patient::Patient;
use crate::fhir::{ACTS, Kind};
use crate::store::audit::{Outcome, Row};
use crate::store::audit_search::Span;
use chrono::{DateTime, Utc};

/// Kinds of acts, in the words of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Looks,
    Changes,
    SignIns,
    FailedSignIns,
    Refusals,
    /// Who may come in, and how the installation is set up.
    Permissions,
    Exports,
    Destroyed,
    /// Who saw what they were not granted.
    Emergencies,
}

impl Group {
    pub const ALL: [Self; 9] = [
        Self::Looks,
        Self::Changes,
        Self::SignIns,
        Self::FailedSignIns,
        Self::Refusals,
        Self::Permissions,
        Self::Exports,
        Self::Destroyed,
        Self::Emergencies,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Looks => "looks",
            Self::Changes => "changes",
            Self::SignIns => "sign_ins",
            Self::FailedSignIns => "failed_sign_ins",
            Self::Refusals => "refusals",
            Self::Permissions => "permissions",
            Self::Exports => "exports",
            Self::Destroyed => "destroyed",
            Self::Emergencies => "emergencies",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Looks => "Looks and searches",
            Self::Changes => "Changes",
            Self::SignIns => "Sign-ins",
            Self::FailedSignIns => "Failed sign-ins",
            Self::Refusals => "Refusals",
            Self::Permissions => "Accounts, permissions, doors and tokens",
            Self::Exports => "Exports",
            Self::Destroyed => "Destroyed documents",
            Self::Emergencies => "Emergencies",
        }
    }

    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Looks => &[Kind::Read, Kind::Query],
            Self::Changes => &[Kind::Create, Kind::Update],
            Self::SignIns | Self::FailedSignIns => &[Kind::Login],
            Self::Refusals => &[],
            Self::Permissions => &[Kind::UserSecurity, Kind::SecurityConfiguration],
            Self::Exports => &[Kind::Export],
            Self::Destroyed => &[Kind::Delete],
            Self::Emergencies => &[Kind::EmergencyAccess],
        }
    }
}

/// Which acts are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct What {
    /// The group's word or the act's name; nothing for everything.
    pub word: &'static str,
    /// Any, where it is empty.
    pub acts: Vec<&'static str>,
    /// Only what was not allowed.
    pub refused: bool,
}

impl What {
    /// A group's word or an act's name; everything for nothing.
    pub fn of_word(word: &str) -> Option<Self> {
        if word.is_empty() {
            return Some(Self::default());
        }
        if let Some(group) = Group::ALL.into_iter().find(|group| group.word() == word) {
            return Some(Self::of_group(group));
        }
        let act = ACTS.iter().find(|act| **act == word)?;
        Some(Self {
            word: act,
            acts: vec![act],
            refused: false,
        })
    }

    fn of_group(group: Group) -> Self {
        let kinds = group.kinds();
        let acts = ACTS.iter().filter(|act| kinds.contains(&Kind::of(act, "")));
        Self {
            word: group.word(),
            acts: acts.copied().collect(),
            refused: matches!(group, Group::FailedSignIns | Group::Refusals),
        }
    }

    pub fn covers(&self, row: &Row) -> bool {
        let act = self.acts.is_empty() || self.acts.contains(&row.action.as_str());
        act && (!self.refused || row.outcome != Outcome::Allowed)
    }

    /// Whether lists that somebody was shown are among it.
    pub fn covers_lists(&self) -> bool {
        !self.refused && (self.acts.is_empty() || self.acts.contains(&"view") || self.acts.contains(&"search"))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    pub patient: Option<Patient>,
    pub referral: Option<ReferralId>,
    /// An actor, as the log names it.
    pub who: Option<String>,
    pub what: What,
    pub since: Option<DateTime<Utc>>,
    /// Not included.
    pub until: Option<DateTime<Utc>>,
}

impl Question {
    pub fn span(&self) -> Span {
        Span::new(self.since, self.until)
    }

    /// Whether it is about one patient or referral.
    pub fn is_of_somebody(&self) -> bool {
        self.patient.is_some() || self.referral.is_some()
    }

    /// Codes and ids, for the row that the question leaves.
    pub fn detail(&self, referrals: &[ReferralId]) -> serde_json::Value {
        serde_json::json!({
            "by": self.patient.as_ref().map(Patient::kinds),
            "referrals": referrals,
            "who": self.who,
            "what": self.what.word,
            "since": self.since,
            "until": self.until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_a_group_or_an_act() {
        assert_eq!(What::of_word(""), Some(What::default()));
        assert_eq!(What::of_word("release").unwrap().acts, ["release"]);
        assert_eq!(What::of_word("nonsense"), None);
        let permissions = What::of_word("permissions").unwrap();
        for act in ["add_user", "add_token", "open_door"] {
            assert!(permissions.acts.contains(&act), "{act}");
        }
        let refusals = What::of_word("refusals").unwrap();
        assert!(refusals.acts.is_empty() && refusals.refused && !refusals.covers_lists());
        assert!(What::of_word("looks").unwrap().covers_lists());
        assert!(!What::of_word("changes").unwrap().covers_lists());
        for group in Group::ALL {
            assert!(What::of_word(group.word()).is_some(), "{group:?}");
        }
    }
}
