//! axum: routes, screens, API.

pub mod action;
pub mod assets;
pub mod desk;
pub mod error;
pub mod icons;
pub mod layout;
pub mod referral;
pub mod review;
pub mod security;
pub mod work;
