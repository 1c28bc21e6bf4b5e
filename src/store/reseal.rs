//! Sealed columns under a new key: every cell that an older key sealed is opened and sealed anew, some rows at a time. What is
//! left to do shows in the cells themselves, so that an interrupted walk just begins again.

use super::statement::sql as column_statement;
use super::{Cell, Result, Tx};

/// A sealed column, with the statements that walk it.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn {
    pub table: &'static str,
    pub column: &'static str,
    outdated: &'static str,
    replace: &'static str,
}

/// A cell begins with its format (one byte) and its key's version (four): see `crypto::field`.
macro_rules! sealed {
    ($table:literal, $row:literal, $column:literal) => {
        SealedColumn {
            table: $table,
            column: $column,
            outdated: concat!(
                "select ",
                $row,
                ", ",
                $column,
                " from ",
                $table,
                " where ",
                $row,
                " > $1 and ",
                $column,
                " is not null and substr(",
                $column,
                ", 2, 4) <> $2 order by ",
                $row,
                " limit $3"
            ),
            replace: concat!(
                "update ",
                $table,
                " set ",
                $column,
                " = $3 where ",
                $row,
                " = $1 and ",
                $column,
                " = $2"
            ),
        }
    };
}

/// All there are; a test holds the list against the schema.
pub const COLUMNS: [SealedColumn; 27] = [
    sealed!("door", "id", "secret_sealed"),
    sealed!("direct_identity", "id", "private_key_sealed"),
    sealed!("direct_key", "id", "private_key_sealed"),
    sealed!("transmission", "id", "fax_id_sealed"),
    sealed!("transmission", "id", "sha256_sealed"),
    sealed!("transmission", "id", "details_sealed"),
    sealed!("inbound_message", "id", "envelope_sealed"),
    sealed!("referral", "id", "status_data_sealed"),
    sealed!("referral_event", "id", "note_sealed"),
    sealed!("field_value", "id", "value_sealed"),
    sealed!("field_value", "id", "raw_sealed"),
    sealed!("note", "id", "text_sealed"),
    sealed!("information_request", "id", "asked_sealed"),
    sealed!("delivery", "id", "proof_sealed"),
    sealed!("delivery_report", "message_id", "said_sealed"),
    sealed!("delivery_gap", "id", "fax_id_sealed"),
    sealed!("door_check", "door_id", "api_key_sealed"),
    sealed!("legal_hold", "id", "reason_sealed"),
    sealed!("memo", "id", "text_sealed"),
    sealed!("emergency", "id", "reason_sealed"),
    sealed!("patient", "id", "record_sealed"),
    sealed!("oidc_attempt", "id", "secrets_sealed"),
    sealed!("second_factor", "user_id", "secret_sealed"),
    sealed!("referral_order", "referral_id", "order_sealed"),
    sealed!("order_message", "transmission_id", "said_sealed"),
    sealed!("passkey", "id", "credential_sealed"),
    sealed!("passkey_attempt", "id", "state_sealed"),
];

impl SealedColumn {
    /// Seals up to `limit` cells behind the row `after` under the newest key. Gives the last row that it looked at and how many
    /// cells it sealed; `None` when no older one is left behind `after`.
    pub async fn reseal(&self, tx: &mut Tx, after: &str, limit: u32) -> Result<Option<(String, u64)>> {
        let newest = tx.keys().field.version().to_be_bytes().to_vec();
        let cells: Vec<(String, Vec<u8>)> = column_statement(self.outdated)
            .bind(after.to_owned())
            .bind(newest)
            .bind(i64::from(limit))
            .fetch_all(tx)
            .await?;
        let Some((last, _)) = cells.last() else { return Ok(None) };
        let last = last.clone();
        let mut sealed = 0;
        for (row, before) in cells {
            let cell = Cell::new(self.table, &row, self.column);
            let plain = zeroize::Zeroizing::new(tx.unseal(cell, &before)?);
            let now = tx.seal(cell, &plain);
            // A cell that somebody wrote meanwhile is under the newest key already.
            sealed += column_statement(self.replace)
                .bind(row)
                .bind(before)
                .bind(now)
                .execute(tx)
                .await?;
        }
        Ok(Some((last, sealed)))
    }
}
