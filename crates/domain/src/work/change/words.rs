//! Days and durations as the summaries of changes say them.

use jiff::civil::Date;

pub(in crate::work) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

pub(super) fn working_days(days: u32) -> String {
    if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") }
}

pub(super) fn calendar_days(days: i32) -> String {
    if days == 1 { "1 calendar day".to_owned() } else { format!("{days} calendar days") }
}
