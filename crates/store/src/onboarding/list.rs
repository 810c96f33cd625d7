//! The portfolio: filtered, sorted, searched, page by page.

use gangway_domain::ids::{AccountId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::methodology::Light;
use gangway_domain::money::Money;
use gangway_domain::programme::Stage;
use jiff::civil::Date;
use sqlx::FromRow;
use thiserror::Error;

use super::date;
use super::filter::{arguments, filter};
use super::now::{self, KeyDates};
use super::sort::ranked;
pub use super::sort::{Cursor, InvalidCursor, SortBy};
use crate::db::Tx;
use crate::error::StoreError;
use crate::standing::light;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, word};

/// The columns of a line; `$today` is the parameter that holds the day "now".
macro_rules! columns {
    ($today:literal) => {
        concat!(
            "o.id, o.customer, o.customer_key, o.product, o.use_case, o.state_name, o.segment, o.segment_name,
             o.touch, o.acv_minor, o.currency, o.starts_on, o.kickoff_on, o.go_live_on, o.go_live_target,
             o.first_value_on, o.finish_on, o.late_days, o.document_score, o.warnings,
             o.urgency, o.next_on, o.plan_rank, o.state_rank, o.p80_on, o.kept_percent, o.light,
             o.light_because,
             (SELECT h.score FROM health_state h
               WHERE h.workspace_id = o.workspace_id AND h.onboarding_id = o.id) AS health_score,
             (SELECT h.status FROM health_state h
               WHERE h.workspace_id = o.workspace_id AND h.onboarding_id = o.id) AS health,
             (SELECT p.name FROM phase p
               WHERE p.workspace_id = o.workspace_id AND p.onboarding_id = o.id AND p.starts_on <= ",
            $today,
            " ORDER BY p.position DESC LIMIT 1) AS phase,
             (SELECT p.stage FROM phase p
               WHERE p.workspace_id = o.workspace_id AND p.onboarding_id = o.id AND p.starts_on <= ",
            $today,
            " ORDER BY p.position DESC LIMIT 1) AS stage,
             (SELECT w.name FROM membership m JOIN person w ON w.id = m.person_id
               WHERE m.workspace_id = o.workspace_id AND m.person_id = o.owner_id) AS owner"
        )
    };
}
pub(super) use columns;

/// A page of the portfolio in one order. Everything is bound in every order, so that all of them share their
/// arguments: those of the filter, today, limit, key and id of the row the page starts after; where more
/// onboardings share a key (`ranked`, and by urgency) also the next date of that row. The typed use of a
/// parameter comes before its `IS NULL`, or PostgreSQL cannot tell what it is.
macro_rules! page {
    (ranked $column:literal, $direction:literal, $after:literal) => {
        page!(
            concat!("(o.", $column, ", o.next_on, o.id) ", $after, " ($15, $17, $16)"),
            concat!("o.", $column, " ", $direction, ", o.next_on ", $direction, ", o.id ", $direction)
        )
    };
    ($column:literal, $direction:literal, $after:literal) => {
        page!(
            concat!("(o.", $column, ", o.id) ", $after, " ($15, $16)"),
            concat!("o.", $column, " ", $direction, ", o.id ", $direction)
        )
    };
    ($after:expr, $order:expr) => {
        concat!(
            "SELECT ",
            columns!("$13"),
            " FROM onboarding o WHERE ",
            filter!(),
            " AND (",
            $after,
            " OR $16 IS NULL) ORDER BY ",
            $order,
            " LIMIT $14"
        )
    };
}

sql! {
    "onboarding::list";
    BY_CUSTOMER = page!("customer_key", "ASC", ">");
    BY_CUSTOMER_DESC = page!("customer_key", "DESC", "<");
    BY_STATE = page!(ranked "state_rank", "ASC", ">");
    BY_STATE_DESC = page!(ranked "state_rank", "DESC", "<");
    BY_PLAN = page!(ranked "plan_rank", "ASC", ">");
    BY_PLAN_DESC = page!(ranked "plan_rank", "DESC", "<");
    BY_NEXT = page!("next_on", "ASC", ">");
    BY_NEXT_DESC = page!("next_on", "DESC", "<");
    BY_KICKOFF = page!("kickoff_on", "ASC", ">");
    BY_KICKOFF_DESC = page!("kickoff_on", "DESC", "<");
    BY_GO_LIVE = page!("go_live_on", "ASC", ">");
    BY_GO_LIVE_DESC = page!("go_live_on", "DESC", "<");
    BY_P80 = page!("p80_on", "ASC", ">");
    BY_P80_DESC = page!("p80_on", "DESC", "<");
    BY_COLOUR = page!(ranked "light", "ASC", ">");
    BY_COLOUR_DESC = page!(ranked "light", "DESC", "<");
    BY_FINISH = page!("finish_on", "ASC", ">");
    BY_FINISH_DESC = page!("finish_on", "DESC", "<");
    BY_LATE = page!("late_days", "ASC", ">");
    BY_LATE_DESC = page!("late_days", "DESC", "<");
    BY_QUALITY = page!("document_score", "ASC", ">");
    BY_QUALITY_DESC = page!("document_score", "DESC", "<");
    BY_URGENCY = page!(
        "(o.urgency < $15 OR (o.urgency = $15 AND (o.next_on, o.id) > ($17, $16)))",
        "o.urgency DESC, o.next_on ASC, o.id ASC"
    );
    BY_URGENCY_DESC = page!(
        "(o.urgency > $15 OR (o.urgency = $15 AND (o.next_on, o.id) < ($17, $16)))",
        "o.urgency ASC, o.next_on DESC, o.id DESC"
    );
    // In no order: asked for one, SQLite walks through everything in that order.
    OF_ACCOUNT = concat!(
        "SELECT ",
        columns!("$3"),
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
    /// Status of its health, when it was judged.
    pub health: Option<String>,
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
    health_score: Option<i64>,
    health: Option<String>,
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
            health: row.health,
        }
    }
}

pub(crate) fn money(minor: Option<i64>, currency: Option<String>) -> Option<Money> {
    Some(Money { minor: minor?, currency: currency?.parse().ok()? })
}

fn statement(sort: SortBy, direction: Direction) -> &'static str {
    use Direction::{Ascending, Descending};
    match (sort, direction) {
        (SortBy::Customer, Ascending) => BY_CUSTOMER,
        (SortBy::Customer, Descending) => BY_CUSTOMER_DESC,
        (SortBy::State, Ascending) => BY_STATE,
        (SortBy::State, Descending) => BY_STATE_DESC,
        (SortBy::Plan, Ascending) => BY_PLAN,
        (SortBy::Plan, Descending) => BY_PLAN_DESC,
        (SortBy::Next, Ascending) => BY_NEXT,
        (SortBy::Next, Descending) => BY_NEXT_DESC,
        (SortBy::Kickoff, Ascending) => BY_KICKOFF,
        (SortBy::Kickoff, Descending) => BY_KICKOFF_DESC,
        (SortBy::GoLive, Ascending) => BY_GO_LIVE,
        (SortBy::GoLive, Descending) => BY_GO_LIVE_DESC,
        (SortBy::P80, Ascending) => BY_P80,
        (SortBy::P80, Descending) => BY_P80_DESC,
        (SortBy::Colour, Ascending) => BY_COLOUR,
        (SortBy::Colour, Descending) => BY_COLOUR_DESC,
        (SortBy::Finish, Ascending) => BY_FINISH,
        (SortBy::Finish, Descending) => BY_FINISH_DESC,
        (SortBy::Late, Ascending) => BY_LATE,
        (SortBy::Late, Descending) => BY_LATE_DESC,
        (SortBy::Quality, Ascending) => BY_QUALITY,
        (SortBy::Quality, Descending) => BY_QUALITY_DESC,
        (SortBy::Urgency, Ascending) => BY_URGENCY,
        (SortBy::Urgency, Descending) => BY_URGENCY_DESC,
    }
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
    let rows: Vec<Row> = tx.all(OF_ACCOUNT, args![workspace, account, today]).await?;
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
