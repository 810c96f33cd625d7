//! What resources with an id and a version do alike: a page of them, one of them, one after a change, a new one.

use axum::Json;
use axum::http::HeaderMap;
use serde::Serialize;

use crate::etag::{changed, created, tagged};
use crate::page::Page;
use crate::problem::Answer;

/// An answer about something that has an id and a version.
pub(crate) trait Kept: Serialize {
    /// Where such things are: the part of their addresses behind `/api/v1/`.
    const PLACE: &'static str;

    /// Its id, by which lists go on.
    fn id(&self) -> &str;

    /// Which version of it this is.
    fn version(&self) -> i64;
}

/// Says of an answer with the fields `id` and `version` where such things are.
macro_rules! kept_at {
    ($answer:ty, $place:literal) => {
        impl crate::kept::Kept for $answer {
            const PLACE: &'static str = $place;

            fn id(&self) -> &str {
                &self.id
            }

            fn version(&self) -> i64 {
                self.version
            }
        }
    };
}
pub(crate) use kept_at;

/// A page of a list in order of ids, and whether there is more behind it.
pub(crate) fn page<T: Kept + From<F>, F>((found, more): (Vec<F>, bool)) -> Json<Page<T>> {
    Json(Page::after_last(found.into_iter().map(T::from), more, |one| one.id().to_owned()))
}

/// One of them as it is; 304 when the caller has it already.
pub(crate) fn one<T: Kept>(headers: &HeaderMap, found: impl Into<T>) -> Answer {
    let out: T = found.into();
    Ok(tagged(headers, out.version(), Json(out)))
}

/// One of them as it is after a change.
pub(crate) fn now<T: Kept>(kept: impl Into<T>) -> Answer {
    let out: T = kept.into();
    Ok(changed(out.version(), Json(out)))
}

/// A new one, and where it is.
pub(crate) fn made<T: Kept>(made: impl Into<T>) -> Answer {
    let out: T = made.into();
    let location = format!("/api/v1/{}/{}", T::PLACE, out.id());
    Ok(created(out.version(), location, Json(out)))
}
