//! Who may do what: one pure function, asked by every route, command and act.

use super::people::{Actor, Role, Scope};
use super::referral::{Action, StatusName};

/// Something that can be allowed or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See work lists, referrals with their fields, documents and pages.
    ViewReferrals,
    CorrectFields,
    /// Take or give a referral: who owns it.
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
    ManageDoors,
    ManageUsers,
    /// Let values of a field be trusted again that the service had ceased to trust.
    ManageAutomation,
    /// Destroy documents for good, or keep them from it.
    DestroyDocuments,
    ViewAudit,
    ViewMetrics,
}

/// The answer. `Denied` says which permission was missing, for the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this account may not do that")]
pub struct Denied(pub Permission);

/// Decides whether `actor` has `permission`. Deny is the default: what is not named here is refused.
pub fn authorize(actor: &Actor, permission: Permission) -> Result<(), Denied> {
    let allowed = match actor {
        Actor::User { role, .. } => role_has(*role, permission),
        Actor::Token { scope, .. } => scope_has(*scope, permission),
        Actor::Door { .. } => permission == Permission::Intake,
        Actor::System | Actor::Operator => true,
    };
    if allowed { Ok(()) } else { Err(Denied(permission)) }
}

/// Whether somebody of this role can go on with a referral of this status, and so own it.
pub fn may_own(role: Role, status: StatusName) -> bool {
    let part = if status.is_before_release() {
        Permission::CorrectFields
    } else {
        Permission::ViewReferrals
    };
    role_has(role, Permission::Assign) && role_has(role, part)
}

fn role_has(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Admin => true,
        Role::Reviewer => match permission {
            P::ViewReferrals
            | P::CorrectFields
            | P::Assign
            | P::ViewTransmissions
            | P::Intake
            | P::RetryQuarantined
            | P::ViewDirectory => true,
            P::Act(action) => is_review(action),
            P::EditDirectory
            | P::ManageDoors
            | P::ManageUsers
            | P::ManageAutomation
            | P::DestroyDocuments
            | P::ViewAudit
            | P::ViewMetrics => false,
        },
        Role::Coordinator => match permission {
            P::ViewReferrals
            | P::CorrectFields
            | P::Assign
            | P::ViewTransmissions
            | P::Intake
            | P::RetryQuarantined
            | P::ViewDirectory
            | P::EditDirectory
            | P::Act(_) => true,
            P::ManageDoors
            | P::ManageUsers
            | P::ManageAutomation
            | P::DestroyDocuments
            | P::ViewAudit
            | P::ViewMetrics => false,
        },
        Role::Clinician => match permission {
            P::ViewReferrals | P::ViewDirectory | P::Assign => true,
            P::Act(action) => !is_review(action),
            P::CorrectFields
            | P::ViewTransmissions
            | P::Intake
            | P::RetryQuarantined
            | P::EditDirectory
            | P::ManageDoors
            | P::ManageUsers
            | P::ManageAutomation
            | P::DestroyDocuments
            | P::ViewAudit
            | P::ViewMetrics => false,
        },
        // The auditor sees acts, not documents.
        Role::Auditor => matches!(permission, P::ViewAudit | P::ViewMetrics),
        // A referrer's own referrals need a link between account and practice, which does not exist yet.
        Role::Referrer => false,
    }
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
        Scope::Admin => true,
    }
}

/// Acts of the review desk; the others belong to the work queue.
fn is_review(action: Action) -> bool {
    match action {
        Action::Release | Action::Reject | Action::RequestInformation | Action::Reopen => true,
        Action::Accept
        | Action::Decline
        | Action::Schedule
        | Action::CancelAppointment
        | Action::MarkSeen
        | Action::MarkNoShow
        | Action::AddNote
        | Action::SendNote
        | Action::DeliverByHand
        | Action::Cancel
        | Action::ConfirmCancel => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use chrono::DateTime;

    fn user(role: Role) -> Actor {
        Actor::User {
            id: UserId::new(DateTime::UNIX_EPOCH),
            name: "Ana".into(),
            role,
        }
    }

    #[test]
    fn the_auditor_sees_acts_but_no_document() {
        assert!(authorize(&user(Role::Auditor), Permission::ViewAudit).is_ok());
        assert!(authorize(&user(Role::Auditor), Permission::ViewReferrals).is_err());
    }

    #[test]
    fn a_reviewer_releases_but_does_not_send_notes() {
        assert!(authorize(&user(Role::Reviewer), Permission::Act(Action::Release)).is_ok());
        assert!(authorize(&user(Role::Reviewer), Permission::Act(Action::SendNote)).is_err());
    }

    #[test]
    fn a_referrer_has_nothing_until_linked_to_a_practice() {
        for action in Action::ALL {
            assert!(authorize(&user(Role::Referrer), Permission::Act(action)).is_err());
        }
        assert!(authorize(&user(Role::Referrer), Permission::ViewReferrals).is_err());
    }

    #[test]
    fn who_cannot_go_on_with_a_referral_does_not_own_it() {
        assert!(may_own(Role::Reviewer, StatusName::InReview));
        assert!(may_own(Role::Clinician, StatusName::Seen));
        assert!(!may_own(Role::Clinician, StatusName::InReview));
        assert!(!may_own(Role::Auditor, StatusName::Seen));
        assert!(!may_own(Role::Referrer, StatusName::Seen));
    }

    #[test]
    fn a_door_only_brings_in() {
        let door = Actor::Door {
            name: "city-fax".into(),
        };
        assert!(authorize(&door, Permission::Intake).is_ok());
        assert!(authorize(&door, Permission::ViewReferrals).is_err());
    }
}
