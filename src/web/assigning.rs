//! Giving referrals to somebody, many at once: who may be chosen, the form's answer, and what the list says afterwards.

use super::AppState;
use super::action::Choice;
use super::desk::View;
use super::error::{Error, Result};
use super::loaded::referral_id;
use super::work;
use crate::auth::Caller;
use crate::domain::ids::{ReferralId, UserId};
use crate::domain::people::Actor;
use crate::domain::permission::{Permission, Resource, authorize, may_own};
use crate::domain::referral::{Referral, StatusName};
use crate::referrals::assign::{Assigned, assign_all};
use crate::store::{self, Tx, grants, users};
use axum::extract::State;
use axum::response::Redirect;
use axum::{Extension, Form};
use serde::Deserialize;

/// As many as a list shows.
const CHOSEN_MAX: usize = 100;
/// What the form sends for "nobody".
const NOBODY: &str = "nobody";

/// What stands above a list from which referrals are given; without it nothing can be chosen.
pub struct Bar {
    pub owners: Vec<Choice>,
    pub list: &'static str,
    pub show: &'static str,
    pub after: String,
}

/// People with an open account who can go on with a referral of this status at that place; nobody for who may not assign.
pub async fn owners(tx: &mut Tx, actor: &Actor, status: StatusName, place: Resource<'_>) -> store::Result<Vec<Choice>> {
    if authorize(actor, Permission::Assign, place).is_err() {
        return Ok(Vec::new());
    }
    let granted = grants::all(tx).await?;
    let people = users::list(tx).await?.into_iter();
    let able = people.filter(|user| user.disabled_at.is_none()).filter_map(|user| {
        let access = granted.get(&user.id)?;
        may_own(access, status, place).then(|| Choice {
            value: user.id.to_string(),
            label: format!("{}, {}", user.name, access.role_names()),
        })
    });
    Ok(able.collect())
}

/// Whether this person can take it.
pub fn may_take(actor: &Actor, referral: &Referral) -> bool {
    let status = referral.status.name();
    matches!(actor, Actor::User { access, .. } if may_own(access, status, referral.into())) && !status.is_ended()
}

/// An owner as a form names one.
pub fn owner(value: &str) -> Result<Option<UserId>> {
    if value == NOBODY {
        return Ok(None);
    }
    let id = value.parse();
    id.map(Some)
        .map_err(|_| Error::invalid("Choose from the list who gets it, or nobody."))
}

/// What a list is told of the form that led back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Told(Assigned);

impl TryFrom<String> for Told {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let counts: Option<Vec<u32>> = text.split('-').map(|count| count.parse().ok()).collect();
        match counts.as_deref() {
            Some([assigned, stale, not_theirs]) => Ok(Self(Assigned {
                assigned: *assigned,
                stale: *stale,
                not_theirs: *not_theirs,
            })),
            _ => Err("`assigned` is three numbers"),
        }
    }
}

impl Told {
    fn query(self) -> String {
        let Assigned {
            assigned,
            stale,
            not_theirs,
        } = self.0;
        format!("assigned={assigned}-{stale}-{not_theirs}")
    }

    pub fn message(self) -> String {
        let was = |count: u32| if count == 1 { "was" } else { "were" };
        let mut said = vec![format!("{} assigned", self.0.assigned)];
        if let count @ 1.. = self.0.stale {
            let was = was(count);
            said.push(format!(
                "{count} {was} changed by somebody meanwhile and {was} left alone"
            ));
        }
        if let count @ 1.. = self.0.not_theirs {
            let was = was(count);
            said.push(format!(
                "{count} {was} left alone, since that role has no part in it now"
            ));
        }
        said.join(", ") + "."
    }

    pub fn is_whole(self) -> bool {
        self.0.stale == 0 && self.0.not_theirs == 0
    }
}

type Pairs = Vec<(String, String)>;

#[derive(Default)]
struct Asked {
    chosen: Vec<(ReferralId, u64)>,
    owner: String,
    list: String,
    show: String,
    after: String,
}

impl Asked {
    fn read(pairs: Pairs) -> Result<Self> {
        let mut asked = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "pick" => asked.chosen.push(pick(&value)?),
                "owner" => asked.owner = value,
                "list" => asked.list = value,
                "show" => asked.show = value,
                "after" => asked.after = value,
                _ => {}
            }
        }
        match asked.chosen.len() {
            0 => Err(Error::invalid(
                "No referral is chosen. Go back, tick those that are meant, then assign them.",
            )),
            count if count > CHOSEN_MAX => Err(Error::invalid(format!(
                "{count} referrals are chosen, and {CHOSEN_MAX} at once is the most. Assign them in two parts."
            ))),
            _ => Ok(asked),
        }
    }

    /// The list as it was looked at.
    fn back(&self) -> String {
        if self.list == "desk" {
            format!("/desk{}", View::of_word(&self.show).query())
        } else {
            work::address(&self.show, &self.after)
        }
    }
}

/// `id.version`.
fn pick(value: &str) -> Result<(ReferralId, u64)> {
    let (id, version) = value.split_once('.').ok_or_else(Error::version_required)?;
    let version = version.parse().map_err(|_| Error::version_required())?;
    Ok((referral_id(id)?, version))
}

pub async fn assign(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Form(pairs): Form<Pairs>,
) -> Result<Redirect> {
    let asked = Asked::read(pairs)?;
    let owner = owner(&asked.owner)?;
    let told = assign_all(&app, &caller.actor, &asked.chosen, owner.as_ref()).await?;
    let back = asked.back();
    let sign = if back.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{back}{sign}{}", Told(told).query())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Told {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn what_became_of_them_is_said_in_a_sentence() {
        assert_eq!(told("7-0-0").message(), "7 assigned.");
        assert_eq!(
            told("7-1-0").message(),
            "7 assigned, 1 was changed by somebody meanwhile and was left alone."
        );
        assert_eq!(
            told("0-2-1").message(),
            "0 assigned, 2 were changed by somebody meanwhile and were left alone, 1 was left alone, since that role has no \
             part in it now."
        );
        assert_eq!(told("7-1-0").query(), "assigned=7-1-0");
        assert!(Told::try_from("7".to_owned()).is_err());
    }

    #[test]
    fn a_form_leads_back_to_its_own_lists_only() {
        let back = |list: &str, show: &str, after: &str| {
            let asked = Asked {
                list: list.to_owned(),
                show: show.to_owned(),
                after: after.to_owned(),
                ..Asked::default()
            };
            asked.back()
        };
        assert_eq!(back("desk", "mine", ""), "/desk?show=mine");
        assert_eq!(back("desk", "//elsewhere.example", ""), "/desk");
        assert_eq!(back("work", "overdue", ""), "/work?show=overdue");
        assert_eq!(back("elsewhere", "", "nonsense\r\n"), "/work");
    }
}
