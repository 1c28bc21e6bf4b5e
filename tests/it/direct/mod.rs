//! Direct against independent software: the `openssl` command, and the Python partner of `infra/partner`.

mod listener;
mod messages;
mod partner;
mod submission;
mod workshop;
