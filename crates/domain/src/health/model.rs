//! Compiling a health model.

use thiserror::Error;

use super::INSUFFICIENT;
use crate::methodology::{HealthComponent, HealthInput, HealthModel, HealthStatus};
use crate::rule::{Kind, RuleError, Schema, TypedRule, Words};

/// The component in which sign-ins alone prove nothing [003].
pub(super) const ADOPTION: &str = "adoption";

/// Something wrong in a model, with its place in the file: `component.2.input.0.score`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{at}: {message}")]
pub struct ModelError {
    /// Path of the value.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

impl ModelError {
    fn new(at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at: at.into(), message: message.into() }
    }
}

/// A compiled health model.
#[derive(Debug, Clone)]
pub struct Model {
    source: HealthModel,
    pub(super) components: Vec<Component>,
    pub(super) applies: Option<TypedRule>,
    warnings: Vec<ModelError>,
}

/// A compiled component; names are in the source.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) inputs: Vec<Input>,
}

/// A compiled input.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) score: TypedRule,
    pub(super) words: Words,
    pub(super) age: Option<TypedRule>,
}

impl Model {
    /// Compiles a model.
    ///
    /// # Errors
    /// Everything that is wrong: weights that do not sum to 100, expressions that do not compile or use facts as what
    /// they are not, ages that are no facts, statuses out of order, caps and conditions that name nothing.
    pub fn compile(model: &HealthModel, schema: &Schema) -> Result<Self, Vec<ModelError>> {
        let mut errors = structure(model);
        let mut components = Vec::with_capacity(model.components.len());
        for (at, component) in model.components.iter().enumerate() {
            components.push(compile(component, &format!("component.{at}"), schema, &mut errors));
        }
        let applies = model
            .applies
            .when
            .as_deref()
            .and_then(|when| kept(TypedRule::test(when, schema), "applies.when", &mut errors));
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self { source: model.clone(), components, applies, warnings: warnings(model) })
    }

    /// The model as the methodology has it.
    #[must_use]
    pub fn source(&self) -> &HealthModel {
        &self.source
    }

    /// Id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.source.id
    }

    /// Version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.source.version
    }

    /// Name people see.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Statuses from best to worst.
    #[must_use]
    pub fn statuses(&self) -> &[HealthStatus] {
        &self.source.statuses
    }

    /// Every input with the names of the facts its score is computed from, in order.
    pub fn inputs(&self) -> impl Iterator<Item = (&HealthInput, &[&'static str])> {
        let sources = self.source.components.iter().flat_map(|component| &component.measures);
        let compiled = self.components.iter().flat_map(|component| &component.inputs);
        sources.zip(compiled).map(|(source, compiled)| (source, compiled.score.uses()))
    }

    /// What is allowed and probably not wanted.
    #[must_use]
    pub fn warnings(&self) -> &[ModelError] {
        &self.warnings
    }

    /// How bad a status is: 0 is the best. One the model does not know, insufficient data too, stands behind all.
    #[must_use]
    pub fn rank(&self, status: &str) -> usize {
        let statuses = &self.source.statuses;
        statuses.iter().position(|one| one.name == status).unwrap_or(statuses.len())
    }

    /// The status a score gives.
    #[must_use]
    pub fn status_of(&self, score: u32) -> &str {
        let statuses = &self.source.statuses;
        let found = statuses.iter().find(|status| score >= status.from).or_else(|| statuses.last());
        found.map_or(INSUFFICIENT, |status| status.name.as_str())
    }

    /// The highest score that still gives a status.
    pub(super) fn top(&self, status: &str) -> u32 {
        let above = self.rank(status).checked_sub(1).and_then(|at| self.source.statuses.get(at));
        above.map_or(100, |above| above.from.saturating_sub(1))
    }
}

fn compile(
    component: &HealthComponent,
    at: &str,
    schema: &Schema,
    errors: &mut Vec<ModelError>,
) -> Component {
    let mut inputs = Vec::with_capacity(component.measures.len());
    for (number, input) in component.measures.iter().enumerate() {
        inputs.extend(compile_input(input, &format!("{at}.input.{number}"), schema, errors));
    }
    Component { inputs }
}

