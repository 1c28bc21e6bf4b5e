//! Direct against independent software: the `openssl` command, and the Python partner of `infra/partner`.

mod content;
mod forms;
mod found;
mod listener;
mod matrix;
mod messages;
mod never;
mod nss;
mod partner;
mod press;
mod submission;
mod trust;
mod verify;
mod workshop;
mod xdm;
