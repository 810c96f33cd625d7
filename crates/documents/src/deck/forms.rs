//! Forms on a slide: a line of text for each field.

use crate::brand::{INK, SLATE};
use crate::directive::Form;
use crate::scene::{Para, Run};

/// A paragraph for each field of a form, with what is answered or a blank.
pub(super) fn paras(form: &Form, size: f64) -> Vec<Para> {
    form.iter()
        .map(|field| {
            let answer = if !field.options.is_empty() {
                field
                    .options
                    .iter()
                    .map(|option| format!("{} {option}", if option == &field.value { "☑" } else { "☐" }))
                    .collect::<Vec<_>>()
                    .join("   ")
            } else if field.value.is_empty() {
                "________________".to_owned()
            } else {
                field.value.clone()
            };
            Para {
                runs: vec![Run::new(format!("{}: ", field.label), INK).bold(), Run::new(answer, SLATE)],
                ..Para::new(Run::new("", INK), size)
            }
            .after(size * 0.5)
        })
        .collect()
}
