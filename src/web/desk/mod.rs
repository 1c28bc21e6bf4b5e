//! The review desk: what needs a person. Referrals to review, notes that did not arrive, documents set aside.

mod failed_notes;
mod other_documents;
mod reviews;
mod senders;
mod set_aside;
mod views;

pub use failed_notes::failure_text;
pub use other_documents::{kind_text, open_as_referral, put_document_away};
pub use senders::{DoorNames, door_name, door_names, sender};
pub use set_aside::{original, retry};
pub use views::View;

use super::AppState;
use super::arriving::{self, ArrivingRow};
use super::assigning::{Bar, Told};
use super::banners::{self, Banner};
use super::error::Result;
use super::failures::{self, JobRow};
use super::fields::{Names, Reader};
use super::gaps::{self, GapRow};
use super::layout::{Frame, Place, filters, render};
use super::misdirected::{self, MisdirectedRow};
use super::seen;
use crate::auth::Caller;
use crate::domain::gap::CloseReason;
use crate::domain::permission::{Permission, Resource};
use crate::domain::referral::Action;
use crate::referrals::automation::hold;
use crate::store::{self, Tx, claims, watched_fields};
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use failed_notes::FailedRow;
use other_documents::OtherRow;
use reviews::ReviewRow;
use serde::Deserialize;
use set_aside::QuarantineRow;
use views::{Review, Today, ViewLink};

/// Longer lists are for filters, not for scrolling.
const ROWS_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "web/desk/desk.html")]
struct DeskPage {
    frame: Frame,
    done: Option<String>,
    told: Option<Told>,
    views: Vec<ViewLink>,
    /// The query under which the desk refreshes itself.
    poll: String,
    empty: (&'static str, &'static str),
    /// How many stand in the list, and of how many where those are more.
    shown: String,
    today: Today,
    bar: Option<Bar>,
    /// Why nothing goes straight through, where that is so.
    holds: Vec<String>,
    /// Messages that may answer a request.
    banners: Vec<Banner>,
    reviews: Vec<ReviewRow>,
    failed: Vec<FailedRow>,
    /// What is being read just now.
    arriving: Vec<ArrivingRow>,
    /// `None` for who may not see what arrived.
    quarantined: Option<Vec<QuarantineRow>>,
    /// Faxes that a gateway delivered and that are not here; none for who may not see what arrived.
    gaps: Vec<GapRow>,
    close_reasons: [CloseReason; 4],
    may_close: bool,
    /// Pages that are not ours, and work that failed or stands still.
    misdirected: Vec<MisdirectedRow>,
    jobs: Vec<JobRow>,
    /// Documents that are no referrals.
    others: Vec<OtherRow>,
    may_file: bool,
}

#[derive(Deserialize)]
pub struct Shown {
    /// The action that led here.
    done: Option<Action>,
    poll: Option<String>,
    #[serde(default)]
    show: View,
    /// What became of those that were given to somebody.
    assigned: Option<Told>,
}

pub async fn list(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(shown): Query<Shown>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let names = Names::load(&mut tx).await?;
    let reader = Reader {
        rules: &app.rules,
        names: &names,
        now,
    };
    let zone = app.config.desk.time_zone;
    let review = Review::load(&mut tx, &caller, &names, shown.show, (now, zone)).await?;
    let claims = claims::live(&mut tx, now).await?;
    let failed = failed_notes::rows(&mut tx, &caller, &names).await?;
    // Who sees referrals sees at the same places what becomes one.
    let arrivals = caller.reach(Permission::ViewReferrals);
    let (mut misdirected, mut jobs) = (Vec::new(), Vec::new());
    let (quarantined, gaps) = if caller.may(Permission::ViewTransmissions, Resource::Somewhere) {
        let names = door_names(&mut tx).await?;
        let gaps = gaps::rows(&mut tx, &arrivals, &names, now, ROWS_MAX).await?;
        misdirected = misdirected::rows(&mut tx, &caller, &names, (now, zone), ROWS_MAX).await?;
        // A job belongs to no site.
        if caller.may(Permission::ViewTransmissions, Resource::Installation) {
            jobs = failures::rows(&mut tx, now).await?;
        }
        (Some(set_aside::rows(&mut tx, &caller, &names, now).await?), gaps)
    } else {
        (None, Vec::new())
    };
    let others = other_documents::rows(&mut tx, &arrivals, now).await?;
    let arriving = arriving::rows(&mut tx, &arrivals, now).await?;
    let holds = held(&app, &mut tx).await?;
    let banners = banners::on_desk(&mut tx).await?;
    drop(tx);
    let ids = review.rows.iter().map(|(row, _)| row.referral.id.to_string()).collect();
    seen::list(&app, &caller, "desk", ids, shown.poll.is_some()).await?;
    render(&DeskPage {
        others,
        arriving,
        holds,
        banners,
        may_file: caller.may(Permission::Act(Action::Reject), Resource::Somewhere),
        frame: Frame::new(&app, &caller, Place::Desk),
        done: shown.done.map(|action| super::action::done(action).to_owned()),
        told: shown.assigned,
        shown: review.shown(),
        views: review.views,
        poll: shown.show.poll(),
        empty: shown.show.empty(),
        today: review.today,
        bar: review.bar,
        reviews: reviews::rows(review.rows, &claims, &caller, &reader),
        failed,
        quarantined,
        gaps,
        misdirected,
        jobs,
        close_reasons: CloseReason::ALL,
        may_close: caller.may(Permission::RetryQuarantined, Resource::Somewhere),
    })
}

/// Which fields people check just now, and why, in the order of the screen.
async fn held(app: &AppState, tx: &mut Tx) -> store::Result<Vec<String>> {
    let held = watched_fields::held(tx).await?;
    let fields = app.rules.catalogue().critical();
    Ok(fields
        .filter_map(|field| held.get(&field.key).map(|hold| hold::said(field, hold)))
        .collect())
}
