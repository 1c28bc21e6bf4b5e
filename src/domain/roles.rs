//! The built-in roles as data: what each may do. Others are composed of the same permissions and kept in the database.

use super::people::Role;
use super::permission::Permission as P;
use super::permission::Permission;
use super::referral::Action as A;

const REVIEWER: &[P] = &[
    P::ViewReferrals,
    P::CorrectFields,
    P::Assign,
    P::ViewTransmissions,
    P::Intake,
    P::RetryQuarantined,
    P::ViewDirectory,
    P::BreakGlass,
    P::Act(A::Release),
    P::Act(A::Reject),
    P::Act(A::RequestInformation),
    P::Act(A::Reopen),
];

const COORDINATOR: &[P] = &[
    P::ViewReferrals,
    P::CorrectFields,
    P::Assign,
    P::ViewTransmissions,
    P::Intake,
    P::RetryQuarantined,
    P::ViewDirectory,
    P::EditDirectory,
    P::MergePatients,
    P::BreakGlass,
    P::Act(A::Release),
    P::Act(A::Reject),
    P::Act(A::RequestInformation),
    P::Act(A::Accept),
    P::Act(A::Decline),
    P::Act(A::Schedule),
    P::Act(A::CancelAppointment),
    P::Act(A::MarkSeen),
    P::Act(A::MarkNoShow),
    P::Act(A::AddNote),
    P::Act(A::SendNote),
    P::Act(A::DeliverByHand),
    P::Act(A::Cancel),
    P::Act(A::ConfirmCancel),
    P::Act(A::Reopen),
];

const CLINICIAN: &[P] = &[
    P::ViewReferrals,
    P::ViewDirectory,
    P::Assign,
    P::BreakGlass,
    P::Act(A::Accept),
    P::Act(A::Decline),
    P::Act(A::Schedule),
    P::Act(A::CancelAppointment),
    P::Act(A::MarkSeen),
    P::Act(A::MarkNoShow),
    P::Act(A::AddNote),
    P::Act(A::SendNote),
    P::Act(A::DeliverByHand),
    P::Act(A::Cancel),
    P::Act(A::ConfirmCancel),
];

/// Own referrals only: those of the practice that the grant names.
const REFERRER: &[P] = &[P::ViewOwnReferrals];

/// The auditor sees acts, not documents.
const AUDITOR: &[P] = &[P::ViewAudit, P::ReviewEmergencies, P::ViewMetrics];

/// What a role may do, wherever it was granted.
pub fn permissions(role: Role) -> &'static [Permission] {
    match role {
        Role::Reviewer => REVIEWER,
        Role::Coordinator => COORDINATOR,
        Role::Clinician => CLINICIAN,
        Role::Referrer => REFERRER,
        Role::Auditor => AUDITOR,
        Role::Admin => ADMIN.as_slice(),
    }
}

/// All but a practice's own view, which belongs to people outside the clinic.
static ADMIN: std::sync::LazyLock<Vec<P>> =
    std::sync::LazyLock::new(|| Permission::all().filter(|one| *one != P::ViewOwnReferrals).collect());

/// Names that a composed role may not take.
pub fn is_built_in(name: &str) -> bool {
    name.parse::<Role>().is_ok() || name == EMERGENCY
}

/// What a person who broke the glass has for an hour: to see, everywhere, and nothing else.
pub const EMERGENCY: &str = "emergency";
pub const EMERGENCY_MAY: &[P] = &[P::ViewReferrals];
