//! Notes that did not arrive, and what is to be done about each.

use super::ROWS_MAX;
use crate::auth::Caller;
use crate::domain::delivery::DeliveryState;
use crate::domain::permission::Permission;
use crate::store::deliveries::{self, Delivery};
use crate::store::{self, Tx, referrals};
use crate::web::fields::Names;
use crate::web::layout::words;
use crate::web::loaded::Heading;

pub struct FailedRow {
    /// The referral's.
    pub id: String,
    pub patient: String,
    pub to: String,
    pub what: String,
}

/// A failed delivery puts its referral back to `note_ready`, where somebody must send it again.
pub async fn rows(tx: &mut Tx, caller: &Caller, names: &Names) -> store::Result<Vec<FailedRow>> {
    let mut rows = Vec::new();
    for failed in deliveries::failed(tx, ROWS_MAX).await? {
        let Some(referral) = referrals::find(tx, &failed.referral).await? else {
            continue;
        };
        if !caller.may(Permission::ViewReferrals, &referral) {
            continue;
        }
        let row = Heading::load(tx, referral, names).await?;
        rows.push(FailedRow {
            id: row.referral.id.to_string(),
            patient: row.patient,
            what: failure_text(&failed),
            to: failed.address.unwrap_or_default(),
        });
    }
    Ok(rows)
}

/// What happened to a delivery, and what can be done.
pub fn failure_text(delivery: &Delivery) -> String {
    let cause = delivery
        .error
        .as_deref()
        .map(|code| format!(" ({})", words(code).to_lowercase()))
        .unwrap_or_default();
    let silent = matches!(delivery.error.as_deref(), Some("no_processed" | "no_dispatched"));
    match delivery.state {
        DeliveryState::Uncertain if silent => {
            format!(
                "Nobody confirmed the note in time{cause}. Ask the referrer whether it came; then send it again, or deliver it \
                 by hand."
            )
        }
        DeliveryState::Uncertain => {
            format!(
                "The connection broke while sending{cause}. Ask the referrer whether the note came before sending again."
            )
        }
        DeliveryState::Failed => format!("The note did not arrive{cause}. Send it again, or deliver it by hand."),
        _ => String::new(),
    }
}
