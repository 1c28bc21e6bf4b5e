//! Direct against independent software: the `openssl` command, and the Python partner of `infra/partner`.

mod anchored;
mod behind_hisp;
pub mod clinic;
mod content;
pub mod dovecot;
mod edge;
mod forms;
mod found;
mod listener;
mod listening;
mod mailbox;
mod matrix;
mod messages;
mod mutation;
mod never;
mod nss;
mod partner;
mod pipeline;
mod press;
mod receiving;
mod sealing;
mod submission;
mod tap;
mod trust;
mod verify;
pub mod workshop;
mod xdm;
