//! `POST /intake/fax/{door}`: verify, make durable, acknowledge. Nothing else happens before the answer.
//!
//! A gateway retries for days on a 4xx and then gives up, so that only bad authentication and size get one. Whatever is
//! authentic is kept, the unreadable for a person; a fault of ours is 503 with `Retry-After`.

use super::AppState;
use super::error::{Error, Result};
use crate::clock::Clock;
use crate::crypto::mac;
use crate::domain::people::Actor;
use crate::domain::site::SiteKey;
use crate::domain::transmission::TransmissionDetails;
use crate::doors::delivered::Delivered;
use crate::doors::{self, Completeness, DoorKeys, DoorRefusal, DoorRequest, DoorSettings, FaxDetails, InboundFax};
use crate::faults::{self, Point};
use crate::pipeline::receive::{self, ReceiveError, Received, Steps};
use crate::store;
use crate::store::doors::Door;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::BytesMut;
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What the door lets in at once.
#[derive(Clone, Debug)]
pub struct Limits {
    pub body_bytes_max: usize,
    pub body_seconds_max: u64,
    /// How long a request waits for others to be done with their bytes.
    pub wait_seconds_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 50 * 1024 * 1024,
            body_seconds_max: 120,
            wait_seconds_max: 5,
        }
    }
}

/// Bytes of requests in memory at once, all doors and uploads together.
const IN_FLIGHT_BYTES_MAX: usize = 128 * 1024 * 1024;
const KIB: usize = 1024;
/// The body, and the document taken out of it.
const COPIES: usize = 2;
/// What a body of unknown length is given at a time.
const STEP_BYTES: usize = 1024 * 1024;
/// Requests that wait for room. Whoever comes after them is told to come later at once: a queue that only grows makes all late.
const WAITING_MAX: usize = 256;
/// Of a body that is not taken, so much is read to its end: an answer to a sender that still sends is lost with the connection.
const SWALLOWED_BYTES_MAX: usize = 1024 * 1024;
const SWALLOWING_MAX: Duration = Duration::from_secs(2);

/// Hashed and decoded in half a millisecond.
const USUAL_BYTES_MAX: usize = 256 * KIB;

/// Bounds what unfinished requests may hold in memory.
#[derive(Clone, Debug)]
pub struct Intake {
    pub limits: Limits,
    kibibytes: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Intake {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Intake {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            kibibytes: Arc::new(Semaphore::new(IN_FLIGHT_BYTES_MAX / KIB)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        }
    }

    /// The body, with room kept for it until the permit is dropped.
    pub async fn read(&self, headers: &HeaderMap, body: Body) -> Result<(Bytes, OwnedSemaphorePermit)> {
        let declared = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|bytes| bytes > self.limits.body_bytes_max) {
            return Err(Error::too_large());
        }
        let time = Duration::from_secs(self.limits.body_seconds_max);
        tokio::time::timeout(time, self.collect(body, declared.unwrap_or(STEP_BYTES)))
            .await
            .map_err(|_| {
                Error::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "too_slow",
                    "The request's body came too slowly.",
                    "Send it again over a faster connection.",
                )
            })?
    }

    /// Stops at the limit, whatever the headers promised.
    async fn collect(&self, body: Body, expected: usize) -> Result<(Bytes, OwnedSemaphorePermit)> {
        let mut covered = expected;
        let mut stream = body.into_data_stream();
        let mut permit = match self.room_for(covered).await {
            Ok(permit) => permit,
            Err(refused) => {
                swallow(stream).await;
                return Err(refused);
            }
        };
        let mut bytes = BytesMut::with_capacity(expected);
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Error::malformed("The body ended before it was complete."))?;
            let total = bytes.len() + chunk.len();
            if total > self.limits.body_bytes_max {
                return Err(Error::too_large());
            }
            if total > covered {
                let more = (total - covered).max(STEP_BYTES);
                permit.merge(self.room_for(more).await?);
                covered += more;
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((bytes.freeze(), permit))
    }

    async fn room_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let kibibytes = u32::try_from((bytes * COPIES).div_ceil(KIB).max(1)).map_err(|_| Error::too_large())?;
        if let Ok(room) = Arc::clone(&self.kibibytes).try_acquire_many_owned(kibibytes) {
            return Ok(room);
        }
        let _waits = self.waiting.try_acquire().map_err(|_| Error::unavailable())?;
        let room = Arc::clone(&self.kibibytes).acquire_many_owned(kibibytes);
        tokio::time::timeout(Duration::from_secs(self.limits.wait_seconds_max), room)
            .await
            .ok()
            .and_then(Result::ok)
            .ok_or_else(Error::unavailable)
    }
}

