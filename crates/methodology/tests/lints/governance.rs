//! What is wrong with governance.

use super::{anywhere, expect};

const GOVERNANCE: &str = "governance.toml";

#[test]
fn bands_follow_each_other() {
    expect(GOVERNANCE, "from = 1\n", "from = 2\n", 0, "exposures below 2 are in no band");
    expect(GOVERNANCE, "from = 10\n", "from = 4\n", 0, "`high` does not begin above the band before it");
    expect(GOVERNANCE, "from = 17\n", "from = 26\n", 0, "no risk is ever in `critical`");
    expect(GOVERNANCE, "id = \"medium\"", "id = \"low\"", 0, "the band `low` exists twice");
}

#[test]
fn rules_name_facts_that_exist() {
    expect(GOVERNANCE, "when = \"gates_missed > 0\"", "when = \"gates > 0\"", 0, "no fact `gates`");
    expect(GOVERNANCE, "when = \"top_risks > 0\"", "when = \"top_risks\"", 0, "true or false");
    expect(
        GOVERNANCE,
        "because = \"{top_risks:critical risk",
        "because = \"{top_risk:critical risk",
        0,
        "there is no placeholder `{top_risk}`",
    );
    expect(GOVERNANCE, "light = \"red\"", "light = \"green\"", 0, "makes nothing amber or red");
    expect(GOVERNANCE, "level = 4", "level = 5", 0, "there is no level 5");
}

#[test]
fn scales_and_approvals() {
    expect(GOVERNANCE, "impact = 5", "impact = 6", 0, "6 is not on the scale");
    anywhere(GOVERNANCE, "growth_below_percent", "growth_under_percent", "there is no key");
}
