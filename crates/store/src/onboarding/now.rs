//! What a row says of "now": where its plan is, which date comes next, how urgent it is. Kept with the row,
//! so that the portfolio counts and orders by ranges of an index, and worked out again on the day it changes.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::ToSpan;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use super::date;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::args;

sql! {
    "onboarding::now";
    STALE = "SELECT id FROM onboarding WHERE workspace_id = $1 AND now_until <= $2
             UNION ALL
             SELECT id FROM onboarding WHERE workspace_id = $1 AND now_from > $2
             LIMIT 1";
    // Those to be worked out again, each with every phase of its plan.
    OUTDATED = "SELECT o.id, o.version, o.state_name, o.kickoff_on, o.go_live_on, o.first_value_on, o.finish_on,
                       o.late_days, o.now_from, o.now_until, p.stage, p.starts_on, p.until_on
                FROM (SELECT workspace_id, id, version, state_name, kickoff_on, go_live_on, first_value_on,
                             finish_on, late_days, now_from, now_until
                      FROM onboarding WHERE workspace_id = $1 AND id > $3 AND (now_until <= $2 OR now_from > $2)
                      ORDER BY id LIMIT $4) o
                LEFT JOIN phase p ON p.workspace_id = o.workspace_id AND p.onboarding_id = o.id
                ORDER BY o.id, p.position";
    // Whoever changed the row meanwhile has marked it outdated again. Whoever worked it out meanwhile is
    // overruled only where what they kept is of an earlier day and over on this one.
    KEEP = "UPDATE onboarding SET place = $4, next_on = $5, urgency = $6, now_from = $7, now_until = $8,
                   plan_rank = $11, state_rank = $12
            WHERE workspace_id = $1 AND id = $2 AND version = $3
              AND ((now_from = $9 AND now_until = $10) OR (now_from <= $7 AND now_until <= $7))";
}

/// The place of a plan that has not begun.
pub const NOT_BEGUN: &str = "not-begun";

/// The dates of an onboarding that people look forward to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyDates {
    /// Kickoff.
    pub kickoff: Date,
    /// Planned go-live.
    pub go_live: Date,
    /// Planned first value.
    pub first_value: Option<Date>,
    /// Planned end.
    pub finish: Date,
}

/// Which of the key dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The kickoff.
    Kickoff,
    /// The go-live.
    GoLive,
    /// The first value.
    FirstValue,
    /// The end.
    Finish,
}

impl Next {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Kickoff => "Kickoff",
            Self::GoLive => "Go-live",
            Self::FirstValue => "First value",
            Self::Finish => "Finish",
        }
    }
}

impl KeyDates {
    /// What comes next: the kickoff until it was held, also when its day is over; then the earliest date that is
    /// not over; the end once all are, or when the onboarding is.
    #[must_use]
    pub fn next(&self, state: &str, today: Date) -> (Next, Date) {
        let Self { kickoff, go_live, first_value, finish } = *self;
        match state {
            "planned" => (Next::Kickoff, kickoff),
            "running" => {
                [(Next::GoLive, Some(go_live)), (Next::FirstValue, first_value), (Next::Finish, Some(finish))]
                    .into_iter()
                    .filter_map(|(next, day)| Some((next, day?)))
                    .filter(|(_, day)| *day >= today)
                    .min_by_key(|(_, day)| *day)
                    .unwrap_or((Next::Finish, finish))
            }
            _ => (Next::Finish, finish),
        }
    }
}

/// How urgent an onboarding is, the largest first: the days it is late; those that are over come after all that
/// are not, the latest end first.
#[must_use]
pub fn urgency(state: &str, late_days: i64, finish: Date) -> i64 {
    if is_over(state) { -i64::from((Date::MAX - finish).get_days()) - 1 } else { late_days.max(0) }
}

fn is_over(state: &str) -> bool {
    matches!(state, "completed" | "closed")
}

/// Places in the order plans go through them.
const PLACES: [&str; 10] = [
    NOT_BEGUN,
    "handoff",
    "kickoff",
    "configure",
    "train",
    "pilot",
    "go-live",
    "transition",
    "completed",
    "closed",
];

/// States in the order onboardings go through them.
const STATES: [&str; 4] = ["planned", "running", "completed", "closed"];

