//! Every value that a field ever had. Nothing is overwritten: the newest row counts, the others are its history.

use super::counts::count;
use super::{Cell, Result, Tx, sql};
use crate::domain::fields::{FieldContent, FieldKey, Passage};
use crate::domain::ids::{FieldValueId, ReferralId};
use crate::domain::page::PixelBox;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use std::collections::BTreeMap;

const TABLE: &str = "field_value";

/// The `source` of values that were read, not typed.
pub const MACHINE: &str = "machine";

/// One value at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldValue {
    /// [`MACHINE`], or who corrected.
    pub source: String,
    /// `None` where a person cleared the field, or where the text on the page is no valid value.
    pub value: Option<FieldContent>,
    /// The text as it stands on the page.
    pub raw: Option<String>,
    pub confidence: f64,
    pub page: Option<u32>,
    pub bounds: Option<PixelBox>,
    pub boxes: Vec<PixelBox>,
    pub rule: String,
    /// Where it stands in a document that is data.
    pub passage: Option<Passage>,
    /// A problem's code with its detail.
    pub problem: Option<(String, String)>,
    pub created_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct FieldRow {
    id: FieldValueId,
    key: FieldKey,
    source: String,
    value_sealed: Option<Vec<u8>>,
    raw_sealed: Option<Vec<u8>>,
    confidence: f64,
    page: Option<i64>,
    r#box: Option<Json<PixelBox>>,
    boxes: Option<Json<Vec<PixelBox>>>,
    rule: String,
    passage: Option<Json<Passage>>,
    problem: Option<String>,
    problem_detail: Option<String>,
    created_at: DateTime<Utc>,
}

impl FieldRow {
    fn field(self, tx: &Tx) -> Result<(FieldKey, FieldValue)> {
        let row = self.id.to_string();
        let value = FieldValue {
            value: match self.value_sealed {
                Some(sealed) => Some(tx.unseal_json(Cell::new(TABLE, &row, "value_sealed"), &sealed)?),
                None => None,
            },
            raw: match self.raw_sealed {
                Some(sealed) => Some(tx.unseal_json(Cell::new(TABLE, &row, "raw_sealed"), &sealed)?),
                None => None,
            },
            page: self.page.map(|page| count(TABLE, &row, "page", page)).transpose()?,
            source: self.source,
            confidence: self.confidence,
            bounds: self.r#box.map(|Json(bounds)| bounds),
            boxes: self.boxes.map(|Json(boxes)| boxes).unwrap_or_default(),
            rule: self.rule,
            passage: self.passage.map(|Json(passage)| passage),
            problem: self.problem.map(|code| (code, self.problem_detail.unwrap_or_default())),
            created_at: self.created_at,
        };
        Ok((self.key, value))
    }
}

/// Adds a value behind those that the field had.
pub async fn append(tx: &mut Tx, referral: &ReferralId, key: &FieldKey, value: &FieldValue) -> Result<()> {
    let id = FieldValueId::new(value.created_at);
    let row = id.to_string();
    let value_sealed = value
        .value
        .as_ref()
        .map(|content| tx.seal_json(Cell::new(TABLE, &row, "value_sealed"), content));
    let raw_sealed = value
        .raw
        .as_ref()
        .map(|raw| tx.seal_json(Cell::new(TABLE, &row, "raw_sealed"), raw));
    let boxes = (!value.boxes.is_empty()).then(|| Json(value.boxes.clone()));
    sql("insert into field_value
           (id, referral_id, key, sequence, source, value_sealed, raw_sealed, confidence, page, box, boxes, rule,
            problem, problem_detail, created_at, passage)
         values ($1, $2, $3,
                 (select coalesce(max(sequence), 0) + 1 from field_value where referral_id = $2 and key = $3),
                 $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
    .bind(id)
    .bind(referral.clone())
    .bind(key.clone())
    .bind(value.source.clone())
    .bind(value_sealed)
    .bind(raw_sealed)
    .bind(value.confidence)
    .bind(value.page.map(i64::from))
    .bind(value.bounds.map(Json))
    .bind(boxes)
    .bind(value.rule.clone())
    .bind(value.problem.as_ref().map(|(code, _)| code.clone()))
    .bind(value.problem.as_ref().map(|(_, detail)| detail.clone()))
    .bind(value.created_at)
    .bind(value.passage.clone().map(Json))
    .execute(tx)
    .await?;
    Ok(())
}

/// The value of every field that counts now.
pub async fn current(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<FieldKey, FieldValue>> {
    sql(
        "select id, key, source, value_sealed, raw_sealed, confidence, page, box, boxes, rule, passage, problem,
                problem_detail, created_at
         from field_value v
         where referral_id = $1
           and sequence = (select max(sequence) from field_value n where n.referral_id = $1 and n.key = v.key)
         order by key",
    )
    .bind(referral.clone())
    .fetch_all::<FieldRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.field(tx))
    .collect()
}

/// The values that lists show.
pub async fn heading(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<FieldKey, FieldValue>> {
    sql(
        "select id, key, source, value_sealed, raw_sealed, confidence, page, box, boxes, rule, passage, problem,
                problem_detail, created_at
         from field_value v
         where referral_id = $1
           and key in ('patient.name', 'patient.birth_date', 'referrer.name', 'referrer.organization', 'referral.specialty')
           and sequence = (select max(sequence) from field_value n where n.referral_id = $1 and n.key = v.key)",
    )
    .bind(referral.clone())
    .fetch_all::<FieldRow>(tx)
    .await?
    .into_iter()
    .map(|row| row.field(tx))
    .collect()
}

/// The value of one field that counts now.
pub async fn current_of(tx: &mut Tx, referral: &ReferralId, key: &FieldKey) -> Result<Option<FieldValue>> {
    let row = sql(
        "select id, key, source, value_sealed, raw_sealed, confidence, page, box, boxes, rule, passage, problem,
                problem_detail, created_at
         from field_value where referral_id = $1 and key = $2 order by sequence desc limit 1",
    )
    .bind(referral.clone())
    .bind(key.clone())
    .fetch_optional::<FieldRow>(tx)
    .await?;
    row.map(|row| row.field(tx).map(|(_, value)| value)).transpose()
}

/// All values of all fields, oldest first.
pub async fn history(tx: &mut Tx, referral: &ReferralId) -> Result<BTreeMap<FieldKey, Vec<FieldValue>>> {
    let rows = sql(
        "select id, key, source, value_sealed, raw_sealed, confidence, page, box, boxes, rule, passage, problem,
                problem_detail, created_at
         from field_value where referral_id = $1 order by key, sequence",
    )
    .bind(referral.clone())
    .fetch_all::<FieldRow>(tx)
    .await?;
    let mut history: BTreeMap<FieldKey, Vec<FieldValue>> = BTreeMap::new();
    for row in rows {
        let (key, value) = row.field(tx)?;
        history.entry(key).or_default().push(value);
    }
    Ok(history)
}
