//! What is wrong with templates for work that comes up.

use super::{anywhere, expect};

const FILE: &str = "task-templates/migration-rehearsal.toml";

#[test]
fn tasks_wait_for_tasks_above_them() {
    expect(FILE, "after = [\"extract\"]", "after = [\"extrakt\"]", 0, "there is no task `extrakt`");
    expect(FILE, "after = [\"extract\"]", "after = [\"decide\"]", 0, "`decide` does not stand above `load`");
    expect(FILE, "after = [\"load\"]", "after = [\"reconcile\"]", 0, "does not stand above `reconcile`");
    expect(FILE, "id = \"load\"", "id = \"extract\"", 0, "the task `extract` exists twice");
}

#[test]
fn tasks_can_be_added_to_a_plan() {
    expect(FILE, "days = 3", "days = 0", 0, "cannot take 0 working days");
    expect(FILE, "days = 3", "days = 521", 0, "cannot take 521 working days");
    expect(FILE, "days = 3", "days = 3\noffset = 600", 1, "begins 600 working days later");
    expect(FILE, "side = \"customer\"", "side = \"costumer\"", 0, "did you mean `customer`?");
    expect(
        FILE,
        "checklist = [\"Duration of each step\",",
        "checklist = [\" \",",
        0,
        "no line of a checklist",
    );
    expect(FILE, "name = \"Data migration rehearsal\"", "name = \"\"", 0, "the name is empty");
    expect(FILE, "id = \"migration-rehearsal\"", "id = \"rehearsal\"", 0, "is not the name of the file");
    expect(FILE, "id = \"extract\"", "id = \"extract the data\"", 0, "is not a usable task id");
    anywhere(FILE, "when = \"The first", "when = \"\"\n# \"The first", "nobody knows when");
}
