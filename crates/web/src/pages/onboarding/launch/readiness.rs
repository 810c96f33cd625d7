//! Readiness with what proves each item, the approvals, the decision.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::launch::{self, Choice, ConditionDraft, Sight};
use gangway_domain::change_request::Impact;
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Decision, Item, Mark, PilotFact, Standing, Verdict};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_store::launch::Record;
use jiff::civil::Date;

use super::super::evidence::evidence;
use super::super::read_id;
use super::super::top::{Top, is_over};
use super::conditions::{OpenSheet, open_items, settled_later, waivers};
use super::{HERE, Kept, answered, day, said, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::Fields;
use crate::format::{Day, capital, sentence, signed};
use crate::pages::{Frame, Tab, render};

/// Rows offered for conditions of a decision.
const CONDITIONS: usize = 3;

/// Items that are settled on another page: the page's name, the end of its address.
const SETTLED_ON: &[(&str, &str, &str)] = &[
    ("admins", "Training", "/training"),
    ("users-trained", "Training", "/training"),
    ("change-messages", "Rollout", "/go-live/rollout"),
    ("launch-message", "Rollout", "/go-live/rollout"),
    ("success-measurable", "Impact", "/impact"),
    ("baseline", "Impact", "/impact"),
    ("rollback", "Rollback", "/go-live/rollback"),
    ("hypercare", "Hypercare", "/go-live/hypercare"),
    ("rapid-response", "Hypercare", "/go-live/hypercare"),
    ("known-issues", "Hypercare", "/go-live/hypercare"),
];

/// Where the decisions stand.
const DECISIONS: &str = "/go-live#decisions";

#[derive(Template)]
#[template(path = "pages/onboarding/launch/readiness.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    ready: usize,
    all: usize,
    /// Approvals that are given.
    approved: usize,
    go_live: Day,
    live: Option<Day>,
    barred: Option<String>,
    /// What the decision that counts says: its words and how a tag shows it.
    stands: (&'static str, &'static str),
    groups: Vec<GroupView>,
    approvals: Vec<ApprovalView>,
    /// What speaks against a go today.
    against: Vec<String>,
    decisions: Vec<DecisionView>,
    /// The number of the newest of them, 0 without one.
    last: i64,
    /// Items that are not ready, each with what was typed of it.
    open_items: Vec<OpenSheet>,
    /// The rows of further conditions, with what was typed.
    conditions: Vec<ConditionSheet>,
    may_edit: bool,
    may_decide: bool,
    /// What the day that was typed would do to the plan.
    shift: Option<Shift>,
    /// Whose delay another day is.
    sides: Vec<SideView>,
    /// That a leader lets it go on without a decision.
    let_go: Option<String>,
    may_let_go: bool,
}

/// What another day would do to the plan.
struct Shift {
    /// The day that was looked at.
    seen: String,
    lines: Vec<String>,
}

