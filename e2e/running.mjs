// Runs one onboarding from its kickoff to the day it is ready to go live: node running.mjs ADDRESS SETUP-ADDRESS WIDTH [without-scripts]
// At the end the ledger has to explain every calendar day between the first promised go-live and the last.
// Each run needs an installation of its own. The plan begins in the past, so that there are days to tell about.
import { carries } from "./board.mjs";
import { accessible, check, fits, run, withPage } from "./lib.mjs";
import { drags } from "./gantt.mjs";
import { ledger } from "./ledger.mjs";

const [, , address, setup, width, scripts] = process.argv;
const origin = new URL(address ?? "").origin;
const javaScriptEnabled = scripts !== "without-scripts";
const viewport = width === "390" ? { width: 390, height: 844 } : { width: 1440, height: 900 };
const name = `running, ${viewport.width} px, ${javaScriptEnabled ? "with" : "without"} JavaScript`;

const dayAt = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const today = dayAt(0);
// What the customer is late with.
const late = "Document today's process";
// Days between the kickoff and today: what happened in them is told at the beginning.
const since = 24;

const deal = `# Customer handoff: Harbourline Logistics
- **Company name:** Harbourline Logistics
- **Product:** Enterprise platform
- **ACV:** $95,000
- **Use case:** supply chain visibility
- **Tech stack:** SAP ERP, Salesforce
- **SSO:** required
- **Sites:** three plants
- **Kickoff:** ${dayAt(-since)}
- **Go-live target:** ${dayAt(21)}

## Stakeholders
| Name | Title | Role | Contact | Notes |
|---|---|---|---|---|
| Dana Ruiz | VP Operations | Champion | dana@harbourline.example | Won the others over |
| Omar Haddad | CFO | Economic buyer | omar@harbourline.example | |
| Lena Fischer | IT Director | Technical lead | lena@harbourline.example | |
| Priya Nair | COO | Executive sponsor | priya@harbourline.example | |
`;

// With scripts what a click brings is drawn a moment later.
async function seen(locator) {
  return locator.waitFor({ timeout: 5000 }).then(
    () => true,
    () => false,
  );
}

// A task is told about on its page; its day in the first plan is the day it is said to be done.
class Story {
  constructor(page) {
    this.page = page;
  }

  async look(step) {
    await fits(this.page, `${name}, ${step}`);
    await accessible(this.page, `${name}, ${step}`);
  }

  async goto(tab) {
    const answer = await this.page.goto(this.at + tab);
    check(answer.ok(), `${name}: ${tab} opens`);
  }

  async press(button) {
    await this.use(this.page.getByRole("button", { name: button, exact: true }).first());
  }

  // Without scripts what was said stays where it is and may cover a button: the keyboard reaches it.
  async use(button) {
    await (javaScriptEnabled ? button.click() : button.press("Enter"));
  }

  // What the plan says before anything happened.
  async remember() {
    await this.goto("/plan?view=list");
    this.tasks = await this.page.locator("table.tasks tbody tr:not(.group)").evaluateAll((rows) =>
      rows.map((row) => {
        const link = row.querySelector("th a");
        const code = row.querySelector("input[name=task]").value;
        const phase = row.closest("tbody").querySelector(".group th").firstChild.textContent.trim();
        const day = (label) => row.querySelector(`td[data-label=${label}] time`).dateTime;
        const side = row.querySelector("td[data-label=Side]").innerText.trim().toLowerCase();
        return { name: link.innerText, href: link.href, code, phase, side, start: day("Start"), finish: day("Finish") };
      }),
    );
    this.gates = await this.page.locator("section[aria-labelledby=gates] tbody tr").evaluateAll((rows) =>
      rows.map((row) => {
        const criteria = [...row.querySelectorAll("td[data-label='Passed when'] li")].map((one) => one.innerText);
        const planned = row.querySelector("td[data-label=Planned] time").dateTime;
        return { name: row.querySelector("th a").innerText, href: row.querySelector("th a").href, criteria, planned };
      }),
    );
    check(this.tasks.length > 30 && this.gates.length > 8, `${name}: the plan has its tasks and gates`);
  }

