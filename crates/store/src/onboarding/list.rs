//! The portfolio: filtered, sorted, searched, page by page.

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::methodology::Light;
use gangway_domain::money::Money;
use gangway_domain::programme::Stage;
use jiff::civil::Date;
use sqlx::FromRow;
use thiserror::Error;

use super::date;
use super::filter::arguments;
use super::now::{self, KeyDates};
use super::pages::{columns, statement};
use super::sort::ranked;
pub use super::sort::{Cursor, InvalidCursor, SortBy};
use super::watched;
use crate::db::Tx;
use crate::error::StoreError;
use crate::standing::light;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, word};

sql! {
    "onboarding::list";
    // In no order: asked for one, SQLite walks through everything in that order.
    OF_ACCOUNT = concat!(
        "SELECT ",
        columns!("$3", "$4"),
        " FROM onboarding o WHERE o.workspace_id = $1 AND o.account_id = $2"
    );
}

/// Smallest or largest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// Whose onboardings to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Of this person.
    Person(PersonId),
    /// Of nobody.
    Nobody,
}

/// The state of everything that is not over.
pub const OPEN: &str = "open";

/// Where a plan is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Before its first phase.
    NotBegun,
    /// In a phase of this stage.
    Stage(Stage),
}

impl At {
    /// The word of the place, as rows keep it.
    pub(super) fn word(self) -> Result<String, StoreError> {
        match self {
            Self::NotBegun => Ok(now::NOT_BEGUN.to_owned()),
            Self::Stage(stage) => word("stage", &stage),
        }
    }
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Only this segment (id).
    pub segment: Option<String>,
    /// Only this state (name), or [`OPEN`] for those planned or running.
    pub state: Option<String>,
    /// Only where customer, product or use case contains this, case ignored.
    pub search: Option<String>,
    /// Only those of this owner.
    pub owner: Option<Owner>,
    /// Only those whose go-live misses its target.
    pub late_only: bool,
    /// Only those whose plan is here today, of those planned or running.
    pub stage: Option<At>,
    /// Only those whose deal this person handed over.
    pub seller: Option<PersonId>,
    /// Only those of this colour.
    pub light: Option<Light>,
    /// Only those whose health has this status (name).
    pub health: Option<String>,
    /// Only those with an open signal of this severity or a graver one.
    pub signals: Option<Severity>,
    /// In order of.
    pub sort: SortBy,
    /// Which end first.
    pub direction: Direction,
    /// Start after this row.
    pub after: Option<Cursor>,
    /// At most so many rows.
    pub limit: u32,
    /// The day "now" in "phase now".
    pub today: Date,
}

impl Query {
    /// The first onboardings by customer, whatever their segment and state.
    #[must_use]
    pub fn first(limit: u32, today: Date) -> Self {
        Self {
            segment: None,
            state: None,
            search: None,
            owner: None,
            late_only: false,
            stage: None,
            seller: None,
            light: None,
            health: None,
            signals: None,
            sort: SortBy::Customer,
            direction: Direction::Ascending,
            after: None,
            limit,
            today,
        }
    }
}

/// One line of the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Id.
    pub id: OnboardingId,
    /// Customer.
    pub customer: String,
    /// Product(s).
    pub product: String,
    /// Use case in a few words.
    pub use_case: String,
    /// State (name).
    pub state: String,
    /// Segment (id).
    pub segment: String,
    /// Segment as people see it.
    pub segment_name: String,
    /// Touch model.
    pub touch: String,
    /// Annual contract value, when known.
    pub acv: Option<Money>,
    /// Phase the plan is in today; `None` before its first.
    pub phase: Option<String>,
    /// Stage of that phase, as in [`gangway_domain::programme::Stage`].
    pub stage: Option<String>,
    /// Who runs it.
    pub owner: Option<String>,
    /// First day of preparation.
    pub starts_on: Date,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Planned go-live.
    pub go_live_on: Date,
    /// Go-live the customer wants.
    pub go_live_target: Option<Date>,
    /// Planned first value.
    pub first_value_on: Option<Date>,
    /// Planned end.
    pub finish_on: Date,
    /// Calendar days by which go-live misses its target; 0 when it does not.
    pub late_days: i64,
    /// Handoff quality, 0–100.
    pub document_score: i64,
    /// Number of warnings.
    pub warnings: i64,
    /// The day by which it is live with 80 % certainty, by the latest forecast.
    pub p80_on: Option<Date>,
    /// The certainty with which the promised go-live is kept by that forecast, per cent.
    pub kept_percent: Option<i64>,
    /// The colour it has, by the rules or by a person; none for what is over or was not looked at yet.
    pub light: Option<Light>,
    /// Why, in a sentence without full stop; empty where nothing is wrong.
    pub light_because: String,
    /// Health score, 0 to 100, when it was judged and enough is known.
    pub health_score: Option<i64>,
    /// The score of [`watched::BEFORE`] days ago, when there was one.
    pub health_before: Option<i64>,
    /// Status of its health, when it was judged.
    pub health: Option<String>,
    /// Share of the weight of its health that has data, per cent, when it was judged.
    pub health_coverage: Option<i64>,
    /// Open signals.
    pub signals: i64,
    /// The severity of the gravest of them.
    pub gravest: Option<Severity>,
}

