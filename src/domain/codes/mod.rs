//! Numbers and codes whose form can be checked. Each type can only be made by its `parse`, so that holding one means it
//! is well formed. Parsing is strict: repairing what a scanner misread is the extraction's business, not done here.

mod date;
mod direct_address;
mod icd10;
mod npi;
mod phone;
mod place;
mod procedure;

pub use date::{BirthDate, DateOrder, parse_date};
pub use direct_address::DirectAddress;
pub use icd10::Icd10;
pub use npi::Npi;
pub use phone::{FaxNumber, PhoneNumber};
pub use place::{PostalCode, UsState};
pub use procedure::ProcedureCode;

/// Why a text is not what it should be. Says what is wrong with the text, never the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}: {detail}")]
pub struct Malformed {
    /// A code, as `not_a_phone_number`.
    pub problem: &'static str,
    pub detail: String,
}

impl Malformed {
    pub(crate) fn new(problem: &'static str, detail: impl Into<String>) -> Self {
        Self {
            problem,
            detail: detail.into(),
        }
    }
}

macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}
pub(crate) use text_value;
