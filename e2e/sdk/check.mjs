// Lets the SDKs people use send to an installation, and counts what arrived: node check.mjs ADDRESS SETUP-ADDRESS PYTHON
// Only the host and the write key differ from what their own manuals say.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { browse } from "./segment-next.mjs";
import { EXPECTED, story } from "./story.mjs";

const [, , address, setup, python] = process.argv;
const origin = new URL(address).origin;
const here = dirname(fileURLToPath(import.meta.url));
const PATIENCE = 20_000;
const failures = [];
let checks = 0;

function check(holds, what) {
  checks += 1;
  if (!holds) {
    failures.push(what);
    console.error(`  failed: ${what}`);
  }
}

const form = (fields, headers = {}) => ({
  method: "POST",
  redirect: "manual",
  headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
  body: new URLSearchParams(fields).toString(),
});

// Sets the installation up and gives a token that may do everything.
async function begin() {
  const code = new URL(setup).searchParams.get("code");
  const admin = { code, workspace: "Northbeam", name: "Ines Okafor", email: "ines@northbeam.example", password: "correct horse battery" };
  const made = await fetch(`${origin}/setup`, form(admin));
  const cookie = made.headers.get("set-cookie").split(";")[0];
  const scopes = [["name", "SDKs"], ["scopes", "read"], ["scopes", "write"], ["scopes", "admin"], ["days", "1"]];
  const page = await (await fetch(`${origin}/settings/tokens`, form(scopes, { Cookie: cookie }))).text();
  return page.match(/id="token">([^<]+)</)[1].trim();
}

const token = await begin();

async function api(method, path, body) {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  check(answer.ok, `${method} ${path} answers ${answer.status}: ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : {};
}

// Runs one SDK in a process of its own, as a product would.
function run(program, args) {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: here, stdio: ["ignore", "inherit", "inherit"] });
    const late = setTimeout(() => child.kill(), 3 * PATIENCE);
    child.on("close", (code) => {
      clearTimeout(late);
      done(code);
    });
    child.on("error", () => done(-1));
  });
}

const counted = (usage) => Object.fromEntries(usage.features.map((feature) => [feature.name, feature.count_28]));
const total = Object.values(EXPECTED).reduce((sum, number) => sum + number, 0);

// Asks until as much is there as must be, or more.
async function arrived(account) {
  const until = Date.now() + PATIENCE;
  let usage = await api("GET", `/accounts/${account}/usage`);
  while (usage.events_7 < total && Date.now() < until) {
    await new Promise((soon) => setTimeout(soon, 100));
    usage = await api("GET", `/accounts/${account}/usage`);
  }
  return usage;
}

function exact(sdk, usage) {
  const found = counted(usage);
  for (const [event, number] of Object.entries(EXPECTED)) {
    check(found[event] === number, `${sdk}: ${number} times “${event}” were sent, ${found[event]} are counted`);
  }
  check(usage.events_7 === total, `${sdk}: ${total} events were sent, ${usage.events_7} are counted`);
  const [user] = usage.users.filter((one) => one.external_id === story(sdk).user);
  check(user?.email === story(sdk).traits.email, `${sdk}: its user is known by mail address`);
}

for (const event of Object.keys(EXPECTED)) await api("POST", "/usage-features", { name: event, events: [event], core: true });

const sdks = [
  ["segment-node", (key) => run("node", ["segment-node.mjs", origin, key])],
  ["rudder-node", (key) => run("node", ["rudder-node.mjs", origin, key])],
  ["segment-python", (key) => run(python, ["segment_python.py", origin, key])],
  ["rudder-python", (key) => run(python, ["rudder_python.py", origin, key])],
  ["segment-next", (key) => browse(origin, key).then(() => 0, (problem) => (console.error(problem), 1))],
];
const accounts = new Map();
for (const [sdk, send] of sdks) {
  const { customer, company } = story(sdk);
  const account = await api("PUT", `/accounts/by-external-id/${customer}`, { name: company.name });
  const source = await api("POST", "/usage-sources", { name: sdk });
  const begun = Date.now();
  check((await send(source.write_key)) === 0, `${sdk} sends everything`);
  exact(sdk, await arrived(account.id));
  console.log(`${sdk}: sent and counted in ${Date.now() - begun} ms`);
  accounts.set(sdk, account.id);
}
// What one sends changes nothing of another's, and nothing arrives a second time.
for (const [sdk, account] of accounts) exact(sdk, await api("GET", `/accounts/${account}/usage`));
const refused = await api("GET", "/usage-refusals");
check(refused.items.length === 0, `nothing is refused: ${JSON.stringify(refused.items).slice(0, 500)}`);

console.log(`${checks - failures.length} of ${checks} checks of the SDKs hold`);
process.exit(failures.length === 0 ? 0 : 1);
