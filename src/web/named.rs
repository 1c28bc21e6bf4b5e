//! What an address names, for the gate: ids say what they are, so that no route can forget to have its object checked.

use super::AppState;
use super::error::Result;
use crate::domain::ids::{DocumentId, DoorId, GapId, ReferralId, TransmissionId};
use crate::domain::permission::Resource;
use crate::domain::site::SiteKey;
use crate::store::sites::Place;
use crate::store::{Tx, gaps, sites};

/// A thing with a place, which a grant may not cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Referral { id: ReferralId, place: Place },
    Arrival(SiteKey),
}

impl Named {
    pub fn resource(&self) -> Resource<'_> {
        match self {
            Self::Referral { place, .. } => Resource::Referral {
                site: &place.site,
                queue: place.queue,
                referrer: place.referrer.as_ref(),
            },
            Self::Arrival(site) => Resource::Arrival { site },
        }
    }
}

/// Everything of which an id stands among these parts of a path. What is not there has no place: the handler says so. An arrival
/// beside a referral is a part of it, as an answer is.
pub async fn named(app: &AppState, parts: &[String]) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    if parts.is_empty() {
        return Ok(found);
    }
    let mut tx = app.db.read_once().await?;
    for part in parts {
        if let Ok(id) = part.parse::<ReferralId>()
            && let Some(place) = sites::of_referral(&mut tx, &id).await?
        {
            found.push(Named::Referral { id, place });
        }
    }
    if found.is_empty() {
        for part in parts {
            found.extend(arrival(&mut tx, part).await?.map(Named::Arrival));
        }
    }
    Ok(found)
}

async fn arrival(tx: &mut Tx, part: &str) -> Result<Option<SiteKey>> {
    if let Ok(id) = part.parse::<TransmissionId>() {
        return Ok(sites::of_transmission(tx, &id).await?);
    }
    if let Ok(id) = part.parse::<DocumentId>() {
        return Ok(sites::of_document(tx, &id).await?);
    }
    if let Ok(id) = part.parse::<DoorId>() {
        return Ok(Some(sites::of_door(tx, id.as_str()).await?));
    }
    if let Ok(id) = part.parse::<GapId>()
        && let Some(gap) = gaps::find(tx, &id).await?
    {
        return Ok(Some(sites::of_door(tx, gap.door.as_str()).await?));
    }
    Ok(None)
}
