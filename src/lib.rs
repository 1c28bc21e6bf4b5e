//! Referloop takes medical referrals by fax and by Direct secure mail, makes each a tracked record, and closes the
//! loop: the consult note goes back, and only a confirmed delivery ends the referral.
//!
//! # The map
//!
//! | layer | modules | may import |
//! |---|---|---|
//! | 0 | [`domain`], [`clock`], [`telemetry`], [`faults`], [`disk`], [`xml`] | nothing of ours; domain takes the places of a page from [`referloop_pixels`], as reading takes all of it |
//! | 1 | [`crypto`], [`reading`], [`extraction`], [`direct`], [`fhir`], [`cda`], [`hl7`], [`letters`] | 0; direct may use crypto |
//! | 2 | [`store`], [`vault`], [`doors`] | 0–1; store and vault use crypto, vault uses store, doors may use direct |
//! | 3 | [`config`], [`jobs`], [`app`] | 0–2; jobs uses store only |
//! | 4 | [`pipeline`], [`referrals`], [`auth`], [`audit`], [`backup`] | 0–3; pipeline calls `referrals::open`, never back; backup uses audit |
//! | 5 | [`web`], [`listeners`], [`cli`] | all |
//!
//! # Invariants, each with a test
//!
//! - No SQL outside `store`. No look at the system's clock outside `clock`. No status change outside `referrals::act`.
//! - An acknowledgement (HTTP 2xx, SMTP 250, MDN `dispatched`) is sent only after the bytes and the row are durable.
//! - No plaintext PHI at rest: not in an object, a column, a job's payload, a temporary folder, a log.
//! - No untrusted byte is parsed by pdfium, Tesseract or an image decoder outside the sandboxed child.
//! - No transaction is held across OCR, a child process or the network.
//! - No unencrypted message leaves for a Direct address; nothing untrusted becomes a referral.
//! - Every route has a permission.

pub mod app;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod cda;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod direct;
pub mod disk;
pub mod domain;
pub mod doors;
pub mod extraction;
pub mod faults;
pub mod fhir;
pub mod hl7;
pub mod jobs;
pub mod letters;
pub mod listeners;
pub mod pipeline;
pub mod reading;
pub mod referrals;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod web;
pub mod xml;