  task(begin) {
    const found = this.tasks.find((task) => task.name.startsWith(begin));
    if (!found) throw new Error(`no task begins with ${begin}`);
    return found;
  }

  async open(begin) {
    const found = this.tasks.find((one) => one.name.startsWith(begin)) ?? this.gates.find((one) => one.name.startsWith(begin));
    if (!found) throw new Error(`the plan has no ${begin}`);
    await this.page.goto(found.href);
    await this.page.getByRole("heading", { level: 2, name: found.name }).first().waitFor();
  }

  async tag(words) {
    return seen(this.page.locator(".panel-head .tags .tag", { hasText: words }).first());
  }

  async done(begin, on) {
    const task = this.task(begin);
    await this.open(begin);
    const day = on ?? task.finish;
    await this.page.locator("#on").fill(day < today ? day : today);
    await this.press("Done");
    if (!(await this.tag("Done"))) throw new Error(`${begin}: ${await this.page.locator("main .alert").allInnerTexts()}`);
  }

  // What is left of a phase, ticked in the list.
  async allDone(phase) {
    await this.goto("/plan?view=list");
    const left = this.page.locator("table.tasks tbody", { hasText: phase }).locator("tr:not(.group)").filter({ has: this.page.getByRole("button", { name: /is done$/ }) });
    const known = this.tasks.map((task) => `[value="${task.code}"]`).join();
    const boxes = left.locator("input[name=task]").and(this.page.locator(known));
    const number = await boxes.count();
    for (const box of await boxes.all()) await box.check();
    const done = this.page.locator("section[aria-labelledby=tasks] .panel-head").getByRole("button", { name: "Done", exact: true });
    await this.use(done);
    const refused = this.page.getByRole("alert");
    if (await refused.isVisible()) return refused.innerText();
    check(number > 0 && (await boxes.count()) === 0, `${name}: ${number} tasks of “${phase}” are done at once`);
    return "";
  }

  // What a person has to confirm is confirmed, and the milestone reached.
  async pass(begin) {
    await this.open(begin);
    const confirm = this.page.getByRole("button", { name: /^Confirm: / });
    for (let left = await confirm.count(); left > 0; left -= 1) {
      await this.use(confirm.first());
      await confirm.nth(left - 1).waitFor({ state: "detached" });
    }
    await this.use(this.page.getByRole("button", { name: /^(Pass the gate|It is reached)$/ }));
    check(await this.tag("Reached"), `${name}: ${begin} is reached`);
  }
}

async function begins(story) {
  const { page } = story;
  await page.goto(setup);
  await page.getByLabel("Your company").fill("Northbeam Software");
  await page.getByLabel("Your name").fill("Ines Okafor");
  await page.getByLabel("Mail address").fill("ines@northbeam.example");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Set up and sign in" }).click();
  await page.getByRole("heading", { name: "No onboarding yet" }).waitFor();
  await page.locator("#deal").fill(deal);
  await story.press("Generate the package");
  await page.getByRole("heading", { level: 1, name: "Harbourline Logistics" }).waitFor();
  story.at = new URL(page.url()).origin + new URL(page.url()).pathname;
  await page.locator("summary", { hasText: "Kickoff held" }).click();
  await story.press("The kickoff was held");
  await page.locator(".head .tag", { hasText: "Running" }).waitFor();
  const begun = await ledger(page, `${story.at}/plan/ledger`);
  check(begun.moved === 0 && begun.lines.length === 1, `${name}: the ledger begins with the kickoff, which moved nothing`);
  await story.remember();
}