impl Line {
    /// Its key dates.
    #[must_use]
    pub fn dates(&self) -> KeyDates {
        KeyDates {
            kickoff: self.kickoff_on,
            go_live: self.go_live_on,
            first_value: self.first_value_on,
            finish: self.finish_on,
        }
    }
}

/// A page of the portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The lines in order.
    pub lines: Vec<Line>,
    /// Where the next page starts, when there is one.
    pub next: Option<Cursor>,
}

#[derive(FromRow)]
pub(super) struct Row {
    #[sqlx(try_from = "uuid::Uuid")]
    pub(super) id: OnboardingId,
    customer: String,
    pub(super) customer_key: String,
    product: String,
    use_case: String,
    state_name: String,
    segment: String,
    segment_name: String,
    touch: String,
    acv_minor: Option<i64>,
    currency: Option<String>,
    phase: Option<String>,
    stage: Option<String>,
    owner: Option<String>,
    starts_on: Day,
    pub(super) kickoff_on: Day,
    pub(super) go_live_on: Day,
    go_live_target: Option<Day>,
    first_value_on: Option<Day>,
    pub(super) finish_on: Day,
    pub(super) late_days: i64,
    pub(super) document_score: i64,
    warnings: i64,
    pub(super) p80_on: Day,
    kept_percent: Option<i64>,
    pub(super) light: i64,
    light_because: String,
    health: String,
    pub(super) health_rank: i64,
    health_score: Option<i64>,
    health_before: Option<i64>,
    health_coverage: Option<i64>,
    signals: i64,
    signal_rank: i64,
    pub(super) urgency: i64,
    pub(super) next_on: Day,
    pub(super) plan_rank: i64,
    pub(super) state_rank: i64,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        let Row { id, customer, product, use_case, state_name, segment, segment_name, touch, .. } = row;
        Self {
            id,
            customer,
            product,
            use_case,
            state: state_name,
            segment,
            segment_name,
            touch,
            acv: money(row.acv_minor, row.currency),
            phase: row.phase,
            stage: row.stage,
            owner: row.owner,
            starts_on: row.starts_on.into(),
            kickoff_on: row.kickoff_on.into(),
            go_live_on: row.go_live_on.into(),
            go_live_target: date(row.go_live_target),
            first_value_on: date(row.first_value_on),
            finish_on: row.finish_on.into(),
            late_days: row.late_days,
            document_score: row.document_score,
            warnings: row.warnings,
            // The last day there is stands for none.
            p80_on: Some(Date::from(row.p80_on)).filter(|day| *day < Date::MAX),
            kept_percent: row.kept_percent,
            light: light(row.light),
            light_because: row.light_because,
            health_score: row.health_score,
            health_before: row.health_before,
            health: Some(row.health).filter(|status| !status.is_empty()),
            health_coverage: row.health_coverage,
            signals: row.signals,
            gravest: watched::severity(row.signal_rank),
        }
    }
}

pub(crate) fn money(minor: Option<i64>, currency: Option<String>) -> Option<Money> {
    Some(Money { minor: minor?, currency: currency?.parse().ok()? })
}

/// What a list can fail with.
#[derive(Debug, Error)]
pub enum ListError {
    /// The cursor is of another list.
    #[error(transparent)]
    Cursor(#[from] InvalidCursor),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of the portfolio. Stages, urgency and what comes next are those of the day rows were settled for: see
/// [`now::keep`].
///
/// # Errors
/// When the cursor does not fit the sort, or the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Page, ListError> {
    let Query { sort, direction, after, limit, today, .. } = query;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX).clamp(1, 500);
    let mut args = arguments(workspace, query)?;
    args.extend(args![
        *today,
        watched::before(*today),
        // One more than asked for tells whether there is a next page.
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        sort.value(after.as_ref())?,
        after.as_ref().map(|cursor| cursor.id),
    ]);
    if sort.is_ranked() {
        args.push(Value::from(ranked(after.as_ref())?.map(|(_, next)| next)));
    }
    let mut rows: Vec<Row> = tx.all(statement(*sort, *direction), args).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: sort.key(row), id: row.id });
    Ok(Page { lines: rows.into_iter().map(Line::from).collect(), next })
}

/// The onboardings of an account, the latest kickoff first.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    today: Date,
) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<Row> = tx.all(OF_ACCOUNT, args![workspace, account, today, watched::before(today)]).await?;
    let mut lines: Vec<Line> = rows.into_iter().map(Line::from).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.kickoff_on, line.id)));
    Ok(lines)
}

/// Text to look for anywhere, as a LIKE pattern in lower case.
pub(crate) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.trim().to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_wildcards_literally() {
        assert_eq!(pattern(" 50%_Off\\ "), "%50\\%\\_off\\\\%");
    }
}
