//! What the demo shows of the work with the customer: who looks into their portal, a pilot that failed and was planned
//! again, one that passed, a go-live that was refused, customers handed over to customer success, and what onboardings
//! taught.

use gangway_domain::ids::{OnboardingId, PortalAccessId};
use gangway_domain::launch::{Attitude, Criterion, FeedbackKind, Pick, Verdict};
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::training::ResourceKind;
use gangway_domain::transition::{LessonKind, Promised};
use gangway_store::people as stakeholders;
use gangway_store::portal::{self as doors, Access};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Lived, Person, actor, back, on, speaker, working_day};
use crate::error::AppError;
use crate::identity::Secret;
use crate::launch::{self, Choice, ConditionDraft, PilotDraft};
use crate::training::{self, LearnerDraft, Link};
use crate::transition::{self, Changes, NewLesson};
use crate::{Actor, App};

/// Places of stories told here further.
const KESTREL: usize = 1;
const BLUEFIN: usize = 2;
const CLEARWATER: usize = 3;
const ATELIER: usize = 4;

/// Days a link into a portal opens it.
const OPEN_FOR: i32 = 90;

/// What completed onboardings taught: what was learned, and what the programme should do; without that it went well.
const LESSONS: [(&str, &str); 6] = [
    (
        "Access to the leading system took three weeks because nobody had asked for it before the kickoff",
        "Ask for access to every system before the kickoff",
    ),
    ("The sponsor opened the first training in person: everybody came", ""),
    (
        "Two people learned of the go-live from their colleagues",
        "Name who tells whom in the communication plan before the go-live is decided",
    ),
    ("Measuring the baseline before the first training made the result beyond doubt", ""),
    (
        "We waited a week for access again, with everybody at the table",
        "Ask for access to every system before the kickoff",
    ),
    (
        "The daily sync of hypercare could have ended after the first week",
        "End the daily sync with the last open issue",
    ),
];

/// Who learns: name, team.
const LEARNERS: [(&str, &str); 4] = [
    ("Kim Albers", "Early shift"),
    ("Noor Haddad", "Early shift"),
    ("Bert Lindgren", "Late shift"),
    ("Mara Oduya", "Late shift"),
];

/// What learners can look up: its kind, its title, the page it is on.
const LIBRARY: [(ResourceKind, &str, &str); 5] = [
    (ResourceKind::QuickStart, "The first day on two pages", "quick-start"),
    (ResourceKind::Video, "From the first order to the evening report, in six minutes", "videos/one-day"),
    (ResourceKind::Faq, "What people ask in their first week", "questions"),
    (ResourceKind::CheatSheet, "Shortcuts for beside the keyboard", "shortcuts"),
    (ResourceKind::Reference, "Roles and permissions in full", "reference/roles"),
];

/// Hands a customer over and writes down what the onboarding taught, before it is completed.
pub(super) async fn hand_over(
    app: &App,
    team: &[Person],
    manager: &Actor,
    id: OnboardingId,
    place: usize,
) -> Result<(), AppError> {
    let csm = speaker(team, "Sofia Brandt");
    let begun = transition::prepare(app, manager, id).await?;
    let kept = |promise: &Promised| Promised { kept: true, ..promise.clone() };
    let changes = Changes {
        csm: Some(csm.person),
        note: Some("The project lead answers fastest by telephone, before nine.".to_owned()),
        promises: Some(begun.promises.iter().map(kept).collect()),
        steps: None,
    };
    let written = transition::change(app, manager, id, begun.version, changes).await?;
    // Whoever takes over asks herself: the demo writes to nobody.
    let despite = "Both sides agreed on it in the last review";
    let asked = transition::propose(app, &csm, id, written.version, despite).await?;
    transition::accept(app, &csm, id, asked.version).await?;
    for (text, suggestion) in LESSONS.iter().cycle().skip(place % LESSONS.len()).take(2) {
        let new = NewLesson {
            kind: if suggestion.is_empty() { LessonKind::Keep } else { LessonKind::Change },
            text: (*text).to_owned(),
            suggestion: (*suggestion).to_owned(),
            phase: None,
            improvement: None,
        };
        transition::add_lesson(app, manager, id, new).await?;
    }
    Ok(())
}

