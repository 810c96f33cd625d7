//! What pages say after the plan was changed, and the way to take it back.

use gangway_app::work::Outcome;
use gangway_app::workload::Overload;
use gangway_domain::ids::{OnboardingId, TaskId};
use jiff::civil::Date;

use crate::extract::Values;
use crate::format::count;
use crate::pages::{Toast, Undo};

/// An address with what was done in its query.
pub(crate) fn with(back: &str, id: OnboardingId, outcome: &Outcome, undone: bool) -> String {
    let days = (outcome.after.go_live - outcome.before.go_live).get_days();
    let (path, fragment) = back.split_once('#').map_or((back, ""), |(path, fragment)| (path, fragment));
    // What an earlier change said goes.
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let ours = ["said=", "moved=", "batch=", "of=", "over=", "week=", "line=", "line-of="];
    let kept =
        query.split('&').filter(|part| !part.is_empty() && !ours.iter().any(|name| part.starts_with(name)));
    let mut parts: Vec<String> = kept.map(str::to_owned).collect();
    parts.push(format!("said={}&moved={days}&of={id}", if undone { "undone" } else { "changed" }));
    if let Some(batch) = outcome.batch.filter(|_| !undone) {
        parts.push(format!("batch={batch}"));
    }
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{path}?{}{hash}", parts.join("&"))
}

/// The same address, with who has too much to do now that they were given something.
pub(crate) fn over(address: String, overload: Option<&Overload>) -> String {
    let Some(Overload { week, .. }) = overload else { return address };
    let (path, fragment) =
        address.split_once('#').map_or((address.as_str(), ""), |(path, fragment)| (path, fragment));
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{path}&over={}&week={}{hash}", week.percent().unwrap_or(0), week.monday)
}

/// What an address says was done.
pub(crate) fn toast(values: &Values) -> Option<Toast> {
    let word = values.text("said");
    let saved = match word.as_str() {
        "changed" => "Saved",
        "undone" => "Taken back",
        "said" => return Toast::of("Saved."),
        "gone" => return Some(Toast { text: "Taken out.".to_owned(), undo: line_again(values) }),
        _ => return None,
    };
    let days: i64 = values.text("moved").parse().unwrap_or(0);
    let text = match days {
        0 => format!("{saved}: the go-live stays where it is."),
        days => {
            let number = usize::try_from(days.unsigned_abs()).unwrap_or(0);
            let way = if days > 0 { "later" } else { "earlier" };
            format!("{saved}: the go-live comes {} {way}.", count(number, "day"))
        }
    };
    let over: Option<u32> = values.text("over").parse().ok();
    let week: Option<Date> = values.text("week").parse().ok();
    let text = match over.zip(week) {
        Some((0, week)) => {
            format!("{text} Whoever got it is not there in the week of {}.", week.strftime("%-d %b"))
        }
        Some((percent, week)) => {
            format!("{text} Whoever got it is at {percent} % in the week of {}.", week.strftime("%-d %b"))
        }
        None => text,
    };
    Some(Toast { text, undo: undo(values) })
}

/// The way to put a line of a checklist back, where an address says which was taken out.
fn line_again(values: &Values) -> Option<Undo> {
    let of: OnboardingId = values.text("of").parse().ok()?;
    let task: TaskId = values.text("line-of").parse().ok()?;
    let back = format!("/onboardings/{of}/tasks/{task}");
    values.has("line").then(|| Undo {
        action: format!("/work/{task}/checklist"),
        fields: vec![("said", values.text("line")), ("back", back)],
    })
}

/// The way to take back what an address says was changed in the plan.
pub(crate) fn undo(values: &Values) -> Option<Undo> {
    let of: Option<OnboardingId> = values.text("of").parse().ok();
    let batch: Option<i64> = values.text("batch").parse().ok();
    of.zip(batch).map(|(id, batch)| Undo {
        action: format!("/onboardings/{id}/plan/changes/{batch}/undo"),
        fields: Vec::new(),
    })
}
