//! The files of one message beside its leading one: they wait for it, and belong to the referral that it opens.

use super::transmissions::fax_id_index;
use super::{Result, Tx, sql};
use crate::domain::ids::TransmissionId;

/// Notes that a transmission waits for the one that this door brings, or brought, under the leading fax id.
pub async fn insert(tx: &mut Tx, part: &TransmissionId, leading_fax_id: &str) -> Result<()> {
    let index = fax_id_index(tx, leading_fax_id);
    sql("insert into message_part (transmission_id, lead_index) values ($1, $2) on conflict (transmission_id) do nothing")
        .bind(part.clone())
        .bind(index)
        .execute(tx)
        .await?;
    Ok(())
}

/// The leading transmission of this one's message.
pub async fn lead_of(tx: &mut Tx, part: &TransmissionId) -> Result<Option<TransmissionId>> {
    sql("select lead.id from message_part
         join transmission as own on own.id = message_part.transmission_id
         join transmission as lead on lead.door = own.door and lead.fax_id_index = message_part.lead_index
         where message_part.transmission_id = $1")
    .bind(part.clone())
    .fetch_optional_scalar(tx)
    .await
}

/// Those that wait for this one and were not asked to be read, in the order of the message.
pub async fn waiting_for(tx: &mut Tx, lead: &TransmissionId) -> Result<Vec<TransmissionId>> {
    sql("select own.id from transmission as lead
         join message_part on message_part.lead_index = lead.fax_id_index
         join transmission as own on own.id = message_part.transmission_id and own.door = lead.door
         where lead.id = $1 and own.stage = 'stored'
             and not exists (select 1 from job where job.name = 'read' and job.subject = own.id)
         order by own.id")
    .bind(lead.clone())
    .fetch_scalars(tx)
    .await
}
