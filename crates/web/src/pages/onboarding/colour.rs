//! Whether an onboarding is on track, with its reasons; and the colour somebody puts in place of what the rules give.
use axum::response::{IntoResponse, Redirect};
use gangway_app::standing::{self, Kept};
use gangway_domain::methodology::Light;

use super::{overview, read_id};
use crate::extract::{Answer, Posted};
use crate::form::{Fields, Wrong};
use crate::format::capital;
use crate::pages::Choice;

/// The colour as the overview shows it.
pub(super) struct Colour {
    /// `green`, `amber`, `red`.
    pub word: &'static str,
    pub label: &'static str,
    pub reasons: Vec<String>,
    /// Who chose it, and what the rules say instead.
    pub chosen: Option<(String, &'static str)>,
    pub version: i64,
    /// What can be chosen.
    pub lights: Vec<Choice>,
    /// Why it was chosen, as it was typed.
    pub reason: String,
    /// What was wrong with the form.
    pub wrong: Wrong,
    pub may_choose: bool,
}

impl Colour {
    pub(super) fn new(kept: Kept, may_choose: bool) -> Self {
        let Kept { colour, version, .. } = kept;
        let light = colour.light();
        let chosen = colour.overridden.as_ref();
        Self {
            word: light.word(),
            label: light.label(),
            reasons: colour.because().iter().map(|reason| capital(reason)).collect(),
            version,
            lights: lights(chosen.map_or("", |chosen| chosen.light.word())),
            reason: chosen.map(|chosen| chosen.reason.clone()).unwrap_or_default(),
            chosen: chosen.map(|chosen| (chosen.by.clone(), colour.computed.light.label())),
            wrong: Wrong::default(),
            may_choose,
        }
    }

    /// The form came back: with what was typed, and why it was refused.
    pub(super) fn refused(&mut self, typed: &Fields, wrong: Wrong) {
        self.lights = lights(typed.text("light"));
        typed.text("reason").clone_into(&mut self.reason);
        self.wrong = wrong;
    }

    pub(super) fn is_refused(&self) -> bool {
        self.wrong.summary().is_some()
    }
}

fn lights(chosen: &str) -> Vec<Choice> {
    let rules = Choice {
        value: String::new(),
        label: "As the rules say".to_owned(),
        chosen: Light::read(chosen).is_none(),
    };
    let lights = Light::ALL.map(|light| Choice {
        value: light.word().to_owned(),
        label: light.label().to_owned(),
        chosen: light.word() == chosen,
    });
    std::iter::once(rules).chain(lights).collect()
}

/// Puts a colour in place of what the rules give, or leaves it to them again. Without a reason the form comes back.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let chosen = Light::read(fields.text("light")).map(|light| (light, fields.text("reason").to_owned()));
    match standing::choose(&web.app, &session.actor, id, Some(fields.version()), chosen).await {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{id}?said=colour")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            overview::with_refused_colour(&web, &session, id, status, &fields, wrong).await
        }
    }
}
