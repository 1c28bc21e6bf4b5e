//! What changes while somebody looks: one stream a browser, kinds and ids, never what stands in a row. A hint to look again.

use super::AppState;
use super::cookies::session_token;
use super::error::{Error, Result};
use super::gate::session_limits;
use crate::auth::session::{self, Use};
use crate::auth::{Caller, Proof};
use crate::domain::access::Reach;
use crate::domain::permission::{Permission, Resource};
use crate::store::changes::Change;
use crate::store::{self, sites};
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;

/// A line that keeps proxies from hanging up; the session is looked at as often.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// After a stream ended by itself, the browser asks again.
const RETRY: Duration = Duration::from_secs(3);

struct Stream {
    app: AppState,
    caller: Caller,
    /// The browser's secret, to see whether its session still lives.
    token: Option<String>,
    changes: Receiver<Change>,
    ended: CancellationToken,
    beat: tokio::time::Interval,
    greeted: bool,
}

pub async fn listen(
    State(app): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let changes = app.db.changes().listen().ok_or_else(Error::unavailable)?;
    let token = match &caller.proof {
        Proof::Session { .. } => session_token(&headers, app.config.is_https()).map(str::to_owned),
        Proof::Token => None,
    };
    let stream = Stream {
        ended: app.db.changes().ended().clone(),
        beat: interval_at(Instant::now() + HEARTBEAT, HEARTBEAT),
        greeted: false,
        app,
        caller,
        token,
        changes,
    };
    let events = stream::unfold(stream, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    Ok(Sse::new(events))
}

impl Stream {
    /// None ends it: the session ended, or the service does.
    async fn next(&mut self) -> Option<Event> {
        if !self.greeted {
            self.greeted = true;
            return Some(Event::default().retry(RETRY).comment("listening"));
        }
        loop {
            tokio::select! {
                () = self.ended.cancelled() => return None,
                _ = self.beat.tick() => {
                    return self.is_signed_in().await.then(|| Event::default().comment("still here"));
                }
                change = self.changes.recv() => match change {
                    Ok(Change::Session) if !self.is_signed_in().await => return None,
                    Ok(Change::Session) => {}
                    Ok(change) => return Some(Self::event(self.within_reach(change).await)),
                    // Too slow: what was missed is not told again.
                    Err(RecvError::Lagged(_)) => return Some(Self::event(Change::Much)),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Whoever may not see a thing is not told its id, only that something changed.
    async fn within_reach(&self, change: Change) -> Change {
        // What can't be asked now is not told.
        if self.may_know(&change).await.unwrap_or(false) {
            change
        } else {
            Change::Desk
        }
    }

    async fn may_know(&self, change: &Change) -> store::Result<bool> {
        let permission = match change {
            Change::Referral(_) => Permission::ViewReferrals,
            Change::Transmission(_) => Permission::ViewTransmissions,
            Change::Desk | Change::Session | Change::Much => return Ok(true),
        };
        if self.caller.reach(permission) == Reach::Everywhere {
            return Ok(true);
        }
        let mut tx = self.app.db.read().await?;
        match change {
            Change::Referral(id) => {
                let place = sites::of_referral(&mut tx, id).await?;
                Ok(place.is_some_and(|place| self.caller.may(permission, &place)))
            }
            Change::Transmission(id) => {
                let site = sites::of_transmission(&mut tx, id).await?;
                Ok(site.is_some_and(|site| self.caller.may(permission, Resource::Arrival { site: &site })))
            }
            Change::Desk | Change::Session | Change::Much => Ok(true),
        }
    }

    fn event(change: Change) -> Event {
        let (kind, id) = match change {
            Change::Referral(id) => ("referral", id.to_string()),
            Change::Transmission(id) => ("transmission", id.to_string()),
            Change::Desk | Change::Session => ("desk", "changed".to_owned()),
            Change::Much => ("reload", "missed".to_owned()),
        };
        Event::default().event(kind).data(id)
    }

    /// A token of a program lives on its own; a browser's session may have ended since.
    async fn is_signed_in(&self) -> bool {
        let Some(token) = &self.token else { return true };
        let (app, limits) = (&self.app, session_limits(&self.app));
        let found = session::find(&app.db, token, limits, Use::Background, app.clock.now()).await;
        found.is_ok_and(|found| found.is_some_and(|now| now.actor == self.caller.actor))
    }
}