// The weeks before today are told in one go, by a program; all but what the customer should have done.
async function catchesUp(story) {
  const { page } = story;
  await page.goto(`${origin}/settings/tokens`);
  await page.getByLabel("What it is for").fill("Time sheets");
  await page.getByRole("checkbox", { name: /^write/ }).check();
  await story.press("Make the token");
  const token = await page.locator("#token").innerText();
  const before = ["Show ", "Review the foundation", "Collect the requirements", late];
  const told = story.tasks.filter((task) => task.code !== "kickoff" && task.finish < story.task("Review the foundation").start && !before.some((begin) => task.name.startsWith(begin)));
  const changes = told.map((task) => ({ kind: "finish", task: task.code, on: task.finish }));
  const id = new URL(story.at).pathname.split("/").pop();
  const answer = await fetch(`${origin}/api/v1/onboardings/${id}/plan-changes`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ changes }),
  });
  const outcome = await answer.json();
  check(answer.ok, `${name}: the weeks before are told: ${JSON.stringify(outcome).slice(0, 300)}`);
}

// What the customer was late with is on the customer's account, and on nobody else's.
async function slips(story) {
  const { page } = story;
  const told = await ledger(page, `${story.at}/plan/ledger`);
  const slip = told.lines.find((line) => line.summary.includes(late));
  check(slip?.days > 0 && slip.side === "customer", `${name}: the customer's task moved the go-live`);
  check(told.moved === slip?.days && told.sides.customer === slip.days, `${name}: and nothing else did`);
  await story.look("the ledger after a slip");
}

// A task of the customer that cannot go on, and can again.
async function blocks(story) {
  const { page } = story;
  const why = "The business owner is on leave until Thursday";
  await story.open(late);
  await page.locator("#on").fill(dayAt(-3));
  await story.press("Start");
  check(await story.tag("Started"), `${name}: the task is started`);
  await page.getByLabel("Why it cannot go on").fill(why);
  await story.press("Say that it is blocked");
  check(await story.tag("Blocked"), `${name}: the task is blocked`);
  check(await seen(page.locator("main .alert", { hasText: why })), `${name}: and says why`);
  await story.look("a blocked task");
  await story.goto("/plan?view=list&state=blocked");
  check(await page.locator("table.tasks", { hasText: why }).isVisible(), `${name}: the list says why`);
  await page.goto(`${origin}/my-work`);
  check(await page.locator("main", { hasText: late }).isVisible(), `${name}: my work waits for the customer`);
  await story.look("my work");
  await story.goto("/escalations");
  const suggested = page.locator("section[aria-labelledby=suggested]");
  check(await suggested.isVisible(), `${name}: what is blocked suggests an escalation`);
  await story.look("escalations");
  await story.open(late);
  await story.press("It can go on");
  check(await story.tag("Started"), `${name}: the task can go on`);
  await story.done(late, today);
}

// A gate holds, says what is missing, and lets through what may go.
async function holds(story) {
  const { page } = story;
  await story.open("Create the core team");
  await story.press("Start");
  const said = await page.getByRole("alert").innerText();
  check(said.includes("Gate 1") && said.includes("is not done"), `${name}: the gate holds and says what is missing: ${said}`);
  await story.look("a gate that holds");
  await page.getByRole("link", { name: "Back to where you were" }).click();
  check(await story.tag("Open"), `${name}: the task is as it was`);
  await story.allDone(story.task("Review the foundation").phase);
  await story.open("Gate 1");
  await story.look("a closed gate");
  check(!(await page.getByRole("button", { name: "Pass the gate" }).isVisible()), `${name}: a closed gate cannot be passed`);
  await story.pass("Joint impact plan");
  await story.pass("Gate 1");
  await story.open("Create the core team");
  await story.press("Start");
  check(await story.tag("Started"), `${name}: behind the gate work begins`);
}

