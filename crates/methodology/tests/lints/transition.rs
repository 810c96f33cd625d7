//! What is wrong with what happens after an onboarding.

use super::{anywhere, expect};

const TRANSITION: &str = "transition.toml";

#[test]
fn steps_lie_in_the_first_ninety_days_and_texts_name_what_exists() {
    expect(TRANSITION, "day = 90", "day = 120", 0, "day 120 is none of the first 90");
    expect(TRANSITION, "day = 7", "day = 0", 0, "day 0 is none of the first 90");
    expect(
        TRANSITION,
        "who works with {product} and",
        "who works with {produkt} and",
        0,
        "there is no placeholder `{produkt}`",
    );
    expect(
        TRANSITION,
        "subject = \"{customer} and",
        "subject = \"{client} and",
        0,
        "there is no placeholder `{client}`",
    );
    anywhere(TRANSITION, "day = 21", "day = 45", "not in order of their days");
    anywhere(TRANSITION, "side = \"customer\"", "side = \"client\"", "`client` is not possible here");
}
