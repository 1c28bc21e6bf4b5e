//! Who may do what: one pure function, asked by every route, command and act.

use super::access::{Access, Reach};
use super::ids::DirectoryId;
use super::people::{Actor, Role, Scope};
use super::referral::{Action, Referral, StatusName};
use super::site::{SiteKey, Sites};
use std::str::FromStr;

/// Something that can be allowed or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See work lists, referrals with their fields, documents and pages.
    ViewReferrals,
    /// See how the referrals stand that one's own practice has sent.
    ViewOwnReferrals,
    CorrectFields,
    /// Take or give a referral: who owns it, and at which site it is worked.
    Assign,
    /// One of the acts that move a referral.
    Act(Action),
    /// See what arrived, and set-aside items with their reasons.
    ViewTransmissions,
    /// Bring a document in.
    Intake,
    /// Try a set-aside item again.
    RetryQuarantined,
    ViewDirectory,
    EditDirectory,
    /// The ways in and out: gateways, and whom we trust in secure mail.
    ManageDoors,
    /// Accounts, their roles, sites and tokens.
    ManageUsers,
    /// Let values of a field be trusted again that the service had ceased to trust.
    ManageAutomation,
    /// Destroy documents for good, or keep them from it.
    DestroyDocuments,
    /// Make two patients of the register one, and take it back.
    MergePatients,
    /// In an emergency, see what one was not granted, for an hour and with a reason.
    BreakGlass,
    /// Say whether an emergency was one.
    ReviewEmergencies,
    ViewAudit,
    ViewMetrics,
}

impl Permission {
    /// Every permission but the acts.
    const PLAIN: [Self; 18] = [
        Self::ViewReferrals,
        Self::ViewOwnReferrals,
        Self::CorrectFields,
        Self::Assign,
        Self::ViewTransmissions,
        Self::Intake,
        Self::RetryQuarantined,
        Self::ViewDirectory,
        Self::EditDirectory,
        Self::ManageDoors,
        Self::ManageUsers,
        Self::ManageAutomation,
        Self::DestroyDocuments,
        Self::MergePatients,
        Self::BreakGlass,
        Self::ReviewEmergencies,
        Self::ViewAudit,
        Self::ViewMetrics,
    ];

    /// All there are.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::PLAIN.into_iter().chain(Action::ALL.into_iter().map(Self::Act))
    }

    /// The name in a composed role and in the audit log. Acts have their own names.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewReferrals => "view_referrals",
            Self::ViewOwnReferrals => "view_own_referrals",
            Self::CorrectFields => "correct_fields",
            Self::Assign => "assign",
            Self::Act(action) => action.as_str(),
            Self::ViewTransmissions => "view_transmissions",
            Self::Intake => "intake",
            Self::RetryQuarantined => "retry_quarantined",
            Self::ViewDirectory => "view_directory",
            Self::EditDirectory => "edit_directory",
            Self::ManageDoors => "manage_doors",
            Self::ManageUsers => "manage_users",
            Self::ManageAutomation => "manage_automation",
            Self::DestroyDocuments => "destroy_documents",
            Self::MergePatients => "merge_patients",
            Self::BreakGlass => "break_glass",
            Self::ReviewEmergencies => "review_emergencies",
            Self::ViewAudit => "view_audit",
            Self::ViewMetrics => "view_metrics",
        }
    }
}

/// A text that names no permission.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no permission called `{0}`")]
pub struct UnknownPermission(pub String);

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::all()
            .find(|permission| permission.as_str() == text)
            .ok_or_else(|| UnknownPermission(text.to_owned()))
    }
}

/// What something is to be done to, as far as a grant can bind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// The installation as a whole: accounts, doors, the directory, the audit log.
    Installation,
    /// Anything, anywhere: for menus and lists, before it is known what. A list is then cut to the reach.
    Somewhere,
    /// What arrived at a site and is no referral yet.
    Arrival { site: &'a SiteKey },
    Referral {
        site: &'a SiteKey,
        queue: Role,
        referrer: Option<&'a DirectoryId>,
    },
}

impl<'a> From<&'a Referral> for Resource<'a> {
    fn from(referral: &'a Referral) -> Self {
        Self::Referral {
            site: &referral.site,
            queue: referral.queue,
            referrer: referral.referrer.as_ref().map(|referrer| &referrer.entry),
        }
    }
}

/// The answer. `Denied` says which permission was missing, for the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this account may not do that")]
pub struct Denied(pub Permission);

/// Decides whether `actor` has `permission` over `resource`. Deny is the default: what was not granted is refused.
pub fn authorize(actor: &Actor, permission: Permission, resource: Resource<'_>) -> Result<(), Denied> {
    let allowed = match actor {
        Actor::User { access, .. } => access.has(permission, resource),
        Actor::Token { scope, sites, .. } => scope_has(*scope, permission) && covers(sites, resource),
        Actor::Door { .. } => permission == Permission::Intake,
        Actor::System | Actor::Operator => true,
    };
    if allowed { Ok(()) } else { Err(Denied(permission)) }
}