/// Adds what stands beside the onboardings that run; `lived` are the onboardings in the order of their stories.
pub(super) async fn join(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    for place in [KESTREL, BLUEFIN, CLEARWATER, ATELIER] {
        if let Some(story) = lived.get(place) {
            open_doors(app, story.onboarding).await?;
            stock(app, &actor("Jonas Feld"), story.onboarding).await?;
        }
    }
    if let Some(story) = lived.get(KESTREL) {
        fail_a_pilot(app, &actor("Ines Okafor"), story.onboarding).await?;
        train(app, &actor("Ines Okafor"), story.onboarding).await?;
    }
    if let Some(story) = lived.get(BLUEFIN) {
        pass_a_pilot(app, &actor("Jonas Feld"), story.onboarding).await?;
        transition::prepare(app, &actor("Jonas Feld"), story.onboarding).await?;
    }
    if let Some(story) = lived.get(CLEARWATER) {
        refuse_a_go(app, &actor("Ines Okafor"), story.onboarding).await?;
    }
    Ok(())
}

/// Everybody of the customer with a mail address was invited a month ago, and the first looked in today. Kept without
/// the use case, which writes mail: the demo writes to nobody.
async fn open_doors(app: &App, id: OnboardingId) -> Result<(), AppError> {
    let ines = actor("Ines Okafor");
    let invited = on(app, working_day(back(app.today(), 14)), 9);
    let expires =
        app.clock.now().checked_add(i64::from(OPEN_FOR * 24).hours()).unwrap_or(jiff::Timestamp::MAX);
    let mut tx = app.db.write().await?;
    let people = stakeholders::of_onboarding(&mut tx, ines.workspace, id).await?;
    let known = people.into_iter().filter(|one| one.email.is_some() && one.left_on.is_none());
    for (place, one) in known.enumerate() {
        let access = Access {
            workspace: ines.workspace,
            id: PortalAccessId::fresh(&*app.ids),
            onboarding: id,
            contact: one.contact,
            name: one.name,
            title: one.title,
            email: one.email,
            role: PortalRole::of(&[one.role]),
            language: Language::En,
            digest: Secret::fresh(&*app.secrets).digest(),
            code: None,
            code_tries: 0,
            made_by: ines.name.clone(),
            made_at: invited.now(),
            expires_at: expires.into(),
            revoked_at: None,
            last_used_at: (place == 0).then(|| app.now()),
            version: 1,
        };
        doors::insert(&mut tx, &access).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn pick(name: &str, role: &str, attitude: Attitude, reason: &str) -> Pick {
    Pick { name: name.to_owned(), contact: None, role: role.to_owned(), attitude, reason: reason.to_owned() }
}

/// A pilot of so many people, of whom three are named.
fn pilot(from: Date, to: Date, size: u32) -> PilotDraft {
    let figure = |text: &str, target: i64, unit: &str, at_most: bool| Criterion {
        text: text.to_owned(),
        target: Some(target),
        unit: unit.to_owned(),
        at_most,
        measured: None,
    };
    PilotDraft {
        scope: "The daily work of one shift, from the first order to the evening report".to_owned(),
        from: Some(from),
        to: Some(to),
        support: "Somebody of the project stands beside them in the first two days".to_owned(),
        people: vec![
            pick(
                "Kim Albers",
                "Dispatcher",
                Attitude::Enthusiast,
                "Asked for it for a year, and colleagues ask Kim",
            ),
            pick("Noor Haddad", "Shift lead", Attitude::Neutral, "Leads the shift with the most orders"),
            pick("Bert Lindgren", "Dispatcher", Attitude::Sceptic, "Says aloud what others think"),
        ],
        size,
        criteria: vec![
            figure("Work done in the product by the end of the first week", 80, "%", false),
            figure("Critical issues", 0, "", true),
            figure("Satisfaction of the people in it, of five", 4, "", false),
        ],
    }
}

/// Too few did their work in it, and one thing was broken: it is planned again.
async fn fail_a_pilot(app: &App, who: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let (first, last) = (working_day(back(app.today(), 13)), working_day(back(app.today(), 4)));
    let then = on(app, first, 9);
    let planned = launch::add_pilot(&then, who, id, pilot(first, last, 60)).await?;
    let runs = launch::begin_pilot(&then, who, planned.id, planned.version).await?;
    let end = on(app, last, 16);
    let said = "The evening report does not know the night shift: I wrote it by hand.";
    launch::add_feedback(&end, who, runs.id, FeedbackKind::Issue, "Bert Lindgren", said).await?;
    let praise = "I found every order of the day in one place.";
    launch::add_feedback(&end, who, runs.id, FeedbackKind::Praise, "Kim Albers", praise).await?;
    let measured =
        launch::measure_pilot(&end, who, runs.id, runs.version, &[Some(55), Some(1), Some(3)]).await?;
    let why = "Only half of the work ran through it, and the evening report was wrong";
    launch::judge_pilot(&end, who, measured.id, measured.version, false, why).await?;
    let again = working_day(app.today().saturating_add(3.days()));
    let until = working_day(again.saturating_add(8.days()));
    let draft = PilotDraft { from: Some(again), to: Some(until), ..PilotDraft::default() };
    launch::add_pilot(app, who, id, draft).await?;
    Ok(())
}

/// It showed what it had to show.
async fn pass_a_pilot(app: &App, who: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let (first, last) = (working_day(back(app.today(), 10)), working_day(back(app.today(), 3)));
    let then = on(app, first, 9);
    let planned = launch::add_pilot(&then, who, id, pilot(first, last, 12)).await?;
    let runs = launch::begin_pilot(&then, who, planned.id, planned.version).await?;
    let end = on(app, last, 16);
    let idea = "The report could be sorted by customer.";
    launch::add_feedback(&end, who, runs.id, FeedbackKind::Idea, "Noor Haddad", idea).await?;
    let measured =
        launch::measure_pilot(&end, who, runs.id, runs.version, &[Some(91), Some(0), Some(4)]).await?;
    let why = "Every criterion is met, and the people in it want to keep it";
    launch::judge_pilot(&end, who, measured.id, measured.version, true, why).await?;
    Ok(())
}

/// Four people are on the first track, two of them have begun, and sessions are proposed.
async fn train(app: &App, who: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let tracks = training::of_onboarding(app, who, id).await?.tracks;
    let Some(track) = tracks.first() else { return Ok(()) };
    for (place, (name, team)) in LEARNERS.iter().enumerate() {
        let draft = LearnerDraft {
            contact: None,
            name: (*name).to_owned(),
            email: format!("{}@customer.example", name.to_lowercase().replace(' ', ".")),
            team: (*team).to_owned(),
            tracks: vec![track.id],
        };
        let learner = training::add(app, who, id, draft).await?;
        if place % 2 == 0 && !track.modules.is_empty() {
            training::study(app, who, learner.id, track.id, 0, true).await?;
        }
    }
    match training::propose(app, who, track.id).await {
        // Their days may be over, or everybody learns alone.
        Ok(_) | Err(AppError::Refusal(_) | AppError::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Learners find what they can come back to; the last of it belongs to the first track.
async fn stock(app: &App, who: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let then = on(app, working_day(back(app.today(), 9)), 15);
    let first = training::of_onboarding(&then, who, id).await?.tracks.first().map(|track| track.id);
    for (place, (kind, title, page)) in LIBRARY.iter().enumerate() {
        let track = first.filter(|_| place + 1 == LIBRARY.len());
        let url = format!("https://learn.northbeam.example/{page}");
        let link = Link { track, kind: *kind, title: (*title).to_owned(), url };
        training::add_link(&then, who, id, link).await?;
    }
    Ok(())
}

/// Somebody wants to go live though the facts are against it; the refusal stays.
async fn refuse_a_go(app: &App, who: &Actor, id: OnboardingId) -> Result<(), AppError> {
    let choice = Choice {
        verdict: Verdict::Go,
        go_live_on: None,
        reason: "The board was told that we are live this month".to_owned(),
        conditions: Vec::<ConditionDraft>::new(),
        waived: Vec::new(),
        exception: String::new(),
        side: None,
        after: None,
    };
    match launch::decide(app, who, id, choice).await {
        // Live already, over, or its day is past: then there is nothing to refuse.
        Ok(_) | Err(AppError::Refusal(_) | AppError::Barred(_) | AppError::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
