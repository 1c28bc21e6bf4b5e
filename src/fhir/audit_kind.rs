//! What kind of event an act is, in the words of FHIR, DICOM and IHE.

/// The acts that the audit log knows. A test holds the list against the source.
pub const ACTS: &[&str] = &[
    "accept",
    "add_anchor",
    "add_directory_contact",
    "add_directory_entry",
    "add_edge_account",
    "add_final_note",
    "add_identity",
    "add_interim_note",
    "add_memo",
    "add_note",
    "add_partner_certificate",
    "add_passkey",
    "add_site",
    "add_token",
    "add_trust_bundle",
    "add_user",
    "arrange",
    "assign",
    "attach_file",
    "back_up",
    "begin_login",
    "break_glass",
    "cancel",
    "cancel_appointment",
    "change_directory_entry",
    "change_password",
    "choose_patient",
    "choose_referrer",
    "close_gap",
    "compose_role",
    "confirm_cancel",
    "correct_field",
    "decline",
    "deliver_by_hand",
    "deliver_request_by_hand",
    "delivery_confirmed",
    "delivery_failed",
    "disable_user",
    "dismiss_answer",
    "duplicate_closed",
    "enable_user",
    "end_emergency",
    "end_sessions",
    "enrol_second_factor",
    "escalate",
    "export_audit",
    "forbidden_call",
    "found_certain",
    "grant",
    "hand_over",
    "hold_automation",
    "information_received",
    "invite_user",
    "lift_legal_hold",
    "link_follow_up",
    "link_identity",
    "login",
    "make_direct_key",
    "mark_no_show",
    "mark_seen",
    "merge_directory_entries",
    "merge_patients",
    "not_a_duplicate",
    "open_door",
    "open_link",
    "place_legal_hold",
    "prefer_directory_contact",
    "prove_code",
    "prove_passkey",
    "put_away",
    "put_site_address",
    "put_site_of_door",
    "receive",
    "receive_order_message",
    "reconcile",
    "refresh_trust_bundle",
    "reject",
    "release",
    "remove_anchor",
    "remove_directory_contact",
    "remove_edge_account",
    "remove_passkey",
    "remove_second_factor",
    "remove_trust_bundle",
    "renew",
    "renew_recovery_codes",
    "reopen",
    "request",
    "request_information",
    "reread",
    "reset_password",
    "reset_second_factor",
    "restore",
    "resume_automation",
    "retry",
    "review_emergency",
    "review_needed",
    "revoke_token",
    "rewrap_data_keys",
    "rotate",
    "rotate_master_key",
    "route_document",
    "schedule",
    "search",
    "search_audit",
    "send_note",
    "send_trial_message",
    "set_door_account",
    "set_partner_ability",
    "set_password",
    "shred",
    "step_up",
    "take_grant",
    "take_over",
    "tell_directory_entries_apart",
    "tell_patients_apart",
    "tell_sender",
    "treat_as_referral",
    "undo_directory_merge",
    "undo_merge",
    "unlink_identity",
    "unverify_directory_contact",
    "use_recovery_code",
    "verify_directory_contact",
    "view",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Create,
    Read,
    Update,
    /// Destroyed for good.
    Delete,
    /// A list was shown.
    Query,
    Export,
    Login,
    /// Something was attempted that is not allowed.
    RestrictedFunction,
    SecurityConfiguration,
    /// Who may come in was changed.
    UserSecurity,
    /// Somebody saw what they were not granted.
    EmergencyAccess,
}

