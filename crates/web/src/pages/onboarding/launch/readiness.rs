//! Readiness with what proves each item, the approvals, the decision.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::identity::Session;
use gangway_app::launch::{self, Choice, ConditionDraft, Said, Sight};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Decision, Item, Mark, PilotFact, Verdict};
use gangway_domain::permission::Action;
use gangway_store::launch::Record;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, Kept, back, day, launch_id, tabs, toast, version};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::Fields;
use crate::format::{Day, capital, moment, sentence};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Tab, Toast, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/launch/readiness.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    ready: usize,
    all: usize,
    percent: usize,
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
    may_edit: bool,
    may_decide: bool,
    who: String,
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
    ready: bool,
    may_tick: bool,
    marked: bool,
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
}

struct ConditionView {
    text: String,
    owner: String,
    by: Day,
    met: Option<String>,
    late: bool,
}

/// The readiness.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    page(&web, &session, read_id(id)?, Kept::default(), toast(&values.text("said")), StatusCode::OK).await
}

/// Somebody says whether an item is ready, or takes that back.
pub(crate) async fn tick(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, item)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let done = match fields.text("said") {
        "nothing" => launch::untick(&web.app, &session.actor, id, &item).await,
        word => {
            let said = said(&fields, word == "yes");
            launch::tick(&web.app, &session.actor, id, &item, said).await
        }
    };
    match done {
        Ok(_) => Ok(back(&onboarding, "/go-live#checklist", "ticked")),
        Err(error) => {
            let (status, kept) = Kept::refused("tick", fields, error)?;
            page(&web, &session, id, kept, None, status).await
        }
    }
}

/// An approval is given, refused, or taken back.
pub(crate) async fn approve(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let role = fields.text("role").to_owned();
    let (done, word) = match fields.text("said") {
        "nothing" => (launch::withdraw_approval(&web.app, &session.actor, id, &role).await, "withdrawn"),
        word => {
            let said = said(&fields, word == "yes");
            (launch::approve(&web.app, &session.actor, id, &role, said).await, "approved")
        }
    };
    match done {
        Ok(_) => Ok(back(&onboarding, "/go-live#approvals", word)),
        Err(error) => {
            let (status, kept) = Kept::refused("approve", fields, error)?;
            page(&web, &session, id, kept, None, status).await
        }
    }
}

fn said(fields: &Fields, yes: bool) -> Said {
    Said { yes, note: fields.text("note").to_owned(), by: fields.text("by").to_owned() }
}

/// It is decided whether to go live.
pub(crate) async fn decide(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
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
        })
        .collect();
    let choice = Choice {
        verdict: fields.text("verdict").parse().unwrap_or(Verdict::Refused),
        go_live_on: day(fields.text("go_live_on")),
        reason: text("reason"),
        conditions,
        exception: text("exception"),
    };
    match launch::decide(&web.app, &session.actor, id, choice).await {
        Ok(made) => Ok(back(&onboarding, "/go-live#decisions", made.body.verdict.word())),
        Err(error) => {
            let (status, kept) = Kept::refused("decide", fields, error)?;
            page(&web, &session, id, kept, None, status).await
        }
    }
}

/// A condition is met.
pub(crate) async fn meet(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, decision)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let decision = launch_id("decision", &decision)?;
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    match launch::meet_condition(&web.app, &session.actor, decision, version(&fields), place).await {
        Ok(_) => Ok(back(&onboarding, "/go-live#decisions", "met")),
        Err(error) => {
            let (status, kept) = Kept::refused("meet", fields, error)?;
            page(&web, &session, id, kept, None, status).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    kept: Kept,
    toast: Option<Toast>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let grounds = sight.grounds(&web.app, sight.go_live_on, false);
    let [ready, all] = sight.ready();
    let runs = session.actor.may(Action::RunOnboarding);
    let page = Page {
        frame: top.frame(session, "Go-live").saying(toast),
        pages: tabs(&top, "/go-live"),
        ready,
        all,
        percent: (ready * 100).checked_div(all).unwrap_or(0),
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
                items: group.items.iter().map(item).collect(),
            })
            .collect(),
        approvals: sight.approvals.iter().map(|one| approval(web, one)).collect(),
        against: against(&sight, &grounds),
        decisions: sight.decisions.iter().map(|one| decision(web, &sight, one)).collect(),
        may_edit: runs,
        may_decide: runs && sight.live_on.is_none(),
        who: session.actor.name.clone(),
        kept,
        top,
    };
    Ok(render(status, &page))
}

fn stands(sight: &Sight) -> (&'static str, &'static str) {
    match (sight.live_on, sight.decided().map(|one| one.body.verdict)) {
        (Some(_), _) => ("Live", "go"),
        (None, Some(Verdict::Go)) => ("Go", "go"),
        (None, Some(Verdict::Conditional)) => ("Go with conditions", "soon"),
        (None, Some(Verdict::NoGo | Verdict::Refused)) => ("No go", "late"),
        (None, None) => ("Not decided", ""),
    }
}

fn item(item: &Item) -> ItemView {
    ItemView {
        id: item.id.clone(),
        text: item.text.clone(),
        role: item.role.clone(),
        because: capital(&item.because()),
        evidence: item.evidence.clone().filter(|_| !item.is_ready()),
        ready: item.is_ready(),
        may_tick: item.can_be_ticked(),
        marked: item.mark.is_some(),
    }
}

fn approval(web: &Web, one: &launch::Approval) -> ApprovalView {
    let said = |mark: &Mark| {
        let at = moment(mark.at.into(), &web.app.time_zone).words;
        let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
        let noted = mark.noted_by.as_ref().map(|by| format!(", noted by {by}")).unwrap_or_default();
        format!("{}, {at}{noted}{note}", mark.by)
    };
    let (word, tone) = match &one.mark {
        Some(mark) if mark.yes => ("Approved", "go"),
        Some(_) => ("Not approved", "late"),
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
    all.into_iter().map(|text| sentence(&capital(&text))).collect()
}

fn decision(web: &Web, sight: &Sight, one: &Record<Decision>) -> DecisionView {
    let Decision { verdict, go_live_on, reason, conditions, exception, against, ready, by, at, .. } =
        &one.body;
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
        who: format!("{by}, {}", moment((*at).into(), zone).words),
        exception: exception.clone(),
        against: against.iter().map(|text| sentence(&capital(text))).collect(),
        ready: format!("{} of {}", ready[0], ready[1]),
        conditions: conditions
            .iter()
            .map(|condition| ConditionView {
                text: condition.text.clone(),
                owner: condition.owner.clone(),
                by: condition.by.into(),
                met: condition
                    .met
                    .as_ref()
                    .map(|met| format!("{}, {}", met.by, moment(met.at.into(), zone).words)),
                late: condition.met.is_none() && condition.by < sight.today,
            })
            .collect(),
    }
}