fn rank(order: &[&str], word: &str) -> i64 {
    let place = order.iter().position(|known| *known == word).unwrap_or(order.len());
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// How far a plan is, and how far its state and then its plan are.
fn ranks(state: &str, place: &str) -> (i64, i64) {
    let plan = rank(&PLACES, place);
    (plan, rank(&STATES, state) * 100 + plan)
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Now {
    place: String,
    /// The last day there is once the onboarding is over: nothing comes next.
    next_on: Date,
    urgency: i64,
    plan_rank: i64,
    state_rank: i64,
    /// The first day on which it does not hold any more.
    until: Date,
}

/// A phase: its stage, and from when until when it is the current one.
type Span = (String, Date, Date);

impl Now {
    fn of(state: &str, dates: KeyDates, late_days: i64, phases: &[Span], today: Date) -> Self {
        let (_, next_on) = dates.next(state, today);
        let urgency = urgency(state, late_days, dates.finish);
        if is_over(state) {
            let (plan_rank, state_rank) = ranks(state, state);
            let (place, until) = (state.to_owned(), Date::MAX);
            return Self { place, next_on: Date::MAX, urgency, plan_rank, state_rank, until };
        }
        let current = phases.iter().find(|(_, from, until)| *from <= today && today < *until);
        let begins = phases.iter().map(|(_, from, _)| *from).filter(|from| *from > today).min();
        // A kickoff that was not held, and an end that has passed, stay what comes next.
        let waits = state == "planned" || next_on < today;
        let passed = if waits { Date::MAX } else { next_on.saturating_add(1.day()) };
        let place = current.map_or_else(|| NOT_BEGUN.to_owned(), |(stage, ..)| stage.clone());
        let (plan_rank, state_rank) = ranks(state, &place);
        Self {
            place,
            next_on,
            urgency,
            plan_rank,
            state_rank,
            until: begins.unwrap_or(Date::MAX).min(passed),
        }
    }
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    state_name: String,
    kickoff_on: Day,
    go_live_on: Day,
    first_value_on: Option<Day>,
    finish_on: Day,
    late_days: i64,
    now_from: Day,
    now_until: Day,
    stage: Option<String>,
    starts_on: Option<Day>,
    until_on: Option<Day>,
}

impl Row {
    fn span(&self) -> Option<Span> {
        Some((self.stage.clone()?, date(self.starts_on)?, date(self.until_on)?))
    }
}

/// Whether some rows of a workspace say what does not hold on this day.
///
/// # Errors
/// When the database fails.
pub async fn is_stale(tx: &mut Tx, workspace: WorkspaceId, today: Date) -> Result<bool, StoreError> {
    let row: Option<(Uuid,)> = tx.optional(STALE, args![workspace, today]).await?;
    Ok(row.is_some())
}

/// What a row is to say of a day, worked out from the row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The onboarding.
    pub id: OnboardingId,
    /// The version of the row.
    version: i64,
    /// From when until when holds what the row said.
    said: (Date, Date),
    /// The day it is worked out for.
    today: Date,
    now: Now,
}

/// Works out, in order of ids, what at most `limit` rows should say whose words do not hold on this day,
/// beginning after an id. Nothing is written: see [`keep`].
///
/// # Errors
/// When the database fails.
pub async fn answers(
    tx: &mut Tx,
    workspace: WorkspaceId,
    today: Date,
    after: Option<OnboardingId>,
    limit: u32,
) -> Result<Vec<Answer>, StoreError> {
    let after = after.map_or(Uuid::nil(), OnboardingId::uuid);
    let rows: Vec<Row> = tx.all(OUTDATED, args![workspace, today, after, limit]).await?;
    let answers = rows.chunk_by(|one, other| one.id == other.id).filter_map(|rows| {
        let row = rows.first()?;
        let dates = KeyDates {
            kickoff: row.kickoff_on.into(),
            go_live: row.go_live_on.into(),
            first_value: date(row.first_value_on),
            finish: row.finish_on.into(),
        };
        let phases: Vec<Span> = rows.iter().filter_map(Row::span).collect();
        Some(Answer {
            id: OnboardingId::from(row.id),
            version: row.version,
            said: (row.now_from.into(), row.now_until.into()),
            today,
            now: Now::of(&row.state_name, dates, row.late_days, &phases, today),
        })
    });
    Ok(answers.collect())
}

/// Keeps answers with their rows, also in another transaction than they were worked out in: a row that was
/// changed since stays outdated, and one for which somebody has kept an answer that still holds, or is of a
/// later day, keeps that. Versions stay: nothing that somebody said is changed.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &mut Tx, workspace: WorkspaceId, answers: &[Answer]) -> Result<(), StoreError> {
    for Answer { id, version, said: (from, until), today, now } in answers {
        let Now { place, next_on, urgency, plan_rank, state_rank, until: end } = now;
        let row = args![
            workspace,
            *id,
            *version,
            place,
            *next_on,
            *urgency,
            *today,
            *end,
            *from,
            *until,
            *plan_rank,
            *state_rank,
        ];
        tx.run(KEEP, row).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2027, 1, 4);

    fn dates(kickoff: i64, go_live: i64, first_value: Option<i64>, finish: i64) -> KeyDates {
        let day = |days: i64| TODAY.saturating_add(days.days());
        KeyDates {
            kickoff: day(kickoff),
            go_live: day(go_live),
            first_value: first_value.map(day),
            finish: day(finish),
        }
    }

    #[test]
    fn the_next_date_is_the_first_that_is_not_over() {
        let on = |days: i64| TODAY.saturating_add(days.days());
        assert_eq!(
            dates(-3, 20, Some(30), 40).next("planned", TODAY),
            (Next::Kickoff, on(-3)),
            "not held yet"
        );
        assert_eq!(dates(-3, 20, Some(10), 40).next("running", TODAY), (Next::FirstValue, on(10)));
        assert_eq!(dates(-3, 0, Some(10), 40).next("running", TODAY), (Next::GoLive, on(0)), "today counts");
        assert_eq!(dates(-30, -5, None, 4).next("running", TODAY), (Next::Finish, on(4)));
        assert_eq!(dates(-90, -50, Some(-40), -4).next("running", TODAY), (Next::Finish, on(-4)), "overdue");
        assert_eq!(dates(-3, 20, None, 40).next("closed", TODAY), (Next::Finish, on(40)));
    }

    #[test]
    fn what_is_over_comes_last_and_the_latest_of_it_first() {
        let (march, april) = (date(2027, 3, 1), date(2027, 4, 1));
        assert!(urgency("running", 12, march) > urgency("planned", 0, april));
        assert!(urgency("planned", 0, march) > urgency("completed", 90, april));
        assert!(urgency("closed", 0, april) > urgency("completed", 90, march));
        assert!(urgency("closed", 0, Date::MAX) < 0);
    }

    #[test]
    fn places_and_states_have_their_order() {
        assert_eq!(ranks("planned", NOT_BEGUN), (0, 0));
        assert_eq!(ranks("running", "pilot"), (5, 105));
        assert_eq!(ranks("closed", "closed"), (9, 309));
        assert!(ranks("planned", "transition").1 < ranks("running", "handoff").1, "the state decides first");
    }

    proptest! {
        /// Looked at on any day until then, the answer is the same; and on that day it is another, or the date
        /// that came next was the day before (when that was the end, it stays). A cautious `until`, such as
        /// always tomorrow, does not pass.
        #[test]
        fn it_holds_until_the_day_it_says(
            starts in proptest::collection::btree_set(-60_i64..60, 0..8),
            (kickoff, live, value, finish) in (-60_i64..60, -60_i64..60, proptest::option::of(-60_i64..60), -60_i64..60),
            state in prop_oneof!["planned", "running", "completed", "closed"],
            later in 0_i64..130,
        ) {
            let starts: Vec<Date> = starts.into_iter().map(|days| TODAY.saturating_add(days.days())).collect();
            let phases: Vec<Span> = starts.iter().enumerate().map(|(index, from)| {
                (format!("stage-{index}"), *from, starts.get(index + 1).copied().unwrap_or(Date::MAX))
            }).collect();
            let dates = dates(kickoff, live, value, finish);
            let now = Now::of(&state, dates, 3, &phases, TODAY);
            prop_assert!(now.until > TODAY);
            let day = TODAY.saturating_add(later.days());
            let then = Now::of(&state, dates, 3, &phases, day);
            if day < now.until {
                prop_assert_eq!(&then, &now);
            }
            if now.until < Date::MAX {
                let then = Now::of(&state, dates, 3, &phases, now.until);
                let differs = (&then.place, then.next_on, then.urgency) != (&now.place, now.next_on, now.urgency);
                let passed = state == "running" && now.next_on.saturating_add(1.day()) == now.until;
                prop_assert!(differs || passed, "nothing happens on {}: {:?}", now.until, now);
            }
        }
    }
}