// Somebody wants more than was agreed: what it costs in days is seen first, then it is agreed on, then the plan moves.
async function changes(story) {
  const { page } = story;
  const before = await ledger(page, `${story.at}/plan/ledger`);
  await story.goto("/changes");
  await story.look("change requests");
  const form = page.locator("section[aria-labelledby=write]");
  await form.getByLabel("What is wanted").fill("Cover the returns process as well");
  await form.getByLabel("What exactly").fill("Returned goods are scanned and booked at every plant.");
  await form.getByLabel("Why it is needed").fill("One delivery in twelve comes back.");
  await form.getByLabel("Asked by").fill("Dana Ruiz");
  await form.getByLabel("Whose wish").selectOption("customer");
  await story.press("Write it down");
  const impact = page.locator("section[aria-labelledby=impact]");
  await impact.getByLabel("Change").selectOption("days");
  await impact.getByLabel(/^Task/).selectOption({ label: story.task("Run the feedback loop").name });
  await impact.getByLabel("Working days").fill("12");
  await story.press("Add the change");
  const effects = await impact.locator("dl").innerText();
  const days = Number(effects.match(/Go-live[^\d]*(\d+)/)?.[1]);
  check(days > 0, `${name}: the impact is shown before anybody approves: ${effects}`);
  await story.look("the impact of a change");
  await story.press("Propose it");
  const approve = page.getByRole("button", { name: "Approve", exact: true });
  await approve.first().waitFor();
  const given = await approve.count();
  for (let left = given; left > 0; left -= 1) {
    await page.getByLabel("Who approves").first().fill(["Ines Okafor", "Lena Fischer", "Priya Nair"][given - left] ?? "Omar Haddad");
    await story.use(approve.first());
    await approve.nth(left - 1).waitFor({ state: "detached" });
  }
  check(given >= 2, `${name}: ${given} people approve`);
  check(await seen(page.locator(".head .tag", { hasText: "Approved" })), `${name}: the request is approved`);
  const after = await ledger(page, `${story.at}/plan/ledger`);
  check(after.now - before.now === days, `${name}: the go-live moves by the ${days} days that were shown, not ${after.now - before.now}`);
  const line = after.lines.at(-1);
  check(line.summary.includes("CR-1") && line.side === "customer", `${name}: and the ledger names the request: ${line.summary}`);
}

// The champion leaves: what to do stands in the plan.
async function loses(story) {
  const { page } = story;
  await story.goto("/people");
  await page.getByRole("link", { name: "Dana Ruiz" }).first().click();
  await page.getByRole("heading", { level: 2, name: "Dana Ruiz" }).waitFor();
  await story.look("a stakeholder");
  await page.getByLabel("Last day, when known").fill(dayAt(14));
  await page.getByLabel("Why, when known").fill("A new job");
  await story.press("Record that they leave");
  const protocol = page.locator("section[aria-labelledby=protocol]");
  check(await seen(protocol), `${name}: the protocol is shown`);
  check((await protocol.innerText()).includes("Escalate to leadership when"), `${name}: with what must be escalated`);
  await story.look("the protocol");
  await story.goto("/plan?view=list");
  const names = await page.locator("table.tasks tbody tr:not(.group) th a").allInnerTexts();
  story.protocol = names.filter((one) => !story.tasks.some((task) => task.name === one));
  for (const window of ["Day 1", "Week 1", "Weeks 2–4"]) {
    const own = story.protocol.filter((one) => one.startsWith(`${window}: `)).length;
    check(own === 4, `${name}: ${own} tasks of the protocol are in the plan for “${window}”`);
  }
  await page.goto(`${origin}/my-work`);
  check(await page.getByRole("link", { name: story.protocol[0] }).first().isVisible(), `${name}: and the first of them in my work`);
}

