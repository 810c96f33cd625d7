//! What is wrong with what usage events mean.

use super::{anywhere, expect};

const USAGE: &str = "usage.toml";

#[test]
fn events_features_and_paces_are_possible() {
    expect(USAGE, "\"Signed In\", ", "\"Login\", ", 0, "`Login` is listed twice");
    expect(USAGE, "\"Error Shown\", ", "\"Logged In\", ", 0, "`Logged In` cannot be a login and an error");
    expect(USAGE, "events = [\"Alert Created\"]", "events = [\"*\"]", 0, "`*` is no name of an event");
    expect(USAGE, "events = [\"Alert Created\"]", "events = []", 0, "there is no event");
    expect(USAGE, "segment = \"smb\"", "segment = \"smal\"", 0, "there is no segment `smal`");
    expect(USAGE, "stuck_percent = 200", "stuck_percent = 90", 0, "90 % of a target is not past it");
    expect(USAGE, "quiet_days = 3", "quiet_days = 0", 0, "everybody would be stuck at once");
    expect(USAGE, "usage.active_weeks >= 3", "usge.active_weeks >= 3", 0, "usge");
    anywhere(USAGE, "id = \"alerts\"", "id = \"api\"", "the feature `api` exists twice");
    anywhere(USAGE, "advanced = true", "core = true\nadvanced = true", "cannot be core and advanced");
}
