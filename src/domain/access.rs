//! What a person was granted: roles, each everywhere or only at a site, on a queue, for a practice.

use super::ids::DirectoryId;
use super::people::Role;
use super::permission::{Permission, Resource};
use super::roles;
use super::site::SiteKey;
use std::fmt::Write as _;
use std::sync::Arc;

/// One role with its bounds. A bound that is not given binds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// A built-in role's name or a composed one's.
    pub role: String,
    pub permissions: Arc<[Permission]>,
    pub site: Option<SiteKey>,
    /// The role on whose list a referral stands.
    pub queue: Option<Role>,
    /// The practice whose own referrals a referrer sees.
    pub practice: Option<DirectoryId>,
}

/// All that a person was granted. Cheap to clone: every request carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    grants: Arc<[Grant]>,
}

/// Where somebody has a permission, for lists that are cut to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    Everywhere,
    /// Pairs of site and queue; what is not named binds nothing. None of them is nowhere.
    Within(Vec<(Option<SiteKey>, Option<Role>)>),
}

impl Grant {
    /// A built-in role, everywhere.
    pub fn of(role: Role) -> Self {
        Self {
            role: role.as_str().to_owned(),
            permissions: roles::permissions(role).into(),
            site: None,
            queue: None,
            practice: None,
        }
    }

    fn covers(&self, resource: Resource<'_>) -> bool {
        match resource {
            Resource::Somewhere => true,
            Resource::Installation => self.site.is_none() && self.queue.is_none() && self.practice.is_none(),
            // What arrives is looked at by whoever reviews.
            Resource::Arrival { site } => {
                self.practice.is_none() && self.is_at(site) && self.queue.is_none_or(|queue| queue == Role::Reviewer)
            }
            Resource::Referral { site, queue, referrer } => {
                self.is_at(site)
                    && self.queue.is_none_or(|mine| mine == queue)
                    && self.practice.as_ref().is_none_or(|mine| Some(mine) == referrer)
            }
        }
    }

    fn is_at(&self, site: &SiteKey) -> bool {
        self.site.as_ref().is_none_or(|mine| mine == site)
    }
}

impl Access {
    pub fn new(grants: Vec<Grant>) -> Self {
        Self { grants: grants.into() }
    }

    /// One built-in role, everywhere.
    pub fn of(role: Role) -> Self {
        Self::new(vec![Grant::of(role)])
    }

    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether one grant has the permission and covers the resource. Two grants don't add up: a reviewer of one site who
    /// coordinates another coordinates nothing at the first.
    pub fn has(&self, permission: Permission, resource: Resource<'_>) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.permissions.contains(&permission) && grant.covers(resource))
    }

    /// Where this permission holds. A practice's grant reaches no list of the clinic.
    pub fn reach(&self, permission: Permission) -> Reach {
        let mut places = Vec::new();
        for grant in self.grants.iter().filter(|grant| grant.practice.is_none()) {
            if grant.permissions.contains(&permission) {
                if grant.site.is_none() && grant.queue.is_none() {
                    return Reach::Everywhere;
                }
                places.push((grant.site.clone(), grant.queue));
            }
        }
        Reach::Within(places)
    }

    /// The site whose person this is: what they bring in belongs there.
    pub fn home(&self) -> SiteKey {
        let first = self.grants.first().and_then(|grant| grant.site.clone());
        first.unwrap_or_default()
    }

    /// The practices whose own referrals this person sees.
    pub fn practices(&self) -> Vec<&DirectoryId> {
        let own = self
            .grants
            .iter()
            .filter(|grant| grant.permissions.contains(&Permission::ViewOwnReferrals));
        own.filter_map(|grant| grant.practice.as_ref()).collect()
    }

    /// The names of the roles, each once, as `reviewer, coordinator`.
    pub fn role_names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for grant in self.grants.iter() {
            if !names.contains(&grant.role.as_str()) {
                names.push(&grant.role);
            }
        }
        names.join(", ")
    }
}

impl Reach {
    /// For SQL: `*`, or each place as `|site/queue|` with `*` for what binds nothing. `store` compares it with a row's own
    /// site and queue.
    pub fn pattern(&self) -> String {
        match self {
            Self::Everywhere => "*".to_owned(),
            Self::Within(places) => {
                let mut pattern = String::from("|");
                for (site, queue) in places {
                    let site = site.as_ref().map_or("*", SiteKey::as_str);
                    let queue = queue.map_or("*", Role::as_str);
                    write!(pattern, "{site}/{queue}|").expect("writing to a string cannot fail");
                }
                pattern
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn site(key: &str) -> SiteKey {
        key.parse().unwrap()
    }

    fn at(role: Role, key: &str) -> Grant {
        Grant {
            site: Some(site(key)),
            ..Grant::of(role)
        }
    }

    #[test]
    fn two_grants_do_not_add_up() {
        let access = Access::new(vec![at(Role::Reviewer, "north"), at(Role::Clinician, "south")]);
        let (north, south) = (site("north"), site("south"));
        let referral = |site| Resource::Referral {
            site,
            queue: Role::Reviewer,
            referrer: None,
        };
        assert!(access.has(Permission::CorrectFields, referral(&north)));
        assert!(!access.has(Permission::CorrectFields, referral(&south)));
        assert!(access.has(Permission::ViewReferrals, referral(&south)));
        assert!(!access.has(Permission::ViewReferrals, referral(&site("west"))));
        assert!(!access.has(Permission::ViewReferrals, Resource::Installation));
        assert_eq!(access.role_names(), "reviewer, clinician");
    }

    #[test]
    fn a_queue_and_a_practice_bind_too() {
        let only_coordination = Access::new(vec![Grant {
            queue: Some(Role::Coordinator),
            ..Grant::of(Role::Coordinator)
        }]);
        let main = SiteKey::main();
        let referral = |queue| Resource::Referral {
            site: &main,
            queue,
            referrer: None,
        };
        assert!(only_coordination.has(Permission::ViewReferrals, referral(Role::Coordinator)));
        assert!(!only_coordination.has(Permission::ViewReferrals, referral(Role::Reviewer)));
        assert!(!only_coordination.has(Permission::ViewTransmissions, Resource::Arrival { site: &main }));

        let (mine, other) = (
            DirectoryId::new(DateTime::UNIX_EPOCH),
            DirectoryId::new(DateTime::UNIX_EPOCH),
        );
        let practice = Access::new(vec![Grant {
            practice: Some(mine.clone()),
            ..Grant::of(Role::Referrer)
        }]);
        let sent_by = |referrer| Resource::Referral {
            site: &main,
            queue: Role::Coordinator,
            referrer,
        };
        assert!(practice.has(Permission::ViewOwnReferrals, sent_by(Some(&mine))));
        assert!(!practice.has(Permission::ViewOwnReferrals, sent_by(Some(&other))));
        assert!(!practice.has(Permission::ViewOwnReferrals, sent_by(None)));
        assert!(!practice.has(Permission::ViewReferrals, sent_by(Some(&mine))));
        assert_eq!(practice.practices(), [&mine]);
    }

    #[test]
    fn the_reach_of_lists_is_a_pattern() {
        let reach = |access: &Access| access.reach(Permission::ViewReferrals).pattern();
        assert_eq!(reach(&Access::of(Role::Reviewer)), "*");
        assert_eq!(reach(&Access::of(Role::Auditor)), "|");
        let bounded = Access::new(vec![
            at(Role::Reviewer, "north"),
            Grant {
                queue: Some(Role::Clinician),
                ..Grant::of(Role::Clinician)
            },
        ]);
        assert_eq!(reach(&bounded), "|north/*|*/clinician|");
    }
}