// A task is put later: what follows is seen first and is what happens.
async function replans(story) {
  const { page } = story;
  const before = await ledger(page, `${story.at}/plan/ledger`);
  const day = new Date((Math.max(before.first, before.now) + 7) * 86_400_000).toISOString().slice(0, 10);
  await story.open("Launch plant 2");
  await page.getByLabel("Not before").fill(day);
  await page.getByLabel("Why", { exact: true }).fill("Stocktaking at plant 2");
  await page.getByLabel("Who answers for it").selectOption("customer");
  await story.press("Show what would move");
  const row = page.locator("section[aria-labelledby=would] tbody tr").first();
  const then = await row.locator("td[data-label=Then] time").getAttribute("datetime");
  check(Date.parse(then) / 86_400_000 > before.now, `${name}: the preview shows the later go-live`);
  await story.look("what would follow");
  const same = await ledger(page, `${story.at}/plan/ledger`);
  check(same.now === before.now, `${name}: looking changes nothing`);
  await story.open("Launch plant 2");
  await page.getByLabel("Not before").fill(day);
  await page.getByLabel("Why", { exact: true }).fill("Stocktaking at plant 2");
  await page.getByLabel("Who answers for it").selectOption("customer");
  await story.press("Show what would move");
  await story.press("Change the plan");
  const after = await ledger(page, `${story.at}/plan/ledger`);
  check(after.now === Date.parse(then) / 86_400_000, `${name}: and what was shown is what happens`);
  const line = after.lines.at(-1);
  check(line.side === "customer" && line.summary.includes("Stocktaking"), `${name}: the ledger says why: ${line.summary}`);
}

// A meeting is held; what it leaves to be done becomes a task.
async function meets(story) {
  const { page } = story;
  await story.goto("/meetings");
  await story.look("meetings");
  const form = page.locator("section[aria-labelledby=plan]");
  await form.getByLabel("Title").fill("Returns: how they are booked");
  await form.getByLabel("Day").fill(today);
  await form.getByLabel("Start").fill("00:00");
  await form.getByLabel("Minutes", { exact: true }).fill("15");
  await form.getByLabel(/^People/).fill("Lena Fischer <lena@harbourline.example>\nInes Okafor <ines@northbeam.example>");
  await story.press("Plan the meeting");
  const title = page.getByRole("heading", { level: 2, name: "Returns: how they are booked" });
  if (!(await title.isVisible())) await page.getByRole("link", { name: "Returns: how they are booked" }).first().click();
  await title.waitFor();
  await story.look("a meeting");
  await page.getByRole("radiogroup").nth(0).getByLabel("came").check();
  await page.getByRole("radiogroup").nth(1).getByLabel("came").check();
  await page.getByLabel("Notes").fill("Returns are booked at the gate.");
  await story.press("It was held");
  check(await seen(page.locator(".head .tag", { hasText: "Held" })), `${name}: the meeting was held`);
  const made = page.locator("section[aria-labelledby=made]");
  await made.getByLabel("In a line").fill("Print labels for returned goods");
  await made.getByLabel("Owner").fill("Lena Fischer");
  await made.getByLabel("By", { exact: true }).fill(dayAt(7));
  await story.press("Add to the register");
  await made.getByRole("link", { name: /Print labels/ }).click();
  await page.getByRole("heading", { level: 2, name: /Print labels/ }).waitFor();
  await story.look("an action");
  await page.getByLabel("Working days").fill("2");
  await page.getByLabel("Whose work").selectOption("customer");
  await story.press("Make it a task");
  await story.goto("/plan?view=list&q=Print");
  check(await page.locator("table.tasks").getByRole("link", { name: "Print labels for returned goods", exact: true }).isVisible(), `${name}: the action is a task`);
}

// A report written from the facts is read by somebody who is not signed in, until the link is ended.
async function reports(story, browser) {
  const { page } = story;
  await story.goto("/reports");
  await page.getByLabel("Kind").selectOption({ index: 0 });
  await story.press("Write it from the facts");
  await page.getByRole("heading", { name: "Words" }).waitFor();
  check((await page.getByLabel("Text").inputValue()).length > 200, `${name}: the report is written`);
  await story.look("a report");
  const address = page.url().split("?")[0];
  await story.press("Make a link");
  const link = (await page.locator(".secret").innerText()).trim();
  check(link.startsWith(`${origin}/shared/reports/`), `${name}: the link is shown`);
  await withPage(browser, origin, { name: `${name}, reader`, viewport, javaScriptEnabled, refusals: true }, async (reader) => {
    const answer = await reader.goto(link);
    check(answer.ok() && (await reader.locator("body").innerText()).includes("Harbourline"), `${name}: and opens without signing in`);
    await fits(reader, `${name}, shared report`);
    await page.goto(address);
    await page.locator("section[aria-labelledby=links]").getByRole("button", { name: "End", exact: true }).first().click();
    const ended = await reader.goto(link);
    check(ended.status() === 410, `${name}: an ended link opens nothing, but answers ${ended.status()}`);
  });
}

