//! A model of health over the history of the workspace, beside what people saw then. Nothing is kept.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::health::{self, Against, Compared, Comparison, Found, Pair};
use gangway_app::identity::Session;
use gangway_domain::health::backtest::{ScoreTest, Share};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{PATH as SETTINGS, pages};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, day};
use crate::format::{Day, count};
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Choice, Frame, Nav, render};

pub(super) const PATH: &str = "/settings/health/replay";

/// Days looked back on where nobody says otherwise: what is foretold needs a horizon before it.
const USUAL: i64 = 180;
/// Days ahead that can be chosen.
const HORIZONS: [u32; 4] = [30, 60, 90, 180];
/// Onboardings shown, those that moved most.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "pages/settings/health/replay.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    models: Vec<Choice>,
    draft: String,
    from: String,
    to: String,
    today: String,
    against: Vec<Choice>,
    horizons: Vec<Choice>,
    shown: Option<Shown>,
    wrong: Wrong,
}

/// What stands in the form.
struct Form {
    model: String,
    draft: String,
    from: String,
    to: String,
    against: Against,
    days: String,
}

impl Form {
    fn new(today: Date, model: String) -> Self {
        Self {
            model,
            draft: String::new(),
            from: today.saturating_sub(USUAL.days()).to_string(),
            to: today.to_string(),
            against: Against::default(),
            days: "90".to_owned(),
        }
    }

    fn read(&self) -> Result<Comparison, AppError> {
        Ok(Comparison {
            model: self.model.clone(),
            draft: self.draft.clone(),
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
            against: self.against,
            horizon_days: self.days.parse().unwrap_or(90),
        })
    }
}

/// What came out.
struct Shown {
    model: String,
    from: Day,
    to: Day,
    warnings: Vec<String>,
    /// Inputs that did not count, since they never count alone, with in how many onboardings.
    alone: Vec<(String, String)>,
    onboardings: usize,
    moved: usize,
    other_band: usize,
    changes: usize,
    without_facts: usize,
    is_cut: bool,
    bands: Vec<Band>,
    /// From which status to which, and how many.
    shifts: Vec<(String, String, usize)>,
    lines: Vec<Line>,
    watched: usize,
    tests: Vec<Test>,
}

/// A status with how many had it, and would have.
struct Band {
    name: String,
    tone: &'static str,
    then: usize,
    now: usize,
}

/// An onboarding on both sides.
struct Line {
    href: String,
    customer: String,
    segment: String,
    on: Day,
    then: Side,
    now: Side,
    /// `+12`; empty where one side has no score.
    change: String,
}

/// One side of an onboarding.
struct Side {
    score: String,
    status: String,
    tone: &'static str,
}

impl Side {
    fn new(found: &Found, statuses: &[String]) -> Self {
        Self {
            score: found.score.map_or_else(|| "–".to_owned(), |score| score.to_string()),
            status: found.status.clone(),
            tone: tone(statuses, &found.status),
        }
    }
}

/// How a tag shows a status: by its place among those of the model.
fn tone(statuses: &[String], status: &str) -> &'static str {
    match statuses.iter().position(|one| one == status) {
        Some(0) => "go",
        Some(1) => "soon",
        Some(_) => "late",
        None => "off",
    }
}

impl Line {
    fn new(pair: &Pair, statuses: &[String]) -> Self {
        Self {
            href: format!("/onboardings/{}/health", pair.onboarding),
            customer: pair.customer.clone(),
            segment: pair.segment.clone(),
            on: Day::from(pair.on),
            then: Side::new(&pair.then, statuses),
            now: Side::new(&pair.now, statuses),
            change: pair.moved().map(signed).unwrap_or_default(),
        }
    }
}

/// A change with its sign.
fn signed(change: i64) -> String {
    match change {
        0 => "0".to_owned(),
        up if up > 0 => format!("+{up}"),
        down => format!("−{}", down.unsigned_abs()),
    }
}

/// What the scores of one side foretold.
struct Test {
    name: &'static str,
    auc: String,
    precision: String,
    recall: String,
    lead: String,
    n: u32,
    events: u32,
}

impl Test {
    fn new(name: &'static str, test: &ScoreTest) -> Self {
        let none = || "–".to_owned();
        let share = |share: Option<&Share>| share.map_or_else(none, Share::to_string);
        let at = &test.at_threshold;
        Self {
            name,
            auc: test.auc_thousandths.map_or_else(none, |auc| format!("{}.{:03}", auc / 1000, auc % 1000)),
            precision: share(at.precision.as_ref()),
            recall: share(at.recall.as_ref()),
            lead: at.median_lead_days.map_or_else(none, |days| format!("{days} days")),
            n: at.n,
            events: test.events,
        }
    }
}

