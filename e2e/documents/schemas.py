"""Holds what Gangway reads and writes to its published schemas: python schemas.py GANGWAY PACKAGES

PACKAGES is a folder of packages that `gangway plan` wrote. Beside them are looked at: the example deals in our own form, the plan
in `docs/schedule.md`, and the schedule GANGWAY makes of it. Fails when anything is not as its schema in `docs/schema` says, and
when a schema would take anything.
"""

import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

root = pathlib.Path(__file__).resolve().parents[2]
gangway, packages = sys.argv[1], pathlib.Path(sys.argv[2])
deals = root / "crates/intake/tests/fixtures/deals"
wrong = []


class Plain(yaml.SafeLoader):
    """YAML in which a date is what it is in JSON: text."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, words) for tag, words in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def schema(name):
    """A published schema, ready to judge."""
    text = (root / f"docs/schema/{name}.schema.json").read_text(encoding="utf-8")
    read = json.loads(text)
    kind = jsonschema.validators.validator_for(read)
    kind.check_schema(read)
    judge = kind(read, format_checker=kind.FORMAT_CHECKER)
    assert not judge.is_valid([]), f"{name}: the schema takes a list"
    assert not judge.is_valid({"nothing of the kind": 1}), f"{name}: the schema takes what it does not know"
    return judge


def look(judge, what, value):
    """Notes where a value is not as its schema says."""
    errors = sorted(judge.iter_errors(value), key=lambda error: error.json_path)
    print(f"{what}: {len(errors)} errors")
    wrong.extend(f"{what}: {error.json_path}: {error.message[:300]}" for error in errors)


written = sorted(packages.glob("*/package.json"))
assert len(written) >= 5, f"{packages}: {len(written)} packages"
package = schema("package")
for path in written:
    look(package, path.relative_to(packages).as_posix(), json.loads(path.read_text(encoding="utf-8")))

deal = schema("deal")
look(deal, "brightcare.json", json.loads((deals / "brightcare.json").read_text(encoding="utf-8")))
look(deal, "lumiere.yaml", yaml.load((deals / "lumiere.yaml").read_text(encoding="utf-8"), Plain))

manual = (root / "docs/schedule.md").read_text(encoding="utf-8")
plan = re.search(r"```json\n(.*?)```", manual, re.DOTALL).group(1)
look(schema("plan"), "the plan in docs/schedule.md", json.loads(plan))
made = subprocess.run([gangway, "schedule", "-"], input=plan, capture_output=True, text=True, check=True)
look(schema("schedule"), "its schedule", json.loads(made.stdout))

if wrong:
    sys.exit("\n".join(wrong))
