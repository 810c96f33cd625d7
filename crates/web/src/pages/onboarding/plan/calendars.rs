//! On which days the parties work and when they go live if the customer has it their way; what a change of it moves is
//! shown before it is kept.

use crate::extract::{Answer, Asked};
use crate::format::{Day, capital, count};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::onboarding::work::fields::WEEK;
use crate::pages::onboarding::work::said::toast;
use crate::pages::{Choice, Frame, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::work::{self, Calendars};
use gangway_domain::permission::Action;
use gangway_domain::plan::CalendarSpec;
use jiff::civil::Date;

/// Rows for periods off that are not filled in yet.
const ROOM: usize = 2;

#[derive(Template)]
#[template(path = "pages/onboarding/plan/calendars.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// Where the page is.
    here: String,
    revision: i64,
    may_change: bool,
    parties: Vec<Party>,
    wanted: String,
    wanted_words: String,
    go_live: Day,
    /// How the planned go-live lies to the wanted one, and the tone of that.
    misses: Option<(String, &'static str)>,
}

/// A party and its days.
struct Party {
    id: String,
    title: String,
    /// Days of the week: the word, the label, whether it is worked.
    days: Vec<(&'static str, &'static str, bool)>,
    countries: Vec<Choice>,
    /// Public holidays that are over, as the form sends them.
    past: Vec<String>,
    /// Those ahead: as the form sends them, the day, the name.
    ahead: Vec<(String, Day, String)>,
    ahead_words: String,
    /// Periods off: first day, last day, why; empty ones to fill in at the end.
    closed: Vec<(String, String, String)>,
}

/// The calendars and dates of a plan.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let known = work::calendars(&web.app, &session.actor, id).await?;
    let Calendars { head, revision, calendars, wanted, go_live, today } = known;
    let top = Top::new(&session, &head, "/plan");
    let countries = work::countries(&web.app);
    let page = Page {
        frame: top.frame(&session, "Calendars and dates").saying(toast(&values)),
        here: top.to("/plan/calendars"),
        revision,
        may_change: session.actor.may(Action::RunOnboarding) && !is_over(&head),
        parties: calendars.into_iter().map(|calendar| Party::new(calendar, &countries, today)).collect(),
        wanted: wanted.map(|day| day.to_string()).unwrap_or_default(),
        wanted_words: wanted.map_or_else(|| "none".to_owned(), |day| Day::from(day).words),
        go_live: go_live.into(),
        misses: wanted.map(|wanted| misses(wanted, go_live)),
        top,
    };
    Ok(render(StatusCode::OK, &page))
}

fn misses(wanted: Date, planned: Date) -> (String, &'static str) {
    let days = (planned - wanted).get_days();
    let number = count(usize::try_from(days.unsigned_abs()).unwrap_or(0), "day");
    match days {
        1.. => (format!("{number} too late"), "late"),
        0 => ("On the day".to_owned(), "go"),
        _ => (format!("{number} before it"), "go"),
    }
}

impl Party {
    fn new(calendar: CalendarSpec, countries: &[(String, String)], today: Date) -> Self {
        let CalendarSpec { id, weekend, holidays, closed } = calendar;
        let days = WEEK.iter().map(|(word, label, day)| (*word, *label, !weekend.contains(day)));
        let (past, ahead): (Vec<_>, Vec<_>) = holidays.into_iter().partition(|holiday| holiday.date < today);
        let sent = |date: Date, name: &str| format!("{date} {name}");
        let kept = Choice {
            value: String::new(),
            label: match ahead.len() {
                0 => "As they are (none ahead)".to_owned(),
                number => format!("As they are ({number} ahead)"),
            },
            chosen: true,
        };
        let none = Choice { value: "none".to_owned(), label: "None".to_owned(), chosen: false };
        let others = countries.iter().map(|(code, name)| Choice {
            value: code.clone(),
            label: name.clone(),
            chosen: false,
        });
        let rows = closed.into_iter().map(|one| (one.from.to_string(), one.to.to_string(), one.reason));
        let room = std::iter::repeat_n((String::new(), String::new(), String::new()), ROOM);
        Self {
            title: format!("{}’s days", capital(&id)),
            days: days.collect(),
            countries: [kept, none].into_iter().chain(others).collect(),
            past: past.iter().map(|holiday| sent(holiday.date, &holiday.name)).collect(),
            ahead_words: count(ahead.len(), "public holiday"),
            ahead: ahead
                .into_iter()
                .map(|holiday| (sent(holiday.date, &holiday.name), Day::from(holiday.date), holiday.name))
                .collect(),
            closed: rows.chain(room).collect(),
            id,
        }
    }
}
