//! Which model is whose.

use indexmap::IndexMap;

use super::model::{Model, ModelError};
use crate::methodology::HealthModel;
use crate::rule::{Schema, Sheet};

/// The compiled models of a methodology.
#[derive(Debug, Clone, Default)]
pub struct Models {
    models: Vec<Model>,
}

impl Models {
    /// Compiles all models.
    ///
    /// # Errors
    /// Everything that is wrong in any of them; places begin with the id of the model.
    pub fn compile(models: &IndexMap<String, HealthModel>, schema: &Schema) -> Result<Self, Vec<ModelError>> {
        let mut compiled = Vec::with_capacity(models.len());
        let mut errors = Vec::new();
        for (id, model) in models {
            match Model::compile(model, schema) {
                Ok(model) => compiled.push(model),
                Err(wrong) => errors.extend(
                    wrong
                        .into_iter()
                        .map(|one| ModelError { at: format!("{id}.{}", one.at), message: one.message }),
                ),
            }
        }
        if errors.is_empty() { Ok(Self { models: compiled }) } else { Err(errors) }
    }

    /// A model by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id() == id)
    }

    /// All models.
    pub fn iter(&self) -> impl Iterator<Item = &Model> {
        self.models.iter()
    }

    /// The model of a customer: of those that apply, the one with the most conditions; of equals, the one that names
    /// fewer segments, then the first. None when none applies.
    #[must_use]
    pub fn select(&self, sheet: &Sheet<'_>) -> Option<&Model> {
        let segment = sheet.text("onboarding.segment");
        let phase = sheet.text("onboarding.phase");
        let listed = |list: &[String], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|value| list.iter().any(|one| one == value))
        };
        let applying = self.models.iter().filter(|model| {
            let applies = &model.source().applies;
            listed(&applies.segments, segment)
                && listed(&applies.phases, phase)
                && model.applies.as_ref().is_none_or(|rule| rule.truth(sheet).is_yes())
        });
        // `min_by_key` keeps the first of equals.
        applying.min_by_key(|model| {
            let applies = &model.source().applies;
            (std::cmp::Reverse(applies.conditions()), applies.segments.len())
        })
    }
}
