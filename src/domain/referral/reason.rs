//! Coded reasons. Free text may stand beside a code, never in its place: codes can be counted.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($variant:ident => $code:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($variant,)+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// How the reason is called on a screen.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                }
            }
        }
    };
}

reasons! {
    /// Why a document does not enter the queue.
    RejectReason {
        NotAReferral => "not_a_referral", "Not a referral";
        NotForUs => "not_for_us", "Meant for another clinic";
        Duplicate => "duplicate", "Duplicate of another referral";
        Illegible => "illegible", "Cannot be read";
        Incomplete => "incomplete", "Too little information";
        Other => "other", "Other reason";
    }
}

reasons! {
    /// Why the clinic does not take the patient.
    DeclineReason {
        OutOfScope => "out_of_scope", "Not our field";
        NoCapacity => "no_capacity", "No capacity in time";
        InsuranceNotAccepted => "insurance_not_accepted", "Insurance not accepted";
        PatientUnreachable => "patient_unreachable", "Patient cannot be reached";
        PatientDeclined => "patient_declined", "Patient does not want to come";
        Other => "other", "Other reason";
    }
}

reasons! {
    /// Why a referral was called off.
    CancelReason {
        ByReferrer => "by_referrer", "Called off by the referrer";
        ByPatient => "by_patient", "Called off by the patient";
        NoLongerNeeded => "no_longer_needed", "No longer needed";
        Duplicate => "duplicate", "Duplicate of another referral";
        Other => "other", "Other reason";
    }
}
