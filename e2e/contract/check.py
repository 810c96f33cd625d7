"""Asks a fresh installation everything its description tells: python check.py ADDRESS SETUP-ADDRESS

No answer may be a failure of the server, and each has to have a status, a type and a body that `openapi.json` describes. What
is asked, and how often, stands in `schemathesis.toml`. Whatever is written goes to the current folder.
"""

import itertools
import os
import pathlib
import re
import sys
import urllib.parse

import requests
import schemathesis
import schemathesis.cli

address, setup = sys.argv[1:]
origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(address))
api = f"{origin}/api/v1"
here = pathlib.Path(__file__).parent

# It runs on this machine, whatever proxy leads elsewhere.
os.environ["no_proxy"] = "127.0.0.1"

# A token may ask 600 times a minute, so that several take turns.
TURNS = 8
# An address that leads nowhere (RFC 2606), and an id that nothing has.
NOWHERE = "https://hooks.invalid/"
NOBODY = "tok_00000000000070008000000000000000"


def begin():
    """Sets the installation up; gives a token that may do everything."""
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(setup).query)["code"][0]
    admin = {"code": code, "workspace": "Northbeam", "name": "Ines Okafor", "email": "ines@northbeam.example"}
    made = requests.post(f"{origin}/setup", {**admin, "password": "correct horse battery"}, allow_redirects=False, timeout=30)
    cookie = made.headers["set-cookie"].split(";")[0]
    wanted = [("name", "contract"), ("scopes", "read"), ("scopes", "write"), ("scopes", "admin"), ("days", "2")]
    page = requests.post(f"{origin}/settings/tokens", wanted, headers={"Cookie": cookie}, timeout=30)
    return re.search(r'id="token">([^<]+)<', page.text).group(1).strip()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def another(token):
    """One more token, of the same reach."""
    wanted = {"name": "contract", "scopes": ["read", "write", "admin"], "days": 1}
    made = requests.post(f"{api}/tokens", json=wanted, headers=bearer(token), timeout=30)
    made.raise_for_status()
    return made.json()["token"]


first = begin()
tokens = [first, *(another(first) for _ in range(TURNS - 1))]
listed = requests.get(f"{api}/tokens", headers=bearer(first), timeout=30)
ours = {token["id"] for token in listed.json()["items"]}
turns = itertools.cycle(tokens)


@schemathesis.auth(refresh_interval=None)
class Turns:
    """Lets the tokens ask in turn."""

    def get(self, case, context):
        return next(turns)

    def set(self, case, token, context):
        case.headers = {**(case.headers or {}), **bearer(token)}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps the run from ending itself, and from writing to anybody else."""
    asked = case.operation.label
    if asked == "DELETE /tokens/{id}" and case.path_parameters.get("id") in ours:
        case.path_parameters = {**case.path_parameters, "id": NOBODY}
    if asked == "DELETE /workspace" and "confirmation" in (case.query or {}):
        case.query = {**case.query, "confirmation": f"not {case.query['confirmation']}"}
    if "/webhooks" in asked and isinstance(case.body, dict) and isinstance(case.body.get("url"), str):
        case.body = {**case.body, "url": NOWHERE}


try:
    schemathesis.cli.schemathesis(["--config-file", str(here / "schemathesis.toml"), "run", f"{api}/openapi.json"])
except SystemExit as end:
    if end.code:
        raise
# Whoever is not let in is never told anything wrong.
for token in tokens:
    still = requests.get(f"{api}/me", headers=bearer(token), timeout=30)
    if still.status_code != 200:
        sys.exit(f"a token was ended on the way, so that not everything was asked: {still.status_code} {still.text}")
