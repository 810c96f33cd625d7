//! The statements of the portfolio's pages: one for each order and each of its ends.

use super::filter::filter;
use super::list::Direction;
use super::sort::SortBy;
use crate::statement::sql;

/// The columns of a line; `$today` is the parameter that holds the day "now", `$before` that of the day scores are
/// compared with.
macro_rules! columns {
    ($today:literal, $before:literal) => {
        concat!(
            "o.id, o.customer, o.customer_key, o.product, o.use_case, o.state_name, o.segment, o.segment_name,
             o.touch, o.acv_minor, o.currency, o.starts_on, o.kickoff_on, o.go_live_on, o.go_live_target,
             o.first_value_on, o.finish_on, o.late_days, o.document_score, o.warnings,
             o.urgency, o.next_on, o.plan_rank, o.state_rank, o.p80_on, o.kept_percent, o.light,
             o.light_because, o.health, o.health_rank, o.health_score, o.health_coverage, o.signals, o.signal_rank,
             (SELECT c.score FROM health_change c
               WHERE c.workspace_id = o.workspace_id AND c.onboarding_id = o.id AND c.on_day <= ",
            $before,
            " ORDER BY c.number DESC LIMIT 1) AS health_before,
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
/// arguments: those of the filter, today, the day scores are compared with, limit, key and id of the row the page
/// starts after; where more onboardings share a key (`ranked`, and by urgency) also the next date of that row. The
/// typed use of a parameter comes before its `IS NULL`, or PostgreSQL cannot tell what it is.
macro_rules! page {
    (ranked $column:literal, $direction:literal, $after:literal) => {
        page!(
            concat!("(o.", $column, ", o.next_on, o.id) ", $after, " ($18, $20, $19)"),
            concat!("o.", $column, " ", $direction, ", o.next_on ", $direction, ", o.id ", $direction)
        )
    };
    ($column:literal, $direction:literal, $after:literal) => {
        page!(
            concat!("(o.", $column, ", o.id) ", $after, " ($18, $19)"),
            concat!("o.", $column, " ", $direction, ", o.id ", $direction)
        )
    };
    ($after:expr, $order:expr) => {
        concat!(
            "SELECT ",
            columns!("$15", "$16"),
            " FROM onboarding o WHERE ",
            filter!(),
            " AND (",
            $after,
            " OR $19 IS NULL) ORDER BY ",
            $order,
            " LIMIT $17"
        )
    };
}

sql! {
    "onboarding::pages";
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
    BY_HEALTH = page!(ranked "health_rank", "ASC", ">");
    BY_HEALTH_DESC = page!(ranked "health_rank", "DESC", "<");
    BY_FINISH = page!("finish_on", "ASC", ">");
    BY_FINISH_DESC = page!("finish_on", "DESC", "<");
    BY_LATE = page!("late_days", "ASC", ">");
    BY_LATE_DESC = page!("late_days", "DESC", "<");
    BY_QUALITY = page!("document_score", "ASC", ">");
    BY_QUALITY_DESC = page!("document_score", "DESC", "<");
    BY_URGENCY = page!(
        "(o.urgency < $18 OR (o.urgency = $18 AND (o.next_on, o.id) > ($20, $19)))",
        "o.urgency DESC, o.next_on ASC, o.id ASC"
    );
    BY_URGENCY_DESC = page!(
        "(o.urgency > $18 OR (o.urgency = $18 AND (o.next_on, o.id) < ($20, $19)))",
        "o.urgency ASC, o.next_on DESC, o.id DESC"
    );
}

/// The statement of a page in one order.
pub(super) fn statement(sort: SortBy, direction: Direction) -> &'static str {
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
        (SortBy::Health, Ascending) => BY_HEALTH,
        (SortBy::Health, Descending) => BY_HEALTH_DESC,
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
