//! Looking into the audit log: its newest rows of a kind, and everything that happened to a referral.
//!
//! Ids sort by the time of their making, so that a stretch of time is a stretch of ids, and each question has its own index.

use super::audit::Row;
use super::{Result, Tx, sql, sql_for};
use crate::domain::ids::{AuditId, ReferralId};
use chrono::{DateTime, NaiveDate, Utc};

/// Behind every id, in the order of any locale.
const BEHIND_ALL: &str = "aud_Z";

/// From when until when, as ids: the end is not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    from: String,
    before: String,
}

impl Span {
    pub fn new(since: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>) -> Self {
        let first = |at: DateTime<Utc>| AuditId::first_at(at).to_string();
        Self {
            from: since.map(first).unwrap_or_default(),
            before: until.map_or_else(|| BEHIND_ALL.to_owned(), first),
        }
    }

    /// Only what is older than this row.
    #[must_use]
    pub fn before(self, row: &AuditId) -> Self {
        Self {
            before: self.before.min(row.to_string()),
            ..self
        }
    }
}

/// Which rows are looked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    pub actor: Option<&'a str>,
    /// Any, where it is empty.
    pub acts: &'a [&'static str],
    /// Only what was not allowed.
    pub refused: bool,
    pub span: Span,
}

/// The newest rows first.
pub async fn newest(tx: &mut Tx, wanted: &Wanted<'_>, limit: u32) -> Result<Vec<Row>> {
    if wanted.acts.is_empty() {
        return page(tx, wanted, None, limit).await;
    }
    let mut rows = Vec::new();
    for act in wanted.acts {
        rows.extend(page(tx, wanted, Some(act), limit).await?);
    }
    rows.sort_by(|one, other| other.id.cmp(&one.id));
    rows.truncate(limit as usize);
    Ok(rows)
}

/// A text each, so that each has its index.
async fn page(tx: &mut Tx, wanted: &Wanted<'_>, act: Option<&'static str>, limit: u32) -> Result<Vec<Row>> {
    let statement = match (wanted.refused, wanted.actor, act) {
        (true, ..) => sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where outcome <> 'allowed' and id >= $1 and id < $2 and (cast($4 as text) is null or actor = $4)
               and (cast($5 as text) is null or action = $5)
             order by id desc limit $3",
        ),
        (false, None, None) => sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where id >= $1 and id < $2 order by id desc limit $3",
        ),
        (false, Some(_), None) => sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where actor = $4 and id >= $1 and id < $2 order by id desc limit $3",
        ),
        (false, None, Some(_)) => sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where action = $4 and id >= $1 and id < $2 order by id desc limit $3",
        ),
        (false, Some(_), Some(_)) => sql(
            "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
             where actor = $4 and action = $5 and id >= $1 and id < $2 order by id desc limit $3",
        ),
    };
    let statement = statement
        .bind(wanted.span.from.clone())
        .bind(wanted.span.before.clone())
        .bind(i64::from(limit));
    let actor = wanted.actor.map(str::to_owned);
    let statement = match (wanted.refused, actor, act) {
        (true, actor, act) => statement.bind(actor).bind(act.map(str::to_owned)),
        (false, None, None) => statement,
        (false, Some(actor), None) => statement.bind(actor),
        (false, None, Some(act)) => statement.bind(act.to_owned()),
        (false, Some(actor), Some(act)) => statement.bind(actor).bind(act.to_owned()),
    };
    statement.fetch_all(tx).await
}

/// What was done to one thing, the newest first.
pub async fn of_resource(tx: &mut Tx, (kind, id): (&str, &str), span: &Span, limit: u32) -> Result<Vec<Row>> {
    sql(
        "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
         where resource_kind = $1 and resource_id = $2 and id >= $3 and id < $4 order by id desc limit $5",
    )
    .bind(kind.to_owned())
    .bind(id.to_owned())
    .bind(span.from.clone())
    .bind(span.before.clone())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await
}

/// Remembers that these referrals stood in a list, so that the rows are found by them. Part of writing the row.
pub(super) async fn note_list(tx: &mut Tx, referrals: &serde_json::Value, actor: &str, day: NaiveDate) -> Result<()> {
    // In one order, so that two who open the same list at once never wait for each other.
    sql_for(
        "insert into audit_listed (referral_id, day, actor)
         select value, cast($2 as text), cast($3 as text) from json_each($1) where true order by value
         on conflict do nothing",
        "insert into audit_listed (referral_id, day, actor)
         select value, cast($2 as text), cast($3 as text) from jsonb_array_elements_text(cast($1 as jsonb)) as shown (value)
         order by value on conflict do nothing",
    )
    .bind(referrals.to_string())
    .bind(day.to_string())
    .bind(actor.to_owned())
    .execute(tx)
    .await?;
    Ok(())
}

/// A day on which somebody was shown a list with a referral in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub day: NaiveDate,
    pub actor: String,
}

/// The newest day first, within these days.
pub async fn listed(
    tx: &mut Tx,
    referral: &ReferralId,
    (first, last): (NaiveDate, NaiveDate),
    limit: u32,
) -> Result<Vec<Listed>> {
    let rows: Vec<(String, String)> = sql("select day, actor from audit_listed
         where referral_id = $1 and day >= $2 and day <= $3 order by day desc, actor limit $4")
    .bind(referral.clone())
    .bind(first.to_string())
    .bind(last.to_string())
    .bind(i64::from(limit))
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|(day, actor)| {
            let day = day
                .parse()
                .map_err(|_| super::Error::inconsistent("audit_listed", referral.as_str(), "day"))?;
            Ok(Listed { day, actor })
        })
        .collect()
}

/// The lists that one actor was shown within a span, with this referral in them, the newest first.
pub async fn lists_with(tx: &mut Tx, actor: &str, referral: &ReferralId, span: &Span) -> Result<Vec<Row>> {
    sql(
        "select id, at, actor, action, resource_kind, resource_id, outcome, detail, mac from audit
         where actor = $1 and id >= $2 and id < $3 and resource_kind = 'list' and detail like $4 order by id desc",
    )
    .bind(actor.to_owned())
    .bind(span.from.clone())
    .bind(span.before.clone())
    .bind(format!("%\"{referral}\"%"))
    .fetch_all(tx)
    .await
}
