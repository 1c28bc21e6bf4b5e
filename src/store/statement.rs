//! One SQL text for both databases, with each value encoded for both drivers as it is bound.

use super::Result;
use super::db::{Connection, Tx};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Encode, FromRow, Postgres, Sqlite, Type};

/// What can be bound on both databases: ids, enums, `DateTime<Utc>`, `Json<T>`, `bool`, `i64`, `f64`, texts, bytes, and
/// an `Option` of each. Integers of other sizes bind too, but only `i64` can be read back from both.
pub trait Bind: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> {}

impl<T> Bind for T where T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> {}

/// What can be read from both databases: a struct that derives `sqlx::FromRow`, or a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement for both databases.
pub fn sql(text: &'static str) -> Statement {
    sql_for(text, text)
}

/// A statement where the dialects must differ. Under ten of these exist.
pub fn sql_for(sqlite: &'static str, postgres: &'static str) -> Statement {
    Statement {
        sqlite,
        postgres,
        sqlite_values: SqliteArguments::default(),
        postgres_values: PgArguments::default(),
        refused: None,
    }
}

#[must_use = "a statement does nothing until it is executed"]
pub struct Statement {
    sqlite: &'static str,
    postgres: &'static str,
    sqlite_values: SqliteArguments,
    postgres_values: PgArguments,
    /// The first value that could not be encoded, told when the statement is run.
    refused: Option<BoxDynError>,
}

/// Runs `$method` of `$query` on whichever connection the transaction has.
macro_rules! run {
    ($self:ident, $tx:ident, $sqlite:expr, $postgres:expr, $method:ident) => {{
        $tx.usable()?;
        let outcome = match ($self.refused, $tx.connection()) {
            (Some(error), _) => Err(sqlx::Error::Encode(error)),
            (None, Connection::Sqlite(connection)) => $sqlite($self.sqlite, $self.sqlite_values)
                .$method(connection)
                .await
                .map(Into::into),
            (None, Connection::Postgres(connection)) => $postgres($self.postgres, $self.postgres_values)
                .$method(connection)
                .await
                .map(Into::into),
        };
        $tx.note(outcome)
    }};
}

impl Statement {
    pub fn bind<T: Bind>(mut self, value: T) -> Self {
        let encoded = self
            .sqlite_values
            .add(&value)
            .and_then(|()| self.postgres_values.add(value));
        if let Err(error) = encoded {
            self.refused.get_or_insert(error);
        }
        self
    }

    /// Runs it and gives the number of rows that it touched.
    pub async fn execute(self, tx: &mut Tx) -> Result<u64> {
        let done: Touched = run!(self, tx, sqlx::query_with, sqlx::query_with, execute)?;
        Ok(done.0)
    }

    pub async fn fetch_all<R: Row>(self, tx: &mut Tx) -> Result<Vec<R>> {
        run!(
            self,
            tx,
            sqlx::query_as_with::<Sqlite, R, _>,
            sqlx::query_as_with::<Postgres, R, _>,
            fetch_all
        )
    }

    pub async fn fetch_optional<R: Row>(self, tx: &mut Tx) -> Result<Option<R>> {
        run!(
            self,
            tx,
            sqlx::query_as_with::<Sqlite, R, _>,
            sqlx::query_as_with::<Postgres, R, _>,
            fetch_optional
        )
    }

    pub async fn fetch_one<R: Row>(self, tx: &mut Tx) -> Result<R> {
        run!(
            self,
            tx,
            sqlx::query_as_with::<Sqlite, R, _>,
            sqlx::query_as_with::<Postgres, R, _>,
            fetch_one
        )
    }

    /// The only column of each row.
    pub async fn fetch_scalars<T>(self, tx: &mut Tx) -> Result<Vec<T>>
    where
        (T,): Row,
    {
        Ok(self
            .fetch_all::<(T,)>(tx)
            .await?
            .into_iter()
            .map(|(value,)| value)
            .collect())
    }

    /// The only column of the only row.
    pub async fn fetch_scalar<T>(self, tx: &mut Tx) -> Result<T>
    where
        (T,): Row,
    {
        self.fetch_one::<(T,)>(tx).await.map(|(value,)| value)
    }

    /// The only column of the row, where there is one.
    pub async fn fetch_optional_scalar<T>(self, tx: &mut Tx) -> Result<Option<T>>
    where
        (T,): Row,
    {
        Ok(self.fetch_optional::<(T,)>(tx).await?.map(|(value,)| value))
    }
}

/// Rows touched, as either driver counts them.
struct Touched(u64);

impl From<sqlx::sqlite::SqliteQueryResult> for Touched {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Touched {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}