impl Shown {
    fn new(found: &Compared, asked: &Comparison) -> Self {
        let Compared { model, statuses, pairs, then, now, .. } = found;
        Self {
            model: model.clone(),
            from: Day::from(asked.from),
            to: Day::from(asked.to),
            warnings: found.warnings.clone(),
            alone: found.alone.iter().map(|(name, n)| (name.clone(), count(*n, "onboarding"))).collect(),
            onboardings: pairs.len(),
            moved: pairs.iter().filter(|pair| pair.then.score != pair.now.score).count(),
            other_band: pairs.iter().filter(|pair| pair.is_other_band()).count(),
            changes: found.changes,
            without_facts: found.without_facts,
            is_cut: found.is_cut,
            bands: bands(pairs, statuses),
            shifts: shifts(pairs),
            lines: pairs.iter().take(SHOWN).map(|pair| Line::new(pair, statuses)).collect(),
            watched: found.watched,
            tests: vec![Test::new("As people saw it", then), Test::new("By this model", now)],
        }
    }
}

/// The statuses of the model in their order, then those only history knows.
fn bands(pairs: &[Pair], statuses: &[String]) -> Vec<Band> {
    let mut names: Vec<&String> = statuses.iter().collect();
    for status in pairs.iter().flat_map(|pair| [&pair.then.status, &pair.now.status]) {
        if !names.contains(&status) {
            names.push(status);
        }
    }
    let band = |name: &String| Band {
        name: name.clone(),
        tone: tone(statuses, name),
        then: pairs.iter().filter(|pair| pair.then.status == *name).count(),
        now: pairs.iter().filter(|pair| pair.now.status == *name).count(),
    };
    names.into_iter().map(band).collect()
}

/// Who changes from which status to which, the most frequent first.
fn shifts(pairs: &[Pair]) -> Vec<(String, String, usize)> {
    let mut all: Vec<(String, String, usize)> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.is_other_band()) {
        let (then, now) = (&pair.then.status, &pair.now.status);
        match all.iter_mut().find(|(from, to, _)| from == then && to == now) {
            Some((_, _, n)) => *n += 1,
            None => all.push((then.clone(), now.clone(), 1)),
        }
    }
    all.sort_by_key(|(_, _, n)| std::cmp::Reverse(*n));
    all
}

/// The form.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let form = Form::new(web.app.today(), values.text("model"));
    page(&web, &session, form, None, StatusCode::OK, Wrong::default())
}

/// A model over history; or its text to make a draft of.
pub(crate) async fn run(Posted(web, session, (), fields): Posted) -> Answer {
    let text = |name: &str| fields.text(name).trim().to_owned();
    let mut form = Form {
        model: text("model"),
        draft: text("draft"),
        from: text("from"),
        to: text("to"),
        against: Against::read(fields.text("against")).unwrap_or_default(),
        days: text("days"),
    };
    if fields.text("do") == "take" {
        form.draft = health::model_text(&web.app, &session.actor, &form.model)?.unwrap_or_default();
        return page(&web, &session, form, None, StatusCode::OK, Wrong::default());
    }
    match compared(&web, &session, &form).await {
        Ok(shown) => page(&web, &session, form, Some(shown), StatusCode::OK, Wrong::default()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, form, None, status, wrong)
        }
    }
}

async fn compared(web: &Web, session: &Session, form: &Form) -> Result<Shown, AppError> {
    let asked = form.read()?;
    let found = Box::pin(health::compare(&web.app, &session.actor, &asked)).await?;
    Ok(Shown::new(&found, &asked))
}

fn page(
    web: &Web,
    session: &Session,
    form: Form,
    shown: Option<Shown>,
    status: StatusCode,
    wrong: Wrong,
) -> Answer {
    let models = health::models(&web.app, &session.actor)?;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Replay"),
        tabs: tabs(session, SETTINGS),
        pages: pages(PATH),
        models: models
            .into_iter()
            .map(|one| {
                let label = format!("{}, version {}", one.model.name, one.model.version);
                Choice::of(one.model.id, label, &form.model)
            })
            .collect(),
        against: Against::ALL
            .into_iter()
            .map(|one| Choice::of(one.word(), one.label(), form.against.word()))
            .collect(),
        horizons: HORIZONS
            .into_iter()
            .map(|days| Choice::of(days.to_string(), format!("{days} days ahead"), &form.days))
            .collect(),
        draft: form.draft,
        from: form.from,
        to: form.to,
        today: web.app.today().to_string(),
        shown,
        wrong,
    };
    Ok(render(status, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_signs() {
        assert_eq!((signed(12), signed(-3), signed(0)), ("+12".to_owned(), "−3".to_owned(), "0".to_owned()));
    }

    #[test]
    fn statuses_are_shown_by_their_place() {
        let statuses = ["Healthy", "Monitor", "At risk"].map(str::to_owned);
        assert_eq!(["Healthy", "At risk", "Gone"].map(|one| tone(&statuses, one)), ["go", "late", "off"]);
    }
}