/// Where `actor` has `permission`, for a list that is cut to it.
pub fn reach(actor: &Actor, permission: Permission) -> Reach {
    match actor {
        Actor::User { access, .. } => access.reach(permission),
        Actor::Token { sites, .. } => match (authorize(actor, permission, Resource::Somewhere), sites.chosen()) {
            (Ok(()), None) => Reach::Everywhere,
            (Ok(()), Some(chosen)) => Reach::Within(chosen.iter().map(|site| (Some(site.clone()), None)).collect()),
            (Err(_), _) => Reach::Within(Vec::new()),
        },
        Actor::Door { .. } | Actor::System | Actor::Operator => {
            match authorize(actor, permission, Resource::Somewhere) {
                Ok(()) => Reach::Everywhere,
                Err(_) => Reach::Within(Vec::new()),
            }
        }
    }
}

fn covers(sites: &Sites, resource: Resource<'_>) -> bool {
    match resource {
        Resource::Somewhere => true,
        Resource::Installation => sites.chosen().is_none(),
        Resource::Arrival { site } | Resource::Referral { site, .. } => sites.has(site),
    }
}

/// Whether somebody with this access can go on with a referral of this status there, and so own it.
pub fn may_own(access: &Access, status: StatusName, resource: Resource<'_>) -> bool {
    let part = if status.is_before_release() {
        Permission::CorrectFields
    } else {
        Permission::ViewReferrals
    };
    access.has(Permission::Assign, resource) && access.has(part, resource)
}

fn scope_has(scope: Scope, permission: Permission) -> bool {
    use Permission as P;
    let reads = matches!(
        permission,
        P::ViewReferrals | P::ViewTransmissions | P::ViewDirectory | P::ViewMetrics
    );
    match scope {
        Scope::Read => reads,
        Scope::Intake => permission == P::Intake,
        Scope::Act => {
            reads
                || matches!(
                    permission,
                    P::Act(_) | P::CorrectFields | P::Assign | P::RetryQuarantined | P::Intake
                )
        }
        // An emergency is a person's.
        Scope::Admin => !matches!(permission, P::BreakGlass | P::ReviewEmergencies | P::ViewOwnReferrals),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{TokenId, UserId};
    use chrono::DateTime;

    fn user(role: Role) -> Actor {
        Actor::User {
            id: UserId::new(DateTime::UNIX_EPOCH),
            name: "Ana".into(),
            access: Access::of(role),
        }
    }

    fn may(role: Role, permission: Permission) -> bool {
        authorize(&user(role), permission, Resource::Somewhere).is_ok()
    }

    #[test]
    fn the_auditor_sees_acts_but_no_document() {
        assert!(may(Role::Auditor, Permission::ViewAudit));
        assert!(!may(Role::Auditor, Permission::ViewReferrals));
    }

    #[test]
    fn a_reviewer_releases_but_does_not_send_notes() {
        assert!(may(Role::Reviewer, Permission::Act(Action::Release)));
        assert!(!may(Role::Reviewer, Permission::Act(Action::SendNote)));
    }

    #[test]
    fn a_referrer_sees_own_referrals_and_nothing_else() {
        for permission in Permission::all() {
            assert_eq!(
                may(Role::Referrer, permission),
                permission == Permission::ViewOwnReferrals
            );
        }
    }

    #[test]
    fn a_door_only_brings_in() {
        let door = Actor::Door {
            name: "city-fax".into(),
        };
        for permission in Permission::all() {
            let allowed = authorize(&door, permission, Resource::Somewhere).is_ok();
            assert_eq!(allowed, permission == Permission::Intake);
        }
    }

    #[test]
    fn a_token_of_one_site_reaches_that_site_alone() {
        let (north, main): (SiteKey, _) = ("north".parse().unwrap(), SiteKey::main());
        let token = |sites| Actor::Token {
            id: TokenId::new(DateTime::UNIX_EPOCH),
            name: "ehr".into(),
            scope: Scope::Admin,
            sites,
        };
        let (bound, free) = (token(Sites::of(vec![north.clone()])), token(Sites::All));
        let sees = |actor: &Actor, resource| authorize(actor, Permission::ViewReferrals, resource).is_ok();
        let referral = |site| Resource::Referral {
            site,
            queue: Role::Reviewer,
            referrer: None,
        };
        for (resource, expected) in [
            (Resource::Somewhere, true),
            (referral(&north), true),
            (Resource::Arrival { site: &north }, true),
            (referral(&main), false),
            (Resource::Arrival { site: &main }, false),
            (Resource::Installation, false),
        ] {
            assert_eq!(sees(&bound, resource), expected, "{resource:?}");
            assert!(sees(&free, resource), "{resource:?}");
        }
        assert_eq!(reach(&bound, Permission::ViewReferrals).pattern(), "|north/*|");
        assert_eq!(reach(&bound, Permission::BreakGlass).pattern(), "|");
        assert_eq!(reach(&free, Permission::ViewReferrals), Reach::Everywhere);
    }

    #[test]
    fn every_permission_has_its_own_name() {
        for permission in Permission::all() {
            assert_eq!(permission.as_str().parse(), Ok(permission));
        }
        assert_eq!(Permission::all().count(), 33);
        assert!("root".parse::<Permission>().is_err());
    }
}
