//! Rows read into what they stand for.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use uuid::Uuid;

use crate::db::{Record, Tx};
use crate::error::StoreError;
use crate::value::{Value, args};

impl Tx {
    /// All rows, each read into what it stands for.
    pub(crate) async fn list<R: Record, T: TryFrom<R>>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<T>, StoreError>
    where
        StoreError: From<T::Error>,
    {
        let rows: Vec<R> = self.all(sql, args).await?;
        rows.into_iter().map(|row| T::try_from(row).map_err(StoreError::from)).collect()
    }

    /// The row there is, read into what it stands for.
    pub(crate) async fn one<R: Record, T: TryFrom<R>>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Option<T>, StoreError>
    where
        StoreError: From<T::Error>,
    {
        let row: Option<R> = self.optional(sql, args).await?;
        row.map(|row| T::try_from(row).map_err(StoreError::from)).transpose()
    }

    /// The ids a statement selects.
    pub(crate) async fn ids<Id: From<Uuid>>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<Id>, StoreError> {
        let rows: Vec<(Uuid,)> = self.all(sql, args).await?;
        Ok(rows.into_iter().map(|(id,)| Id::from(id)).collect())
    }

    /// Onboardings a round of the day has still to look at, in order of ids, after one of them. The statement takes the
    /// workspace, the day, the one before, and how many.
    pub(crate) async fn round(
        &mut self,
        sql: &'static str,
        workspace: WorkspaceId,
        today: Date,
        after: Option<OnboardingId>,
        limit: u32,
    ) -> Result<Vec<OnboardingId>, StoreError> {
        let after = after.map_or(Uuid::nil(), OnboardingId::uuid);
        self.ids(sql, args![workspace, today, after, limit]).await
    }

    /// The number a statement selects; 0 without a row.
    pub(crate) async fn single_number(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<i64, StoreError> {
        let row: Option<(i64,)> = self.optional(sql, args).await?;
        Ok(row.map_or(0, |(number,)| number))
    }
}