/// Reads what is still coming, and forgets it.
async fn swallow(mut stream: BodyDataStream) {
    let all = async {
        let mut swallowed = 0;
        while let Some(Ok(chunk)) = stream.next().await {
            swallowed += chunk.len();
            if swallowed > SWALLOWED_BYTES_MAX {
                break;
            }
        }
    };
    // Who sends more, or slower, may lose the answer.
    let _ = tokio::time::timeout(SWALLOWING_MAX, all).await;
}

/// Takes a fax from a gateway.
pub async fn fax(
    State(app): State<AppState>,
    Extension(intake): Extension<Intake>,
    Path(path_key): Path<String>,
    request: Request,
) -> Result<Response> {
    let mut steps = Steps::begin();
    let door = find_door(&app, &path_key).await?;
    steps.end("door");
    let (parts, body) = request.into_parts();
    let judge = Judge::new(door, parts.headers, app.clock.clone())?;
    judge.check_headers()?;
    let (body, _room) = intake.read(&judge.headers, body).await?;
    steps.end("body");
    let (judge, body, outcome) = judge.receive_aside(body).await?;
    steps.end("proof");
    let received = match outcome {
        Ok(fax) => judge.received(fax, app.clock.now()),
        Err(DoorRefusal::Malformed(problem)) => judge.malformed(problem, &body, app.clock.now()),
        Err(DoorRefusal::Ignored(event)) => {
            tracing::info!(door.id = %judge.door.id, event, "webhook ignored");
            return Ok(Json(json!({ "status": "ignored" })).into_response());
        }
        Err(refusal @ DoorRefusal::Unauthenticated(_)) => return Err(judge.refuse(refusal)),
    };
    drop(body);
    accept(&app, received).await
}

/// Makes it durable, and only then says so.
pub async fn accept(app: &AppState, received: Received) -> Result<Response> {
    let outcome = receive::receive(app, received).await.map_err(|error| match error {
        ReceiveError::Denied(_) => Error::forbidden(),
        error => {
            tracing::error!(error.cause = %error, "a transmission could not be made durable");
            Error::unavailable()
        }
    })?;
    metrics::counter!("referloop_transmissions_received_total", "status" => outcome.status.as_str()).increment(1);
    faults::reach(Point::Acknowledging);
    Ok(Json(json!({ "transmission": outcome.transmission, "status": outcome.status })).into_response())
}

/// An unknown door and a wrong secret get the same answer: who guesses learns nothing.
pub(super) async fn find_door(app: &AppState, path_key: &str) -> Result<Door> {
    let look_up = async {
        let mut tx = app.db.read_once().await?;
        store::doors::find_by_path_key(&mut tx, path_key).await
    };
    let door = look_up.await.map_err(|error| {
        tracing::error!(error.cause = %error, "a door could not be looked up");
        Error::unavailable()
    })?;
    door.ok_or_else(|| {
        tracing::warn!("webhook refused: no such door");
        refused()
    })
}

fn refused() -> Error {
    metrics::counter!("referloop_webhooks_refused_total").increment(1);
    Error::new(
        StatusCode::UNAUTHORIZED,
        "unauthenticated",
        "The request could not be authenticated.",
        "Check the door's path, and its secret or token. Nothing was stored.",
    )
}

/// One request at one door.
pub(super) struct Judge {
    pub(super) door: Door,
    carrier: &'static dyn doors::Carrier,
    settings: DoorSettings,
    pub(super) headers: HeaderMap,
    clock: Clock,
}

