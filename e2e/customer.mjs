// Three people take one onboarding from its kickoff to customer success: node customer.mjs ADDRESS SETUP-ADDRESS [without-scripts]
// Ines runs it on a desktop, Dana leads it for the customer on a phone, Priya sponsors it and has only the link from her
// mail. A go-live is refused, a pilot fails and passes, an outcome is confirmed. Each run needs an installation of its own.
import { Beginning, dealOf } from "./begin.mjs";
import { accessible, check, fits, run, withPage } from "./lib.mjs";

const [, , address, setup, scripts] = process.argv;
const origin = new URL(address ?? "").origin;
const javaScriptEnabled = scripts !== "without-scripts";
const name = `customer, ${javaScriptEnabled ? "with" : "without"} JavaScript`;
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

const dayAt = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const today = dayAt(0);

// The next Tuesday, Wednesday or Thursday from so many days on: nothing goes live at the end of a week.
function goodDay(from) {
  for (let ahead = from; ; ahead += 1) {
    const weekday = new Date(Date.now() + ahead * 86_400_000).getUTCDay();
    if (weekday >= 2 && weekday <= 4) return dayAt(ahead);
  }
}

const deal = dealOf(
  [["Users", "120"], ["Tech stack", "SAP ERP"], ["Kickoff", dayAt(-120)], ["Go-live target", dayAt(-20)]],
  [
    ["Dana Ruiz", "Project manager", "Project lead", "dana@harbourline.example"],
    ["Priya Nair", "COO", "Executive sponsor", "priya@harbourline.example"],
    ["Lena Fischer", "IT Director", "Technical lead", "lena@harbourline.example"],
  ],
);

// What the manager does, with a token of hers for what a program tells in one go.
class Manager extends Beginning {
  async goto(tab) {
    const answer = await this.page.goto(this.at + tab);
    check(answer.ok(), `${name}: ${tab} opens`);
  }

  async begin() {
    const { page } = this;
    await this.signUp(setup);
    this.at = origin + (await this.onboard(deal));
    this.id = this.at.split("/").pop();
    await page.goto(`${origin}/settings/tokens`);
    await page.getByLabel("What it is for").fill("Time sheets");
    await page.getByRole("checkbox", { name: /^write/ }).check();
    await this.press("Make the token");
    this.token = await page.locator("#token").innerText();
  }

