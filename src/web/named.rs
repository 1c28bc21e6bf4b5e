//! What an address names, for the gate: ids say what they are, so that no route can forget to have its object checked.

use super::AppState;
use super::error::Result;
use crate::domain::ids::{DocumentId, DoorId, GapId, ReferralId, TransmissionId};
use crate::domain::permission::Resource;
use crate::domain::site::SiteKey;
use crate::store::sites::Place;
use crate::store::{Tx, gaps, sites};

/// A thing with a place, which a grant may not cover; or an id of such a thing that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Referral { id: ReferralId, place: Place },
    Arrival { what: &'static str, site: SiteKey },
    Nothing { what: &'static str },
}

impl Named {
    /// None for what is not there.
    pub fn resource(&self) -> Option<Resource<'_>> {
        match self {
            Self::Referral { place, .. } => Some(place.into()),
            Self::Arrival { site, .. } => Some(Resource::Arrival { site }),
            Self::Nothing { .. } => None,
        }
    }

    pub fn what(&self) -> &'static str {
        match self {
            Self::Referral { .. } => REFERRAL,
            Self::Arrival { what, .. } | Self::Nothing { what } => what,
        }
    }

    fn arrival(what: &'static str, site: Option<SiteKey>) -> Self {
        match site {
            Some(site) => Self::Arrival { what, site },
            None => Self::Nothing { what },
        }
    }
}

const REFERRAL: &str = "referral";

/// Everything of which an id stands among these parts of a path. An arrival beside a referral is a part of it, as an answer is.
pub async fn named(app: &AppState, parts: &[String]) -> Result<Vec<Named>> {
    let mut found = Vec::new();
    if parts.is_empty() {
        return Ok(found);
    }
    let mut tx = app.db.read_once().await?;
    for part in parts {
        if let Ok(id) = part.parse::<ReferralId>() {
            found.push(match sites::of_referral(&mut tx, &id).await? {
                Some(place) => Named::Referral { id, place },
                None => Named::Nothing { what: REFERRAL },
            });
        }
    }
    if !found.iter().any(|thing| matches!(thing, Named::Referral { .. })) {
        for part in parts {
            found.extend(arrival(&mut tx, part).await?);
        }
    }
    Ok(found)
}

async fn arrival(tx: &mut Tx, part: &str) -> Result<Option<Named>> {
    if let Ok(id) = part.parse::<TransmissionId>() {
        return Ok(Some(Named::arrival(
            "transmission",
            sites::of_transmission(tx, &id).await?,
        )));
    }
    if let Ok(id) = part.parse::<DocumentId>() {
        return Ok(Some(Named::arrival("document", sites::of_document(tx, &id).await?)));
    }
    if let Ok(id) = part.parse::<DoorId>() {
        return Ok(Some(Named::arrival(
            "door",
            Some(sites::of_door(tx, id.as_str()).await?),
        )));
    }
    if let Ok(id) = part.parse::<GapId>() {
        let site = match gaps::find(tx, &id).await? {
            Some(gap) => Some(sites::of_door(tx, gap.door.as_str()).await?),
            None => None,
        };
        return Ok(Some(Named::arrival("gap", site)));
    }
    Ok(None)
}