impl Judge {
    pub(super) fn new(door: Door, headers: HeaderMap, clock: Clock) -> Result<Self> {
        // A door of a newer version, or one with settings that don't fit, is a fault of ours: let the gateway retry.
        let carrier = doors::carrier(&door.kind);
        let settings = serde_json::from_value(door.settings.clone()).ok();
        let (Some(carrier), Some(settings)) = (carrier, settings) else {
            tracing::error!(door.id = %door.id, "the door's row does not fit this version");
            return Err(Error::unavailable());
        };
        Ok(Self {
            door,
            carrier,
            settings,
            headers,
            clock,
        })
    }

    fn request<'a>(&'a self, body: &'a [u8]) -> DoorRequest<'a> {
        DoorRequest {
            headers: &self.headers,
            body,
            keys: DoorKeys {
                secret: &self.door.secret,
                token_hash: &self.door.token_hash,
            },
            settings: &self.settings,
            now: self.clock.now(),
        }
    }

    pub(super) fn check_headers(&self) -> Result<()> {
        self.carrier
            .check_headers(&self.request(&[]))
            .map_err(|refusal| self.refuse(refusal))
    }

    fn receive(&self, body: &[u8]) -> Result<InboundFax, DoorRefusal> {
        self.carrier.receive(&self.request(body))
    }

    /// As [`Self::receive`], where it takes long on a thread of its own: hashing and decoding 50 MiB would hold up every other
    /// request of this one. For a usual fax the way there and back takes longer than the work.
    async fn receive_aside(self, body: Bytes) -> Result<(Self, Bytes, Result<InboundFax, DoorRefusal>)> {
        let is_usual = body.len() <= USUAL_BYTES_MAX;
        let work = move || {
            let outcome = self.receive(&body);
            (self, body, outcome)
        };
        if is_usual {
            return Ok(work());
        }
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }

    pub(super) fn delivered(&self, body: &[u8]) -> Result<Delivered, DoorRefusal> {
        self.carrier.delivered(&self.request(body))
    }

    pub(super) fn refuse(&self, refusal: DoorRefusal) -> Error {
        tracing::warn!(door.id = %self.door.id, reason = %refusal, "webhook refused");
        refused()
    }

    fn received(&self, fax: InboundFax, now: DateTime<Utc>) -> Received {
        let partial = fax.completeness != Completeness::Complete;
        Received {
            site: SiteKey::main(),
            door: self.door.id.to_string(),
            actor: Actor::Door {
                name: self.door.name.clone(),
            },
            fax_id: fax.fax_id,
            document: fax.document,
            details: details(fax.details, partial),
            partial,
            malformed: false,
            received_at: fax.received_at.unwrap_or(now),
        }
    }

    /// The raw body becomes the transmission's original, for a person to look at.
    fn malformed(&self, problem: &'static str, body: &[u8], now: DateTime<Utc>) -> Received {
        tracing::warn!(door.id = %self.door.id, problem, "an authentic webhook could not be parsed");
        Received {
            site: SiteKey::main(),
            door: self.door.id.to_string(),
            actor: Actor::Door {
                name: self.door.name.clone(),
            },
            fax_id: format!("sha256:{}", hex::encode(mac::sha256(body))),
            document: body.to_vec(),
            details: TransmissionDetails {
                problem: Some(problem.to_owned()),
                ..TransmissionDetails::default()
            },
            partial: false,
            malformed: true,
            received_at: now,
        }
    }
}

/// What the gateway claims, as it is kept with the transmission.
pub(super) fn details(claimed: FaxDetails, partial: bool) -> TransmissionDetails {
    TransmissionDetails {
        from: claimed.from,
        to: claimed.to,
        station_id: claimed.csid,
        pages_claimed: claimed.pages_claimed,
        urgent: claimed.urgent,
        partial,
        ..TransmissionDetails::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_comes_while_many_wait_is_refused_at_once() {
        let intake = Intake::new(Limits {
            wait_seconds_max: 600,
            ..Limits::default()
        });
        let all = intake.room_for(IN_FLIGHT_BYTES_MAX / COPIES).await.unwrap();
        let waiting: Vec<_> = (0..WAITING_MAX)
            .map(|_| {
                let intake = intake.clone();
                tokio::spawn(async move { intake.room_for(1).await.is_ok() })
            })
            .collect();
        while intake.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(intake.room_for(1).await.is_err());
        drop(all);
        for waited in waiting {
            assert!(waited.await.unwrap());
        }
        assert!(intake.room_for(1).await.is_ok());
    }
}