  async api(method, path, body, headers = {}) {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    check(answer.ok, `${name}: ${method} ${path} answers ${answer.status}: ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : {};
  }

  async change(changes) {
    return this.api("POST", `/onboardings/${this.id}/plan-changes`, { changes });
  }

  async plan() {
    const { items: tasks } = await this.api("GET", `/onboardings/${this.id}/tasks?limit=200`);
    const { items: milestones } = await this.api("GET", `/onboardings/${this.id}/milestones`);
    return { tasks, milestones };
  }

  // The weeks before are told at once: every gate was passed on trust, every task was done on its day, but for one of
  // the customer's, which is left to Dana, and what comes after it.
  async catchUp() {
    const { tasks, milestones } = await this.plan();
    const launch = tasks.find((task) => task.code === "go-live") ?? tasks.find((task) => /go.?live/i.test(task.name));
    this.launch = launch.code;
    const waits = milestones.filter((one) => one.gate && !one.reached_on && !one.waived_on);
    const waived = waits.map((one) => ({ kind: "waive", milestone: one.code, reason: "Passed in the old tool" }));
    const open = (task) => ["open", "started"].includes(task.state.state);
    const before = tasks.filter((task) => open(task) && task.code !== launch.code && task.finishes_on < launch.starts_on);
    before.sort((a, b) => (a.starts_on < b.starts_on ? -1 : 1));
    this.left = before.filter((task) => task.side === "customer").at(-1);
    const others = before.filter((task) => task !== this.left);
    this.later = others.filter((task) => task.starts_on > this.left.finishes_on);
    const told = others.filter((task) => !this.later.includes(task));
    const day = (task) => (task.finishes_on < today ? task.finishes_on : today);
    await this.change([...waived, ...told.map((task) => ({ kind: "finish", task: task.code, on: day(task) }))]);
  }

  // What waited for Dana is done today.
  async goOn() {
    if (this.later.length > 0) {
      await this.change(this.later.map((task) => ({ kind: "finish", task: task.code, on: today, started_on: today })));
    }
  }

  // Invites somebody into the portal: the link is shown once.
  async invite(who) {
    const { page } = this;
    await this.goto("/portal");
    const line = page.locator("section[aria-labelledby=access] li", { hasText: who });
    await line.locator("summary", { hasText: "Invite" }).first().click();
    await this.press("Invite by mail", line);
    const link = (await page.locator("main code").first().innerText()).trim();
    check(link.includes("/portal/"), `${name}: the link of ${who} is shown`);
    await this.look("the portal's page");
    return origin + new URL(link).pathname;
  }
}

// Opening a link does nothing; its button opens the portal.
async function enter(page, link, who) {
  const head = await fetch(link, { method: "HEAD" });
  check(head.ok, `${name}: a scanner that asks for the link of ${who} finds a page`);
  await page.goto(link);
  await page.getByRole("button", { name: "Open", exact: true }).click();
  check(new URL(page.url()).pathname === "/portal", `${name}: ${who} is in the portal`);
  await lookAt(page, `the portal of ${who}`);
}

async function lookAt(page, step) {
  await fits(page, `${name}, ${step}`);
  await accessible(page, `${name}, ${step}`);
  const bytes = (await page.content()).length;
  check(bytes < 60_000, `${name}, ${step}: the page has ${bytes} bytes`);
}

// Opens what the portal leads to; documents and reports have a face of their own. Whatever a page brings with it is weighed
// as it travels and with nothing in the cache: heads and bodies, compressed.
async function weighs(page, who) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  let answers = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    answers += 1;
  });
  const pages = new Set(["/portal"]);
  const shapes = new Set(pages);
  for (const path of pages) {
    bytes = 0;
    answers = 0;
    await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
    check(bytes > 0 && answers > 0, `${name}, ${who}: ${path} was weighed`);
    check(bytes < 60_000, `${name}, ${who}: ${path} transfers ${bytes} bytes`);
    if (/\/(documents|status)\//.test(path)) continue;
    await fits(page, `${name}, ${who}, ${path}`);
    await accessible(page, `${name}, ${who}, ${path}`);
    for (const next of await pagesFrom(page)) {
      // What is linked from the beginning is opened all; of what lies deeper, one of each kind.
      const shape = next.replace(/[a-z]+_\w+|\d+/g, "*");
      if (path === "/portal" || !shapes.has(shape)) pages.add(next);
      shapes.add(shape);
    }
  }
  await session.detach();
}

// The pages of the portal a page leads to: no files.
async function pagesFrom(page) {
  const links = await page.locator("nav a[href^='/portal'], main a[href^='/portal/']").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return links.map((href) => href.split("#")[0]).filter((href) => !/\/(files|library|certificates)\/|\/file$|\.ics$/.test(href));
}

// A task of Dana's is done from her phone.
async function works(manager, lead) {
  const { items } = await manager.api("GET", "/contacts?search=Dana");
  const dana = items.find((contact) => contact.name === "Dana Ruiz");
  const assignee = { kind: "contact", id: dana.id, name: dana.name };
  await manager.change([{ kind: "assign", task: manager.left.code, assignee }]);
  await lead.goto(`${origin}/portal/todo`);
  await lookAt(lead, "what Dana has to do");
  await lead.getByRole("link", { name: manager.left.name }).first().click();
  await lead.getByRole("heading", { level: 1, name: manager.left.name }).waitFor();
  await lead.locator("#said").fill("The list is in the folder.");
  await lead.getByRole("button", { name: "Send", exact: true }).click();
  await lead.getByText("The list is in the folder.").waitFor();
  await lead.getByRole("button", { name: "This is done" }).click();
  const { tasks } = await manager.plan();
  const done = tasks.find((task) => task.code === manager.left.code);
  check(done.state.state === "done", `${name}: what Dana said is done is done in the plan`);
}

// Going live without a pilot, approvals and evidence is refused, and the refusal stays.
async function isRefused(manager) {
  const { page } = manager;
  await manager.goto("/go-live");
  await manager.look("readiness");
  await decide(manager, "Go", "The board was told that we are live this month", goodDay(1));
  const record = page.locator("section[aria-labelledby=decisions]");
  check((await record.innerText()).includes("Refused"), `${name}: a go the facts are against is refused`);
  check((await record.locator(".criteria li").count()) > 0, `${name}: and says what speaks against it`);
}

async function decide(manager, verdict, why, day) {
  const { page } = manager;
  const form = page.locator("section[aria-labelledby=decide]");
  await form.getByLabel("Go-live on").fill(day);
  await form.getByLabel("Why", { exact: true }).fill(why);
  await form.getByLabel(/^Reason for a Friday/).fill("Agreed by both sides");
  if (verdict === "Go with conditions") {
    if (!(await form.locator("#condition-1").isVisible())) await form.locator("summary", { hasText: "Conditions" }).click();
    await form.locator("#condition-1").fill("Train the night shift");
    await form.locator("#owner-1").fill("Dana Ruiz");
    await form.locator("#until-1").fill(dayAt(10));
    // Every item that is not ready has an owner and a day.
    for (const row of await form.locator("fieldset", { has: page.locator("[name=open_item]") }).all()) {
      await row.locator("[name=open_owner]").fill("Dana Ruiz");
      await row.locator("[name=open_by]").fill(dayAt(10));
    }
  }
  const planned = await form.locator("[name=planned]").getAttribute("value");
  await manager.press(verdict, form);
  if (planned === day) return;
  // What another day does to the plan is shown before it is decided.
  await page.locator("#preview").waitFor();
  await manager.look("what another day does to the plan");
  await manager.press(verdict, form);
  await page.locator("section[aria-labelledby=decisions] li").first().waitFor();
}

// A pilot that shows too little fails; run again, it passes.
async function pilots(manager) {
  const { page } = manager;
  await manager.goto("/go-live/pilot");
  const plan = page.locator("section[aria-labelledby=plan]");
  await plan.getByLabel("Which core workflows").fill("Orders of one shift, from entry to report");
  await plan.getByLabel("First day").fill(today);
  await plan.getByLabel("Last day").fill(dayAt(4));
  await plan.getByLabel("People, one a line").fill("Kim Albers | Dispatcher | enthusiast | Asked for it\nBert Lind | Dispatcher | sceptic | Says what others think");
  await plan.getByLabel("How many, when not all are named").fill("12");
  await plan.getByLabel("What it must show, one a line").fill("Active in a week | at least 80 %\nOpen critical issues | at most 0");
  await manager.press("Plan it", plan);
  await manager.press("Begin the pilot");
  await measures(manager, 1, ["55", "1"]);
  await page.locator("#reason-1").fill("Everybody likes it");
  await manager.press("It has passed");
  await page.getByText("short of its criteria").first().waitFor();
  await page.locator("#reason-1").fill("Only half of the work ran through it");
  await manager.press("It has failed");
  check(await page.locator("section[aria-labelledby=pilot-1] .tag", { hasText: "Failed" }).first().isVisible(), `${name}: the pilot failed`);
  await manager.look("a pilot that failed");
  await manager.press("Run it again");
  await manager.press("Begin the pilot");
  await measures(manager, 2, ["91", "0"]);
  await page.locator("#reason-2").fill("Every criterion is met");
  await manager.press("It has passed");
  check(await page.locator("section[aria-labelledby=pilot-2] .tag", { hasText: "Passed" }).first().isVisible(), `${name}: run again, it passes`);
}

async function measures(manager, pilot, figures) {
  for (const [place, figure] of figures.entries()) {
    await manager.page.locator(`#measured-${pilot}-${place + 1}`).fill(figure);
  }
  await manager.press("Save what was measured");
}

// The sponsor approves where she is asked; the team records the approvals of the others.
async function approve(manager, sponsor) {
  const { page } = manager;
  await sponsor.goto(`${origin}/portal/launch`);
  await lookAt(sponsor, "the go-live of the sponsor");
  const yes = sponsor.getByRole("button", { name: "I approve the go-live" });
  check((await yes.count()) > 0, `${name}: the sponsor is asked to approve`);
  if ((await yes.count()) > 0) await yes.first().click();
  await manager.goto("/go-live");
  const approvals = page.locator("section[aria-labelledby=approvals]");
  check((await approvals.innerText()).includes("Priya Nair"), `${name}: her approval has her name`);
  const missing = approvals.locator("ul.list > li").filter({ hasNot: page.locator(".right > .tag.go") });
  let approved = await approvals.locator(".tag.go").count();
  for (let left = await missing.count(); left > 0; left -= 1) {
    const line = missing.first();
    await line.locator("summary").click();
    await line.getByLabel("Who", { exact: true }).fill("Lena Fischer");
    await manager.press("They approve", line);
    await approvals.locator(".tag.go").nth(approved).waitFor();
    approved += 1;
  }
  await decide(manager, "Go with conditions", "Approved by everybody, one shift is trained next week", goodDay(8));
  const record = await page.locator("section[aria-labelledby=decisions]").innerText();
  check(record.includes("Train the night shift"), `${name}: the go has a condition with an owner and a day`);
}

// It goes live; both sides say that it is stable.
async function goesLive(manager, sponsor) {
  const { page } = manager;
  await manager.change([{ kind: "finish", task: manager.launch, on: today, started_on: today }]);
  await manager.goto("/go-live/hypercare");
  await manager.look("hypercare");
  const raise = page.locator("section[aria-labelledby=raise]");
  await raise.getByLabel("What is wrong").fill("The label printer is slow");
  await raise.getByLabel("Severity").selectOption("low");
  await manager.press("Report it", raise);
  await page.locator("section[aria-labelledby=issues]", { hasText: "The label printer is slow" }).waitFor();
  await sponsor.goto(`${origin}/portal/launch`);
  check((await sponsor.locator("main").innerText()).includes("Live since"), `${name}: the sponsor sees that it is live`);
}

// An outcome is agreed, measured with evidence, and confirmed by the sponsor.
async function proves(manager, sponsor) {
  const outcome = {
    goal: "Find every delivery within a minute", metric: "Deliveries found within a minute", unit: "%",
    baseline: "20", target: "90", by: dayAt(30), proof: "Sample of a hundred deliveries", confirms: "Priya Nair", first_value: true,
  };
  const made = await manager.api("POST", `/onboardings/${manager.id}/outcomes`, outcome);
  await sponsor.goto(`${origin}/portal/outcomes`);
  await lookAt(sponsor, "the outcomes");
  await sponsor.getByRole("link", { name: outcome.goal }).click();
  await sponsor.getByRole("button", { name: "Yes, agreed" }).click();
  await manager.api("POST", `/outcomes/${made.id}/measurements`, {
    on: today, value: "94", note: "A hundred deliveries", evidence: { kind: "words", text: "List of the sample" },
  });
  await sponsor.goto(`${origin}/portal/outcomes`);
  await sponsor.getByRole("link", { name: outcome.goal }).click();
  await lookAt(sponsor, "an outcome");
  await sponsor.locator("#words").fill("We find them while the caller is on the line.");
  await sponsor.getByRole("button", { name: "Yes, it is there" }).click();
  const known = await manager.api("GET", `/outcomes/${made.id}`);
  check(JSON.stringify(known).includes("Priya Nair") && JSON.stringify(known).includes("verified"), `${name}: the outcome is verified by name`);
  await manager.goto("/impact");
  await manager.look("the impact plan");
}

// The customer is handed over, told, and the onboarding closed with what it taught.
async function handsOver(manager) {
  const { page } = manager;
  await manager.goto("/transition");
  await manager.look("before the handover");
  await manager.press("Begin the handover");
  await page.getByRole("heading", { name: "The first 90 days" }).waitFor();
  await page.getByLabel("Who takes over", { exact: true }).selectOption({ label: "Ines Okafor" });
  await page.getByLabel("What they must know beside").fill("Dana answers before nine.");
  await manager.press("Save");
  await manager.look("a handover");
  const despite = page.getByLabel("Why now, though not everything is done");
  if (await despite.isVisible()) await despite.fill("Hypercare ends next week; both sides agreed");
  await manager.press("Ask Ines Okafor to take over");
  await manager.press("Take the customer over");
  check(await page.locator("section[aria-labelledby=next] .tag", { hasText: "Accepted" }).isVisible(), `${name}: the customer is taken over`);
  const tell = page.locator("section[aria-labelledby=tell]");
  await tell.getByLabel("Priya Nair").check();
  await manager.press("Send the mail", tell);
  check((await page.locator("section[aria-labelledby=tell]").innerText()).includes("Priya Nair"), `${name}: the sponsor is told`);
  const meeting = page.locator("section[aria-labelledby=meeting]");
  await meeting.getByLabel("Day", { exact: true }).fill(dayAt(7));
  await manager.press("Plan the meeting", meeting);
  check(await page.getByRole("link", { name: "Introduction to customer success" }).isVisible(), `${name}: and met`);

  await manager.goto("/closing");
  await page.getByLabel("What was learned").fill("Access to SAP took three weeks");
  await page.getByLabel("What the programme should do").fill("Ask for SAP access before the kickoff");
  await manager.press("Write it down");
  await manager.look("the closing");
  await page.getByLabel("Outcome").selectOption("partly");
  await page.getByLabel("Why, or what is missing").fill("The night shift is trained next week");
  await manager.press("Close the onboarding", page.locator("section[aria-labelledby=ended]"));
  check((await page.locator("section[aria-labelledby=ended]").innerText()).includes("Partly successful"), `${name}: the onboarding is closed`);
  const clocks = await page.locator("section[aria-labelledby=clocks]").innerText();
  check(/Time to live\s+\d+ days/.test(clocks), `${name}: with the time to live: ${clocks}`);
  await page.getByRole("link", { name: "In the improvement log" }).click();
  check((await page.locator("main").innerText()).includes("Ask for SAP access before the kickoff"), `${name}: and its lesson stands in the log of the programme`);
  await manager.look("the improvement log");
}

await run(async (browser) => {
  const on = (who, viewport) => ({ name: `${name}, ${who}`, viewport, javaScriptEnabled, refusals: true });
  await withPage(browser, origin, on("manager", desktop), async (page) => {
    page.setDefaultTimeout(45_000);
    const manager = new Manager(page, { name, javaScriptEnabled });
    await manager.begin();
    await manager.catchUp();
    const [lead, sponsor] = [await manager.invite("Dana Ruiz"), await manager.invite("Priya Nair")];
    await withPage(browser, origin, on("lead", phone), async (dana) => {
      await enter(dana, lead, "Dana");
      await works(manager, dana);
      await weighs(dana, "the project lead");
    });
    await manager.goOn();
    await withPage(browser, origin, on("sponsor", phone), async (priya) => {
      await enter(priya, sponsor, "Priya");
      await isRefused(manager);
      await pilots(manager);
      await approve(manager, priya);
      await goesLive(manager, priya);
      await proves(manager, priya);
      await weighs(priya, "the sponsor");
    });
    await handsOver(manager);
  });
});
