//! axum: routes, screens, API.

pub mod action;
pub mod answers;
pub mod api;
pub mod arranging;
pub mod arriving;
pub mod assets;
pub mod assigning;
pub mod banners;
pub mod brand;
pub mod claim;
pub mod correction;
pub mod delivered;
pub mod desk;
pub mod duplicate;
mod emergency;
pub mod error;
pub mod events;
pub mod failures;
pub mod fields;
pub mod gaps;
pub mod gate;
pub mod icons;
pub mod layout;
mod letter;
pub mod loaded;
pub mod login;
pub mod memos;
pub mod misdirected;
mod named;
pub mod next;
mod own;
mod packing;
mod page_notices;
pub mod referral;
pub mod request;
pub mod review;
pub mod route;
pub mod router;
pub mod security;
mod seen;
pub mod sign_in_with;
pub mod turned;
pub mod webhooks;
pub mod work;

/// What every handler gets. Cloning it is cheap.
pub type AppState = crate::app::App;
