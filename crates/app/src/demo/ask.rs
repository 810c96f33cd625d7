//! What the demo's customers were asked: surveys at their moments with answers, a form that was handed in, one that is
//! half filled in. Kept without the use cases, which write mail: the demo writes to nobody. The activity is theirs.

use gangway_domain::form::{Answers, State as Stands};
use gangway_domain::ids::{FormId, OnboardingId};
use gangway_domain::methodology::Question;
use gangway_domain::survey::{self as domain, Answer, State};
use gangway_store::form::{self as forms, Form};
use gangway_store::onboarding::head;
use gangway_store::people::{self as stakeholders, Stakeholder};
use gangway_store::survey::{self as rows, Person, Survey};
use jiff::ToSpan;

use super::{Lived, actor, back, on, working_day};
use crate::error::AppError;
use crate::register::record;
use crate::survey::OPEN_DAYS;
use crate::{App, programme};

/// Most people who are asked in one onboarding.
const PEOPLE: usize = 6;

/// Who sends surveys when their day is there.
const SENDER: &str = "Gangway";

/// What people write; the first who are asked do.
const SAID: [&str; 5] = [
    "That everybody was told early what would change for them",
    "Fewer meetings, and the minutes on the same day",
    "Whether our data is good enough for the reports",
    "The engineer who knew our plant after one visit",
    "More practice with real orders before the first shift works alone",
];

/// Adds it; `lived` are the onboardings in the order of their stories.
pub(super) async fn join(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    for (place, story) in lived.iter().enumerate() {
        surveys(app, story.onboarding, place).await?;
    }
    if let Some(story) = lived.get(1) {
        let answers = [
            ("sign-in", "Single sign-on (SAML)"),
            ("provider", "Entra ID"),
            ("allow-list", "yes"),
            ("browsers", "Edge\nChrome"),
            (
                "systems",
                "system,owner,direction\nSAP S/4HANA,IT lead,both\nData historian,Plant engineering,out",
            ),
            ("test-system", "yes"),
            ("review", "no"),
        ];
        form(app, story.onboarding, "technical-requirements", &answers, Stands::Submitted).await?;
    }
    if let Some(story) = lived.get(2) {
        let answers = [("administrators", "2"), ("languages", "English, Swedish")];
        form(app, story.onboarding, "user-list", &answers, Stands::Open).await?;
    }
    Ok(())
}