// The rest up to the decision is done; the last gate is waived by who may, with a reason.
async function becomesReady(story) {
  const { page } = story;
  await story.allDone(story.task("Validate the figures").phase);
  await story.pass("Integrations live");
  await story.pass("Data validated");
  const said = await story.allDone(story.task("Build the first dashboard").phase);
  check(said.includes("Gate 2"), `${name}: of many tasks none is done while a gate holds one: ${said}`);
  await story.done("Build the first dashboard", today);
  await story.pass("Gate 2");
  await story.allDone(story.task("Build the first dashboard").phase);
  await story.pass("Acceptance test passed");
  await story.done("Switch the pilot plant", today);
  await story.pass("Gate 3");
  await story.allDone(story.task("Decide on the go-live").phase);
  await story.open("Launch plant 2");
  await story.press("Start");
  check((await page.getByRole("alert").innerText()).includes("Ready to go live"), `${name}: nothing is launched before it is ready`);
  await story.open("Ready to go live");
  const waive = page.locator("section[aria-labelledby=waive]");
  await waive.locator("input[name=reason]").fill("Training of the night shift is on Saturday; the sponsor knows");
  await story.press("Waive the gate");
  check(await seen(page.locator("main .alert", { hasText: "Waived by Ines Okafor" })), `${name}: who waived it stays with it, and why`);
  await story.look("a waived gate");
  await page.goto(story.at);
  await story.look("ready to go live");
  const gate = page.locator("section[aria-labelledby=gate]");
  check((await gate.innerText()).includes("Gate 4"), `${name}: no gate is left before the go-live`);
}

// Every calendar day between the first promised go-live and the last has its line and somebody who answers for it.
async function explains(story) {
  const { page } = story;
  const told = await ledger(page, `${story.at}/plan/ledger`);
  await story.look("the ledger");
  const sum = told.lines.reduce((sum, line) => sum + line.days, 0);
  console.log(`  ${told.lines.length} lines, ${told.moved} days: ${JSON.stringify(told.sides)}`);
  check(told.moved !== 0 && told.now - told.first === told.moved, `${name}: the ledger says how far the go-live moved`);
  check(sum === told.moved, `${name}: its lines sum to ${sum} of ${told.moved} days`);
  const sides = Object.values(told.sides).reduce((sum, days) => sum + days, 0);
  check(sides === told.moved, `${name}: the sides answer for ${sides} of ${told.moved} days`);
  for (const [side, days] of Object.entries(told.sides)) {
    const own = told.lines.filter((line) => line.side === side).reduce((sum, line) => sum + line.days, 0);
    check(own === days, `${name}: the lines of the ${side} sum to ${own} of ${days} days`);
  }
  check(told.lines.every((line, at) => line.number === at + 1), `${name}: no number is left out`);
  let at = told.first;
  for (const line of told.lines) {
    at += line.days;
    check(at === line.after, `${name}: number ${line.number} ends with the go-live it says: ${line.summary}`);
  }
  check(at === told.now, `${name}: the last line ends with the go-live of today`);
}

await run(async (browser) => {
  await withPage(browser, origin, { name, viewport, javaScriptEnabled, refusals: true }, async (page) => {
    page.setDefaultTimeout(45_000);
    const story = new Story(page);
    await begins(story);
    await catchesUp(story);
    await slips(story);
    await blocks(story);
    await holds(story);
    await changes(story);
    await loses(story);
    await replans(story);
    await drags(story, name, javaScriptEnabled);
    if (javaScriptEnabled) await carries(story, name, "Create the core team");
    await meets(story);
    await reports(story, browser);
    await becomesReady(story);
    await explains(story);
  });
});