/// A side that may be chosen.
struct SideView {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

struct ConditionSheet {
    place: usize,
    text: String,
    owner: String,
    by: String,
}

struct GroupView {
    title: String,
    ready: usize,
    all: usize,
    items: Vec<ItemView>,
}

struct ItemView {
    id: String,
    text: String,
    role: Option<String>,
    because: String,
    evidence: Option<String>,
    /// The page on which it is settled: its name and address.
    place: Option<(&'static str, String)>,
    ready: bool,
    may_tick: bool,
    marked: bool,
    /// Its form came back.
    open: bool,
    by: String,
    note: String,
}

struct ApprovalView {
    role: String,
    key: String,
    person: String,
    /// Who gave it, when; or why not.
    said: Option<String>,
    word: &'static str,
    tone: &'static str,
    given: bool,
    portal: bool,
}

struct DecisionView {
    id: String,
    number: i64,
    version: i64,
    word: &'static str,
    tone: &'static str,
    day: Day,
    reason: String,
    who: String,
    exception: Option<String>,
    against: Vec<String>,
    ready: String,
    conditions: Vec<ConditionView>,
    /// What need not be ready, and why.
    waived: Vec<String>,
}

struct ConditionView {
    text: String,
    owner: String,
    by: Day,
    met: Option<String>,
    late: bool,
}

/// The readiness.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, Kept::opened(&values)).await
}

/// Somebody says whether an item is ready, or takes that back.
pub(crate) async fn tick(
    Posted(web, session, (onboarding, item), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let done = match fields.text("said") {
        "nothing" => launch::untick(&web.app, &session.actor, id, &item).await,
        _ => launch::tick(&web.app, &session.actor, id, &item, said(&fields)?).await,
    };
    let done = done.map(|_| "ticked");
    answered((id, "/go-live#checklist"), ("tick", fields), done, |kept| page(&web, &session, id, kept)).await
}

/// An approval is given, refused, or taken back.
pub(crate) async fn approve(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let (app, actor, role) = (&web.app, &session.actor, fields.text("role"));
    let done = match fields.text("said") {
        "nothing" => launch::withdraw_approval(app, actor, id, role).await.map(|_| "withdrawn"),
        _ => launch::approve(app, actor, id, role, said(&fields)?).await.map(|_| "approved"),
    };
    answered((id, "/go-live#approvals"), ("approve", fields), done, |kept| page(&web, &session, id, kept))
        .await
}

/// It is decided whether to go live.
pub(crate) async fn decide(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let text = |name: &str| fields.text(name).to_owned();
    let owners = fields.all("condition_owner").chain(std::iter::repeat(""));
    let days = fields.all("condition_by").chain(std::iter::repeat(""));
    let conditions = fields
        .all("condition_text")
        .zip(owners.zip(days))
        .map(|(text, (owner, by))| ConditionDraft {
            text: text.to_owned(),
            owner: owner.to_owned(),
            by: day(by),
            items: Vec::new(),
        })
        .chain(settled_later(&fields))
        .collect();
    if is_to_be_seen(&fields) {
        return page(&web, &session, id, Kept::tried("decide", fields)).await;
    }
    let choice = Choice {
        verdict: fields.text("verdict").parse().unwrap_or(Verdict::Refused),
        go_live_on: day(fields.text("go_live_on")),
        reason: text("reason"),
        conditions,
        waived: waivers(&fields),
        exception: text("exception"),
        side: Side::read(fields.text("side")),
        // A form that does not say was made of nothing that is known.
        after: Some(fields.text("after").parse().unwrap_or(-1)),
    };
    let made = launch::decide(&web.app, &session.actor, id, choice).await;
    let made = made.map(|made| made.body.verdict.word());
    answered((id, DECISIONS), ("decide", fields), made, |kept| page(&web, &session, id, kept)).await
}

/// Another day than the planned one is decided once what it does to the plan was shown.
fn is_to_be_seen(fields: &Fields) -> bool {
    let [planned, wanted, seen] = ["planned", "go_live_on", "seen"].map(|name| fields.text(name));
    let is_asked = fields.text("verdict") == "preview";
    let goes = ["go", "conditional"].contains(&fields.text("verdict"));
    is_asked || (goes && !planned.is_empty() && day(wanted).is_some() && wanted != planned && wanted != seen)
}

/// A leader lets it go live without a decision.
pub(crate) async fn let_go(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let done = launch::let_go(&web.app, &session.actor, id, fields.text("reason")).await;
    let done = done.map(|_| "let-go");
    answered((id, HERE), ("let-go", fields), done, |kept| page(&web, &session, id, kept)).await
}

/// A condition is met.
pub(crate) async fn meet(
    Posted(web, session, (onboarding, decision), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let decision = named("decision", &decision)?;
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    let done = launch::meet_condition(&web.app, &session.actor, decision, fields.version(), place).await;
    let done = done.map(|_| "met");
    answered((id, DECISIONS), ("meet", fields), done, |kept| page(&web, &session, id, kept)).await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut kept: Kept) -> Answer {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let grounds = sight.grounds(&web.app, sight.go_live_on, false);
    let [ready, all] = sight.ready();
    let runs = session.actor.may(Action::RunOnboarding);
    let wanted = day(kept.text("decide", "go_live_on")).filter(|on| *on != sight.go_live_on);
    let shift = match wanted {
        Some(on) => {
            let exception = kept.text("decide", "exception");
            let impact = launch::shift(&web.app, &session.actor, id, on, exception).await?;
            Some(Shift { seen: on.to_string(), lines: shift_lines(&impact) })
        }
        None => None,
    };
    let side = kept.text_or("decide", "side", Side::Joint.word());
    let sides = [(Side::Vendor, "Ours"), (Side::Customer, "The customer’s"), (Side::Joint, "Both sides’")]
        .map(|(known, label)| SideView { value: known.word(), label, chosen: known.word() == side })
        .into();
    let let_go = sight.let_go.as_ref().filter(|_| sight.standing.goes());
    let page = Page {
        frame: top.frame(session, "Go-live").saying(kept.toast.take()),
        pages: tabs(&top, HERE),
        ready,
        all,
        approved: sight.approvals.iter().filter(|one| one.is_given()).count(),
        go_live: sight.go_live_on.into(),
        live: sight.live_on.map(Day::from),
        barred: grounds.barred.clone(),
        stands: stands(&sight),
        groups: sight
            .readiness
            .iter()
            .map(|group| GroupView {
                title: group.title.clone(),
                ready: group.ready(),
                all: group.items.len(),
                items: group.items.iter().map(|one| item(&top, &kept, &session.actor.name, one)).collect(),
            })
            .collect(),
        approvals: sight.approvals.iter().map(|one| approval(web, &sight, one)).collect(),
        against: against(&sight, &grounds),
        last: sight.decisions.first().map_or(0, |newest| newest.number),
        decisions: sight.decisions.iter().map(|one| decision(web, &sight, one)).collect(),
        open_items: open_items(&sight, &kept),
        conditions: (0..CONDITIONS)
            .map(|place| {
                let typed = |name: &str| kept.text_at("decide", name, place).to_owned();
                ConditionSheet {
                    place: place + 1,
                    text: typed("condition_text"),
                    owner: typed("condition_owner"),
                    by: typed("condition_by"),
                }
            })
            .collect(),
        shift,
        sides,
        let_go: let_go
            .map(|mark| format!("{}: {}", signed(&mark.by, mark.at, &web.app.time_zone), mark.note)),
        may_let_go: session.actor.may(Action::LetGoLive)
            && sight.live_on.is_none()
            && !sight.standing.goes()
            && sight.standing != Standing::Stopped
            && !is_over(&sight.head),
        may_edit: runs && !is_over(&sight.head),
        may_decide: runs && sight.is_to_decide() && !is_over(&sight.head),
        kept,
        top,
    };
    Ok(render(page.kept.status, &page))
}

/// What a change of the plan would do, in words.
fn shift_lines(impact: &Impact) -> Vec<String> {
    if let Some(problem) = &impact.problem {
        return vec![sentence(&capital(problem))];
    }
    let words = |day: Date| Day::from(day).words;
    let moved = |what: &str, days: Option<[Date; 2]>| {
        let [from, to] = days?;
        Some(match from == to {
            true => format!("{what} stays on {}.", words(to)),
            false => format!("{what} moves from {} to {}.", words(from), words(to)),
        })
    };
    let tasks = match impact.moved {
        1 => "1 task has other days.".to_owned(),
        number => format!("{number} tasks have other days."),
    };
    let days = [moved("The go-live", impact.go_live), moved("The end of the plan", impact.finish)];
    days.into_iter().flatten().chain([tasks]).collect()
}

fn stands(sight: &Sight) -> (&'static str, &'static str) {
    match sight.standing {
        Standing::Stopped => return ("Stopped", "late"),
        Standing::TakenBack => return ("Taken back", "late"),
        Standing::Undecided | Standing::Goes | Standing::Refrains => {}
    }
    if sight.live_on.is_none()
        && sight.standing.goes()
        && !sight.decided().is_some_and(|one| one.body.lets_go())
    {
        return ("Goes without a decision", "soon");
    }
    match (sight.live_on, sight.decided().map(|one| one.body.verdict)) {
        (Some(_), _) => ("Live", "go"),
        (None, Some(Verdict::Go)) => ("Go", "go"),
        (None, Some(Verdict::Conditional)) => ("Go with conditions", "soon"),
        (None, Some(Verdict::NoGo | Verdict::Refused)) => ("No go", "late"),
        (None, None) => ("Not decided", ""),
    }
}

fn item(top: &Top, kept: &Kept, who: &str, item: &Item) -> ItemView {
    let because = item.because();
    let lacks = !item.is_ready();
    let settled = SETTLED_ON.iter().find(|(id, ..)| *id == item.id);
    let settled = settled.map(|(_, name, end)| (*name, top.to(end)));
    // Where a checklist of one's own judges by facts, it is settled where those come to be.
    let settled = settled.or_else(|| item.rule.as_deref().and_then(|rule| evidence(rule, top)));
    let open = kept.came_back("tick") && kept.text("tick", "item") == item.id;
    ItemView {
        id: item.id.clone(),
        text: item.text.clone(),
        role: item.role.clone(),
        // What is not done proves it once it is: that is said once.
        evidence: item.evidence.clone().filter(|words| lacks && !because.contains(words.as_str())),
        because: capital(&because),
        place: settled.filter(|_| lacks),
        ready: !lacks,
        may_tick: item.can_be_ticked(),
        marked: item.mark.is_some(),
        open,
        by: if open { kept.text("tick", "by") } else { who }.to_owned(),
        note: if open { kept.text("tick", "note") } else { "" }.to_owned(),
    }
}

fn approval(web: &Web, sight: &Sight, one: &launch::Approval) -> ApprovalView {
    let said = |mark: &Mark| {
        let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
        let noted = mark.noted_by.as_ref().map(|by| format!(", noted by {by}")).unwrap_or_default();
        format!("{}{noted}{note}", signed(&mark.by, mark.at, &web.app.time_zone))
    };
    let (word, tone) = match &one.mark {
        Some(mark) if mark.yes => ("Approved", "go"),
        Some(_) => ("Not approved", "late"),
        None if sight.live_on.is_some() => ("Not recorded", "off"),
        None => ("Missing", "soon"),
    };
    ApprovalView {
        key: one.role.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect(),
        role: one.role.clone(),
        person: one.person.clone().unwrap_or_default(),
        said: one.mark.as_ref().map(said),
        word,
        tone,
        given: one.mark.is_some(),
        portal: one.guest.is_some(),
    }
}

/// What speaks against a go, the shortest way to it first.
fn against(sight: &Sight, grounds: &gangway_domain::launch::Grounds) -> Vec<String> {
    let mut all = Vec::new();
    let [ready, whole] = sight.ready();
    if ready < whole {
        all.push(format!("{} of {whole} items are not ready", whole - ready));
    }
    if !grounds.unapproved.is_empty() {
        all.push(format!("missing approvals: {}", grounds.unapproved.join(", ")));
    }
    match grounds.pilot {
        PilotFact::Failed => all.push("the pilot failed".to_owned()),
        PilotFact::Open => all.push("the pilot is not judged yet".to_owned()),
        PilotFact::None | PilotFact::Passed => {}
    }
    all.extend(grounds.barred.clone());
    all.extend(sight.stopped());
    all.into_iter().map(|text| sentence(&capital(&text))).collect()
}

fn decision(web: &Web, sight: &Sight, one: &Record<Decision>) -> DecisionView {
    let Decision {
        verdict, go_live_on, reason, conditions, waived, exception, against, ready, by, at, ..
    } = &one.body;
    let tone = match verdict {
        Verdict::Go => "go",
        Verdict::Conditional => "soon",
        Verdict::NoGo => "off",
        Verdict::Refused => "late",
    };
    let zone = &web.app.time_zone;
    DecisionView {
        id: one.id.to_string(),
        number: one.number,
        version: one.version,
        word: verdict.label(),
        tone,
        day: (*go_live_on).into(),
        reason: reason.clone(),
        who: signed(by, *at, zone),
        exception: exception.clone(),
        against: against.iter().map(|text| sentence(&capital(text))).collect(),
        ready: format!("{} of {}", ready[0], ready[1]),
        conditions: conditions
            .iter()
            .map(|condition| ConditionView {
                text: condition.text.clone(),
                owner: condition.owner.clone(),
                by: condition.by.into(),
                met: condition.met.as_ref().map(|met| signed(&met.by, met.at, zone)),
                late: condition.met.is_none() && condition.by < sight.today,
            })
            .collect(),
        waived: waived.iter().map(|one| format!("{}: {}", one.text, one.reason)).collect(),
    }
}
