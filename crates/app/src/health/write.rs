//! What is kept of judgements: signals that are new or another, scores, and what is told of them, in one transaction for
//! all onboardings judged together.

use std::collections::BTreeMap;

use gangway_domain::health::{Assessment, INSUFFICIENT, explain};
use gangway_domain::ids::{OnboardingId, SignalEventId, SignalId, WorkspaceId};
use gangway_domain::signal as domain;
use gangway_store::Tx;
use gangway_store::health::{self as rows, Judged};
use gangway_store::onboarding::watched;
use gangway_store::signal::event::{self, Event};
use gangway_store::signal::{self as signals, Signal};
use gangway_store::usage::milestone::Subject;
use serde_json::Value as Json;

use super::kept;
use super::look::Seen;
use super::weigh::{Raised, Verdict};
use crate::activity::{self, About, Deed};
use crate::error::AppError;
use crate::usage::facts::Used;
use crate::usage::milestone::{self, Ticked};
use crate::{Actor, App, Door};

/// Reasons told with a change.
const REASONS: usize = 3;

/// What is to be written of onboardings judged together.
#[derive(Default)]
struct Pages {
    /// Onboardings with new signals.
    raised: Vec<(OnboardingId, Vec<Raised>, About)>,
    /// Signals that are another, with what happened to them.
    changed: Vec<(Signal, Option<domain::Event>, About)>,
    /// Judgements that came out as they were, of other facts.
    same: Vec<Judged>,
    /// Those of them that rest on more or less than before.
    covered: Vec<OnboardingId>,
    /// Judgements that are another.
    judged: Vec<Judged>,
    /// What is told, by onboarding.
    told: BTreeMap<OnboardingId, Told>,
}

/// What is told of an onboarding, in the order it is told in.
#[derive(Default)]
struct Told {
    clocks: Vec<Deed>,
    signals: Vec<Deed>,
    health: Option<Deed>,
}

impl Pages {
    fn of(
        app: &App,
        weighed: Vec<(Seen, Verdict)>,
        ticked: &mut BTreeMap<OnboardingId, Ticked>,
    ) -> Result<Self, AppError> {
        let mut pages = Self::default();
        for (id, ticked) in ticked {
            pages.told.entry(*id).or_default().clocks = std::mem::take(&mut ticked.deeds);
        }
        for (seen, Verdict { raised, changed, assessed }) in weighed {
            let about = About { account: Some(seen.ground.account), onboarding: Some(seen.id) };
            if !raised.is_empty() {
                pages.raised.push((seen.id, raised, about));
            }
            pages.changed.extend(changed.into_iter().map(|(signal, event)| (signal, event, about)));
            let Some((assessment, rests_on)) = assessed else { continue };
            match news(app, &seen, &assessment, rests_on)? {
                News::Nothing => {}
                News::Facts(judged) => {
                    if seen.before.as_ref().is_some_and(|before| before.coverage != judged.coverage) {
                        pages.covered.push(seen.id);
                    }
                    pages.same.push(*judged);
                }
                News::Change { judged, summary } => {
                    pages.judged.push(*judged);
                    let deed = Deed { kind: "health.changed", about, summary };
                    pages.told.entry(seen.id).or_default().health = Some(deed);
                }
            }
        }
        Ok(pages)
    }

    fn is_empty(&self) -> bool {
        self.raised.is_empty() && self.changed.is_empty() && self.same.is_empty() && self.judged.is_empty()
    }

    fn tell(&mut self, kind: &'static str, about: About, summary: String) {
        let Some(id) = about.onboarding else { return };
        self.told.entry(id).or_default().signals.push(Deed { kind, about, summary });
    }

    /// Everything that is told, of one onboarding after the other.
    fn deeds(self) -> Vec<Deed> {
        let of_one = |told: Told| told.clocks.into_iter().chain(told.signals).chain(told.health);
        self.told.into_values().flat_map(of_one).collect()
    }
}

