//! What pages say after the plan was changed, and the way to take it back.

use gangway_app::identity::Session;
use gangway_app::work::{self, Outcome};
use gangway_app::workload::Overload;
use gangway_domain::ids::{OnboardingId, TaskId};
use gangway_domain::work::RunningPlan;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Web;
use crate::extract::Values;
use crate::format::{count, signed};
use crate::pages::failure::Failure;
use crate::pages::{Toast, Undo};

/// An address with what was done in its query.
pub(crate) fn with(back: &str, id: OnboardingId, outcome: &Outcome, undone: bool) -> String {
    if let Some(code) = &outcome.already {
        return already(back, id, code);
    }
    let days = (outcome.after.go_live - outcome.before.go_live).get_days();
    let (path, mut parts, hash) = without_ours(back);
    parts.push(format!("said={}&moved={days}&of={id}", if undone { "undone" } else { "changed" }));
    if let Some(batch) = outcome.batch.filter(|_| !undone) {
        parts.push(format!("batch={batch}"));
    }
    format!("{path}?{}{hash}", parts.join("&"))
}

/// An address in parts: its path, what it asks for without what an earlier change said, and the place on the page.
fn without_ours(back: &str) -> (&str, Vec<String>, String) {
    let (path, fragment) = back.split_once('#').unwrap_or((back, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let ours =
        ["said=", "moved=", "batch=", "of=", "over=", "week=", "line=", "line-of=", "left-out=", "was="];
    let kept =
        query.split('&').filter(|part| !part.is_empty() && !ours.iter().any(|name| part.starts_with(name)));
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    (path, kept.map(str::to_owned).collect(), hash)
}

/// An address that says that a task (its code) was done before.
fn already(back: &str, id: OnboardingId, code: &str) -> String {
    let (path, mut parts, hash) = without_ours(back);
    parts.push(format!("said=already&of={id}&was={}", utf8_percent_encode(code, NON_ALPHANUMERIC)));
    format!("{path}?{}{hash}", parts.join("&"))
}

/// Who had said before that the task an address names is done, and when; nothing where it names none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn done_before(
    web: &Web,
    session: &Session,
    values: &Values,
) -> Result<Option<Toast>, Failure> {
    if values.text("said") != "already" {
        return Ok(None);
    }
    let Ok(id) = values.text("of").parse::<OnboardingId>() else { return Ok(None) };
    let said = work::finished(&web.app, &session.actor, id, &values.text("was")).await?;
    let text =
        said.map(|(by, at)| format!("This was already done: {}.", signed(&by, at, &web.app.time_zone)));
    Ok(text.and_then(|text| Toast::of(&text)))
}

/// An address that says that nothing was left to do.
pub(crate) fn nothing(back: &str) -> String {
    let (path, mut parts, hash) = without_ours(back);
    parts.push("said=nothing".to_owned());
    format!("{path}?{}{hash}", parts.join("&"))
}

/// The same address, with the tasks (their codes) that were left out because they are so already.
pub(crate) fn left_out(address: String, codes: &[String]) -> String {
    if codes.is_empty() {
        return address;
    }
    let (path, fragment) = address.split_once('#').unwrap_or((address.as_str(), ""));
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    let codes: Vec<String> =
        codes.iter().map(|code| utf8_percent_encode(code, NON_ALPHANUMERIC).to_string()).collect();
    format!("{path}&left-out={}{hash}", codes.join(","))
}

/// What an address says was done, with the names of the tasks of this plan that were left out.
pub(crate) fn toast_of(values: &Values, plan: &RunningPlan) -> Option<Toast> {
    let toast = toast(values)?;
    let named = values.text("left-out");
    let names: Vec<&str> =
        named.split(',').filter_map(|code| plan.task(code)).map(|task| task.name.as_str()).collect();
    let left_out = match names.as_slice() {
        [] => return Some(toast),
        [one] => format!("Left out, because it is so already: {one}."),
        many => format!("Left out, because they are so already: {}.", many.join("; ")),
    };
    Some(Toast { text: format!("{} {left_out}", toast.text), ..toast })
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
        "nothing" => return Toast::of("Nothing was left to do."),
        "already" => return Toast::of("This was already done; nothing was changed."),
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
