//! Direct against independent software: the `openssl` command, and the Python partner of `infra/partner`.

mod forms;
mod listener;
mod messages;
mod partner;
mod press;
mod submission;
mod workshop;