/// Writes what is another, in one transaction.
pub(super) async fn write(
    app: &App,
    workspace: WorkspaceId,
    weighed: Vec<(Seen, Verdict)>,
    mut ticked: BTreeMap<OnboardingId, Ticked>,
    used: Option<&(Used, Vec<Subject>)>,
) -> Result<(), AppError> {
    let mut pages = Pages::of(app, weighed, &mut ticked)?;
    let is_asked = used.is_some_and(|(used, _)| !used.asked.is_empty());
    if pages.is_empty() && ticked.is_empty() && !is_asked {
        return Ok(());
    }
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let mut tx = app.db.write().await?;
    if let Some((used, running)) = used {
        milestone::note_expected(&mut tx, workspace, used, running).await?;
    }
    let ticked: Vec<Ticked> = ticked.into_values().collect();
    milestone::keep(app, &mut tx, workspace, &ticked).await?;
    Box::pin(write_signals(app, &mut tx, &actor, &mut pages)).await?;
    rows::unchanged(&mut tx, workspace, &pages.same).await?;
    watched::keep(&mut tx, workspace, &pages.covered).await?;
    if !pages.judged.is_empty() {
        rows::keep(&mut tx, workspace, &pages.judged).await?;
    }
    Box::pin(activity::record_all(app, &mut tx, &actor, pages.deeds())).await?;
    tx.commit().await?;
    Ok(())
}

async fn write_signals(app: &App, tx: &mut Tx, actor: &Actor, pages: &mut Pages) -> Result<(), AppError> {
    let (raised, changed) = (std::mem::take(&mut pages.raised), std::mem::take(&mut pages.changed));
    let mut events = Vec::new();
    if !raised.is_empty() {
        let ids: Vec<OnboardingId> = raised.iter().map(|(id, ..)| *id).collect();
        let numbers = signals::last_numbers(tx, actor.workspace, &ids).await?;
        let mut fresh = Vec::new();
        for (id, raised, about) in raised {
            let last = numbers.get(&id).copied().unwrap_or(0);
            for (number, one) in (last + 1..).zip(raised) {
                let signal = signal(app, actor, id, number, one);
                events.push((signal.id, happened(app, actor, "raised", &signal.body.words)));
                pages.tell("signal.raised", about, format!("{}: {}", signal.name, signal.body.words));
                fresh.push(signal);
            }
        }
        signals::insert_all(tx, actor.workspace, &fresh).await?;
    }
    for (signal, event, about) in changed {
        if !signals::change(tx, actor.workspace, &signal).await? {
            return Err(AppError::Overtaken);
        }
        let Some(event) = event else { continue };
        let (kind, told, word) = match event {
            domain::Event::Repeated => ("seen", "signal.changed", "seen again"),
            domain::Event::ResolvedByItself => ("resolved", "signal.resolved", "resolved by itself"),
            domain::Event::Woken => ("woken", "signal.changed", "no longer snoozed"),
        };
        events.push((signal.id, happened(app, actor, kind, &signal.body.words)));
        pages.tell(told, about, format!("{}: {word}", signal.name));
    }
    event::insert_all(tx, actor.workspace, &events).await?;
    Ok(())
}

fn signal(app: &App, actor: &Actor, onboarding: OnboardingId, number: i64, raised: Raised) -> Signal {
    let Raised { body, name, category } = raised;
    Signal {
        id: SignalId::fresh(&*app.ids),
        onboarding,
        number,
        name,
        category,
        body,
        computed: true,
        raised_by: actor.name.clone(),
        version: 1,
    }
}

/// What happened to a signal, as it is kept.
fn happened(app: &App, actor: &Actor, kind: &str, text: &str) -> Event {
    Event {
        id: SignalEventId::fresh(&*app.ids),
        at: app.now(),
        kind: kind.to_owned(),
        by: actor.name.clone(),
        text: text.to_owned(),
    }
}