fn compile_input(
    input: &HealthInput,
    at: &str,
    schema: &Schema,
    errors: &mut Vec<ModelError>,
) -> Option<Input> {
    let score = kept(TypedRule::whole(&input.score, schema), &format!("{at}.score"), errors);
    let words = kept(Words::compile(&input.words, schema), &format!("{at}.words"), errors);
    if input.weight == 0 {
        errors.push(ModelError::new(
            format!("{at}.weight"),
            "an input without weight never counts: leave it out",
        ));
    }
    match (&input.age, input.valid_days) {
        (Some(_), None) => {
            errors.push(ModelError::new(at, "`age` says nothing without `valid_days`"));
        }
        (None, Some(_)) => {
            errors.push(ModelError::new(
                at,
                "`valid_days` says nothing without `age`, the fact that tells how old it is",
            ));
        }
        (Some(_), Some(0)) => {
            errors.push(ModelError::new(format!("{at}.valid_days"), "what is valid for no day never counts"));
        }
        _ => {}
    }
    let age = match &input.age {
        None => None,
        Some(name) => {
            let place = format!("{at}.age");
            let is_number = schema.find(name).is_none_or(|spec| spec.kind == Kind::Number);
            if !is_number {
                errors.push(ModelError::new(place.as_str(), format!("`{name}` is no number of days")));
            }
            let rule = is_number.then(|| TypedRule::whole(name, schema))?;
            Some(kept(rule, &place, errors)?)
        }
    };
    Some(Input { score: score?, words: words?, age })
}

fn kept<T>(compiled: Result<T, RuleError>, at: &str, errors: &mut Vec<ModelError>) -> Option<T> {
    compiled.map_err(|error| errors.push(ModelError::new(at, error.to_string()))).ok()
}

/// What is wrong with the numbers and names of a model.
fn structure(model: &HealthModel) -> Vec<ModelError> {
    let mut errors = Vec::new();
    let sum: u64 = model.components.iter().map(|component| u64::from(component.weight)).sum();
    if sum != 100 {
        errors.push(ModelError::new("component", format!("the weights sum to {sum}, not to 100")));
    }
    if model.min_coverage_percent > 100 {
        let message = format!("{} % can never be reached", model.min_coverage_percent);
        errors.push(ModelError::new("min_coverage_percent", message));
    }
    let mut last = 101;
    for (at, status) in model.statuses.iter().enumerate() {
        if status.from >= last {
            let message =
                format!("\"{}\" from {} is not below the status above it", status.name, status.from);
            errors.push(ModelError::new(format!("status.{at}.from"), message));
        }
        last = status.from;
    }
    if last != 0 {
        errors.push(ModelError::new("status", "the worst status must begin at 0"));
    }
    let mut most = u32::MAX;
    for (at, cap) in model.caps.iter().enumerate() {
        if !model.statuses.iter().any(|status| status.name == cap.status) {
            let message = format!("there is no status `{}` in this model", cap.status);
            errors.push(ModelError::new(format!("cap.{at}.status"), message));
        }
        if cap.critical_signals == 0 || cap.critical_signals >= most {
            let message = "caps stand in falling order of `critical_signals`, the least 1";
            errors.push(ModelError::new(format!("cap.{at}.critical_signals"), message));
        }
        most = cap.critical_signals;
    }
    let phases = ["onboarding", "adopted"];
    for (at, phase) in model.applies.phases.iter().enumerate() {
        if !phases.contains(&phase.as_str()) {
            let message = format!("there is no phase `{phase}`: there are onboarding and adopted");
            errors.push(ModelError::new(format!("applies.phases.{at}"), message));
        }
    }
    errors
}

/// What is allowed and probably not wanted.
fn warnings(model: &HealthModel) -> Vec<ModelError> {
    let mut warnings = Vec::new();
    for (at, component) in model.components.iter().enumerate() {
        let inputs = &component.measures;
        if inputs.is_empty() {
            let message = format!("`{}` has no input and will never have data", component.id);
            warnings.push(ModelError::new(format!("component.{at}"), message));
        } else if inputs.iter().all(|input| input.vanity) {
            let message =
                format!("`{}` rests on figures that look good alone; it will never have data", component.id);
            warnings.push(ModelError::new(format!("component.{at}"), message));
        }
        let signs_in = |input: &HealthInput| {
            !input.vanity
                && ["usage.logins", "usage.days_since_login"].iter().any(|name| input.score.contains(*name))
        };
        if component.id == ADOPTION && inputs.iter().any(signs_in) {
            let message = "a sign-in is no use of the product: mark the input as `vanity = true`";
            warnings.push(ModelError::new(format!("component.{at}"), message));
        }
    }
    warnings
}