/// Sends what was due by now, and lets most people answer.
async fn surveys(app: &App, id: OnboardingId, place: usize) -> Result<(), AppError> {
    let ines = actor("Ines Okafor");
    let gangway = actor(SENDER);
    let today = app.today();
    let mut tx = app.db.write().await?;
    let Some(head) = head::get(&mut tx, ines.workspace, id).await? else { return Ok(()) };
    let all = stakeholders::of_onboarding(&mut tx, ines.workspace, id).await?;
    let people: Vec<Stakeholder> = all.into_iter().filter(|one| one.left_on.is_none()).take(PEOPLE).collect();
    if people.is_empty() {
        return Ok(());
    }
    for survey in rows::of_onboarding(&mut tx, ines.workspace, id).await? {
        let (day, ready) = domain::moment(survey.planned_on, survey.point, survey.after_days);
        if survey.state != State::Planned || survey.point.is_none() || !ready || day > today {
            continue;
        }
        let closes_on = day.saturating_add(OPEN_DAYS.days());
        let sent = Survey {
            state: if closes_on < today { State::Closed } else { State::Sent },
            sent_at: Some(on(app, day, 9).now()),
            sent_by: SENDER.to_owned(),
            closes_on: Some(closes_on),
            ..survey
        };
        rows::change(&mut tx, ines.workspace, &sent).await?;
        let asked: Vec<Person> = people.iter().map(person).collect();
        rows::ask(&mut tx, ines.workspace, sent.id, &asked).await?;
        let (title, then) = (&sent.title, on(app, day, 9));
        let summary = format!("Sent the survey “{title}” to {} people", asked.len());
        record(&then, &mut tx, &gangway, &head, "survey.sent", summary).await?;
        let mut answered = 0;
        for (number, one) in people.iter().enumerate() {
            // Of four people one does not find the time.
            if (number + place) % 4 == 3 {
                continue;
            }
            let then = on(app, day.saturating_add(1.day()), 10);
            let at = then.now();
            let answers: Vec<Answer> =
                sent.questions.iter().flat_map(|question| answers(question, number, place)).collect();
            rows::answer(&mut tx, ines.workspace, sent.id, one.contact, &answers, &[], (at, true)).await?;
            answered += 1;
            let summary = format!("{} answered the survey “{title}”", one.name);
            record(&then, &mut tx, &actor(&one.name), &head, "survey.answered", summary).await?;
        }
        if sent.state == State::Closed {
            let then = on(app, closes_on.saturating_add(1.day()), 9);
            let summary = format!("Closed the survey “{title}”: {answered} of {} answered", asked.len());
            record(&then, &mut tx, &gangway, &head, "survey.closed", summary).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

fn person(one: &Stakeholder) -> Person {
    Person {
        contact: one.contact,
        name: one.name.clone(),
        email: one.email.clone().unwrap_or_default(),
        mailed: one.email.is_some(),
        reminded_at: None,
        began_at: None,
        answered_at: None,
    }
}

/// What the n-th of those who are asked says to a question: mostly good, never all the same.
fn answers(question: &Question, number: usize, place: usize) -> Vec<Answer> {
    let choices = domain::choices(question);
    let mut all = Vec::new();
    for (index, aspect) in domain::aspects(question).into_iter().enumerate() {
        let turn = number + place + index;
        let given = if question.kind == "text" {
            // Few people write something.
            if number > 1 {
                None
            } else {
                SAID.get((turn + question.id.len()) % SAID.len()).map(|&text| text.to_owned())
            }
        } else {
            let low = matches!(question.kind.as_str(), "ces" | "choice");
            let step = [0, 1, 0, 2, 1][turn % 5];
            let at = if low { step } else { choices.len().saturating_sub(1 + step) };
            choices.get(at.min(choices.len().saturating_sub(1))).cloned()
        };
        let read = given.and_then(|given| domain::read(question, aspect, &given).ok().flatten());
        all.extend(read);
    }
    all
}

async fn form(
    app: &App,
    id: OnboardingId,
    kind: &str,
    answers: &[(&str, &str)],
    state: Stands,
) -> Result<(), AppError> {
    let ines = actor("Ines Okafor");
    let asked = on(app, working_day(back(app.today(), 6)), 9);
    let mut tx = app.db.write().await?;
    let Some(head) = head::get(&mut tx, ines.workspace, id).await? else { return Ok(()) };
    let sheets = programme::sheets_of(app, &mut tx, ines.workspace, id).await?;
    let Some(sheet) = sheets.forms.get(kind) else { return Ok(()) };
    let people = stakeholders::of_onboarding(&mut tx, ines.workspace, id).await?;
    let who = people.into_iter().find(|one| one.email.is_some() && one.left_on.is_none());
    let answered = on(app, working_day(back(app.today(), 3)), 15);
    let answers: Answers =
        answers.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
    let made = Form {
        id: FormId::fresh(&*app.ids),
        onboarding: id,
        form: sheet.id.clone(),
        title: sheet.title.clone(),
        sheet: sheet.clone(),
        contact: who.as_ref().map(|one| one.contact),
        contact_name: None,
        asked_by: ines.name.clone(),
        asked_at: asked.now(),
        due_on: app.today().saturating_add(4.days()),
        state,
        answers,
        answered_by: who.map_or_else(|| "The project lead".to_owned(), |one| one.name),
        answered_at: Some(answered.now()),
        note: String::new(),
        version: 1,
    };
    forms::insert(&mut tx, ines.workspace, &made).await?;
    let summary = format!("Asked {} to fill in “{}” by {}", made.answered_by, made.title, made.due_on);
    record(&asked, &mut tx, &ines, &head, "form.asked", summary).await?;
    if made.state == Stands::Submitted {
        let summary = format!("{} has filled in “{}”", made.answered_by, made.title);
        record(&answered, &mut tx, &actor(&made.answered_by), &head, "form.submitted", summary).await?;
    }
    tx.commit().await?;
    Ok(())
}