/// What is to be kept of a judgement.
enum News {
    /// It is what is kept.
    Nothing,
    /// The same comes out, of other facts.
    Facts(Box<Judged>),
    /// Something else comes out.
    Change { judged: Box<Judged>, summary: String },
}

fn news(app: &App, seen: &Seen, assessment: &Assessment, facts: Json) -> Result<News, AppError> {
    let told = kept::assessed(assessment)?;
    // What moved it is only worked out where it moved: most judgements come out as they were.
    let judged = Judged {
        onboarding: seen.id,
        number: seen.before.as_ref().map_or(0, |before| before.number) + 1,
        at: app.now(),
        on: seen.today,
        score: assessment.score.map(i64::from),
        coverage: i64::from(assessment.coverage_percent),
        computed: assessment.by_score.clone(),
        status: assessment.status.clone(),
        assessment: told,
        facts,
        model: assessment.model.clone(),
        model_version: i64::from(assessment.version),
        because: String::new(),
    };
    let Some(before) = &seen.before else {
        let judged = Judged { because: because(seen, assessment), ..judged };
        let summary = format!("Health is judged: {}", in_words(&judged));
        return Ok(News::Change { judged: Box::new(judged), summary });
    };
    let same = before.score == judged.score
        && before.computed == judged.computed
        && before.status == judged.status
        && before.model == judged.model
        && before.model_version == judged.model_version;
    if !same {
        let judged = Judged { because: because(seen, assessment), ..judged };
        let summary = format!(
            "Health: {} instead of {}{}{}",
            in_words(&judged),
            in_words(before),
            if judged.because.is_empty() { "" } else { "; " },
            judged.because
        );
        return Ok(News::Change { judged: Box::new(judged), summary });
    }
    let is_kept =
        before.on == seen.today && before.facts == judged.facts && before.assessment == judged.assessment;
    if is_kept {
        return Ok(News::Nothing);
    }
    // It is no change: when it became so, and the number of the change that made it so, stay.
    let (at, number) = (before.at, before.number);
    Ok(News::Facts(Box::new(Judged { at, number, ..judged })))
}

/// `72 (Monitor)`.
fn in_words(judged: &Judged) -> String {
    match judged.score {
        Some(score) => format!("{score} ({})", judged.status),
        None => judged.status.clone(),
    }
}

/// What moved it, in words: the inputs that moved it most, then what holds the status.
fn because(seen: &Seen, now: &Assessment) -> String {
    let mut said = Vec::new();
    let before = seen.before.as_ref().and_then(kept::assessment);
    if let Some(before) = &before {
        if before.model != now.model || before.version != now.version {
            said.push(format!("the model is {} version {}", now.model, now.version));
        }
        let moves = explain(before, now);
        let moved = moves.iter().filter(|one| one.points.0 != 0).take(REASONS);
        said.extend(moved.map(|one| format!("{} {} ({})", one.name, one.points.signed(), one.cause.label())));
    }
    if now.status == INSUFFICIENT && now.by_hand.is_none() {
        said.push(format!("{} % of the weight has data", now.coverage_percent));
    }
    let capped = now.cap.as_ref().filter(|_| before.as_ref().is_none_or(|before| before.cap != now.cap));
    if let Some(cap) = capped {
        said.push(format!("held at {} by {}", cap.status, cap.signals.join(", ")));
    }
    let chosen =
        now.by_hand.as_ref().filter(|_| before.as_ref().is_none_or(|one| one.by_hand != now.by_hand));
    if let Some(chosen) = chosen {
        let until = chosen.until.strftime("%-d %b %Y");
        said.push(format!("{} said so until {until}: {}", chosen.by, chosen.reason));
    } else if now.by_hand.is_none() && before.as_ref().is_some_and(|before| before.by_hand.is_some()) {
        said.push("what a person said is over".to_owned());
    }
    said.join("; ")
}
