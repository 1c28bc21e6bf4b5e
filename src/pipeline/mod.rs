//! Document to referral. The order of work, one file a stage:
//!
//! | stage | job | reads | writes | then |
//! |---|---|---|---|---|
//! | [`receive`] | none: within the request | bytes and what the door says | object, transmission | `read` |
//! | [`read`] | `read` | the original | page images, words, a page at a time | `extract` |
//! | [`extract`] | `extract` | words | documents, referrals | `bind` |
//! | [`bind`] | `bind` | the original, words | a searchable PDF a document | done |
//!
//! A stage works with no transaction open, then writes its output, its successor and its own end in one. Dying anywhere
//! repeats a stage; it never loses one or doubles its output. Where a person arranged the pages since, `extract` reads the changed
//! documents anew (`rearranged`). Mail takes the same way after [`message`] has opened it, whether it came by SMTP or lay in a
//! mailbox ([`mailbox`]). What came as data and not as pages gives its values by [`clinical`]; where it belongs, and what came
//! with it, `beside` says. What a gateway delivered and we never got is found by [`reconcile`]. Who goes first is decided by
//! [`urgency`].

mod beside;
pub mod bind;
pub mod clinical;
pub mod extract;
pub mod mailbox;
pub mod message;
mod original;
pub mod quarantine;
pub mod read;
mod rearranged;
pub mod receive;
pub mod reconcile;
mod said;
pub mod urgency;

use crate::app::App;
use crate::jobs::{Lane, Limits, Worker};
use crate::referrals::trust::refresh;
use crate::referrals::{delivery, escalate, renewal, retention};
use chrono::TimeDelta;
use futures_util::FutureExt as _;

const ESCALATE_EVERY: TimeDelta = TimeDelta::minutes(1);
const WATCH_EVERY: TimeDelta = TimeDelta::minutes(1);
const EXPIRE_EVERY: TimeDelta = TimeDelta::hours(1);
const RENEW_EVERY: TimeDelta = TimeDelta::days(1);
const ASK_CARRIERS_EVERY: TimeDelta = TimeDelta::hours(1);
const REFRESH_TRUST_EVERY: TimeDelta = TimeDelta::hours(1);
const LOOK_AHEAD_EVERY: TimeDelta = TimeDelta::seconds(5);

/// All jobs and timers there are.
pub fn worker(app: &App) -> Worker<App> {
    Worker::new(app.db.clone(), app.clock.clone(), app.clone())
        .read_permits(app.reading.permits())
        .register(read::JOB, Lane::Read, Limits::PARSER, read::run)
        .on_quarantine(read::JOB, |app, tx, job, code| {
            quarantine::set_aside(app, tx, job, code).boxed()
        })
        .register(extract::JOB, Lane::Quick, Limits::PARSER, extract::run)
        .on_quarantine(extract::JOB, |app, tx, job, code| {
            quarantine::set_aside(app, tx, job, code).boxed()
        })
        .register(bind::JOB, Lane::Quick, Limits::PARSER, bind::run)
        .register(message::OPEN, Lane::Quick, Limits::PARSER, message::open)
        .register(
            message::ANSWER_AGAIN,
            Lane::Quick,
            Limits::PARSER,
            message::answer_again,
        )
        .on_quarantine(message::OPEN, |app, tx, job, code| {
            message::give_up(app, tx, job, code).boxed()
        })
        .register(message::NOTIFY, Lane::Quick, Limits::NETWORK, message::notify)
        .register(delivery::SEND_NOTE, Lane::Quick, Limits::NETWORK, delivery::send_note)
        .on_quarantine(delivery::SEND_NOTE, |app, tx, job, code| {
            delivery::give_up(app, tx, &job.subject, code).boxed()
        })
        .register(retention::ERASE, Lane::Quick, Limits::NETWORK, retention::erase)
        .schedule(retention::EXPIRE, Lane::Quick, EXPIRE_EVERY, retention::expire)
        .schedule(
            escalate::ESCALATE,
            Lane::Quick,
            ESCALATE_EVERY,
            escalate::escalate_overdue,
        )
        .schedule(renewal::RENEW, Lane::Quick, RENEW_EVERY, renewal::renew_daily)
        .schedule(
            delivery::WATCH_DELIVERIES,
            Lane::Quick,
            WATCH_EVERY,
            delivery::watch_deliveries,
        )
        .schedule(
            reconcile::ASK_CARRIERS,
            Lane::Quick,
            ASK_CARRIERS_EVERY,
            reconcile::ask_carriers,
        )
        .schedule(refresh::REFRESH, Lane::Quick, REFRESH_TRUST_EVERY, refresh::refresh)
        .schedule(
            mailbox::READ_MAILBOX,
            Lane::Quick,
            mailbox::every(app),
            mailbox::read_mailbox,
        )
        .schedule(urgency::LOOK_AHEAD, Lane::Quick, LOOK_AHEAD_EVERY, urgency::look_ahead)
}
