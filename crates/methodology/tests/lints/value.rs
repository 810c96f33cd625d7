//! What is wrong with how value is reached and celebrated.

use super::expect;

const VALUE: &str = "value.toml";

#[test]
fn the_ladder_goes_up() {
    expect(VALUE, "level = 3", "level = 2", 0, "is not above the rung before it");
}

#[test]
fn each_kind_of_milestone_is_celebrated_once_with_words_that_can_be_filled_in() {
    expect(VALUE, "at = \"value\"", "at = \"first-value\"", 0, "have a celebration already");
    expect(VALUE, "at = \"value\"", "at = \"values\"", 0, "did you mean `value`?");
    expect(VALUE, "{milestone}: reached.", "{goal}: reached.", 0, "there is no placeholder `{goal}`");
}