impl Kind {
    pub const ALL: [Self; 11] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::Query,
        Self::Export,
        Self::Login,
        Self::RestrictedFunction,
        Self::SecurityConfiguration,
        Self::UserSecurity,
        Self::EmergencyAccess,
    ];

    /// An act that is not known here changed something: that says least.
    pub fn of(action: &str, resource_kind: &str) -> Self {
        match action {
            "view" | "search" if resource_kind == "list" => Self::Query,
            "search_audit" => Self::Query,
            "view" | "search" => Self::Read,
            "receive" | "add_directory_entry" | "treat_as_referral" => Self::Create,
            "shred" => Self::Delete,
            "export_audit" | "back_up" => Self::Export,
            "login" | "begin_login" | "prove_code" | "prove_passkey" | "use_recovery_code" | "open_link"
            | "step_up" => Self::Login,
            "request" | "forbidden_call" => Self::RestrictedFunction,
            "open_door"
            | "set_door_account"
            | "add_edge_account"
            | "remove_edge_account"
            | "set_partner_ability"
            | "add_identity"
            | "make_direct_key"
            | "add_partner_certificate"
            | "add_anchor"
            | "remove_anchor"
            | "add_trust_bundle"
            | "refresh_trust_bundle"
            | "remove_trust_bundle"
            | "hold_automation"
            | "resume_automation"
            | "renew"
            | "add_site"
            | "put_site_address"
            | "put_site_of_door"
            | "restore"
            | "rotate"
            | "rewrap_data_keys"
            | "rotate_master_key" => Self::SecurityConfiguration,
            "add_user"
            | "invite_user"
            | "disable_user"
            | "enable_user"
            | "end_sessions"
            | "set_password"
            | "change_password"
            | "reset_password"
            | "enrol_second_factor"
            | "remove_second_factor"
            | "reset_second_factor"
            | "add_passkey"
            | "remove_passkey"
            | "renew_recovery_codes"
            | "add_token"
            | "revoke_token"
            | "grant"
            | "take_grant"
            | "compose_role"
            | "link_identity"
            | "unlink_identity" => Self::UserSecurity,
            "break_glass" => Self::EmergencyAccess,
            _ => Self::Update,
        }
    }

    /// C, R, U, D or E.
    pub fn action(self) -> &'static str {
        match self {
            Self::Create => "C",
            Self::Read | Self::Export => "R",
            Self::Update => "U",
            Self::Delete => "D",
            Self::Query
            | Self::Login
            | Self::RestrictedFunction
            | Self::SecurityConfiguration
            | Self::UserSecurity
            | Self::EmergencyAccess => "E",
        }
    }

    /// The REST interaction, for what has one; only these have a profile of IHE's.
    pub fn interaction(self) -> Option<&'static str> {
        match self {
            Self::Create => Some("create"),
            Self::Read => Some("read"),
            Self::Update => Some("update"),
            Self::Delete => Some("delete"),
            Self::Query => Some("search"),
            Self::Export
            | Self::Login
            | Self::RestrictedFunction
            | Self::SecurityConfiguration
            | Self::UserSecurity
            | Self::EmergencyAccess => None,
        }
    }

    /// DICOM's codes of the event and its kind, for what is no REST interaction.
    pub fn dicom(self) -> Option<[(&'static str, &'static str); 2]> {
        const ALERT: (&str, &str) = ("110113", "Security Alert");
        match self {
            Self::Create | Self::Read | Self::Update | Self::Delete | Self::Query => None,
            Self::Export => Some([("110106", "Export"), ("110101", "Audit Log Used")]),
            Self::Login => Some([("110114", "User Authentication"), ("110122", "Login")]),
            Self::RestrictedFunction => Some([ALERT, ("110132", "Use of Restricted Function")]),
            Self::SecurityConfiguration => Some([ALERT, ("110129", "Security Configuration")]),
            Self::UserSecurity => Some([ALERT, ("110137", "User Security Attributes Changed")]),
            Self::EmergencyAccess => Some([ALERT, ("110127", "Emergency Override Started")]),
        }
    }

    /// The name that IHE's profile has, before and after `Patient`.
    pub fn profile(self) -> Option<&'static str> {
        match self {
            Self::Create => Some("Create"),
            Self::Read => Some("Read"),
            Self::Update => Some("Update"),
            Self::Query => Some("Query"),
            // IHE's pattern of a deletion is for a resource that is deleted by REST.
            Self::Delete
            | Self::Export
            | Self::Login
            | Self::RestrictedFunction
            | Self::SecurityConfiguration
            | Self::UserSecurity
            | Self::EmergencyAccess => None,
        }
    }
}
