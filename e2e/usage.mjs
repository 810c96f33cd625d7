// Connects a product and watches what its events change in pages that are open: node usage.mjs ADDRESS SETUP-ADDRESS WIDTH [without-scripts]
// Each run needs an installation of its own. With scripts nobody reloads anything: how long a page takes to change after the
// event was acknowledged is measured and said.
import { Beginning, dealOf } from "./begin.mjs";
import { check, run, withPage } from "./lib.mjs";

const [, , address, setup, width, scripts] = process.argv;
const origin = new URL(address ?? "").origin;
const javaScriptEnabled = scripts !== "without-scripts";
const viewport = width === "390" ? { width: 390, height: 844 } : { width: 1440, height: 900 };
const name = `usage, ${viewport.width} px, ${javaScriptEnabled ? "with" : "without"} JavaScript`;

const PATIENCE = 45_000;

const deal = dealOf([["Users", "40"]], [["Dana Ruiz", "Project manager", "Project lead", "dana@harbourline.example"]]);

let sent = 0;

class Story extends Beginning {
  async goto(path, page = this.page) {
    const answer = await page.goto(origin + path);
    check(answer.ok(), `${name}: ${path} opens`);
  }

  // An onboarding that runs.
  async begin() {
    await this.signUp(setup);
    this.at = await this.onboard(deal);
    const account = await this.page.getByRole("link", { name: "Account", exact: true }).getAttribute("href");
    this.account = new URL(account, origin).pathname;
  }

  // Nothing is connected yet: every page says so, and what to do.
  async empty() {
    for (const path of ["/adoption", "/adoption/activation", "/adoption/features", "/adoption/customers", "/settings/usage", "/settings/usage/messages", "/settings/usage/imports", `${this.at}/usage`, `${this.account}/usage`, this.account]) {
      await this.goto(path);
      await this.look(`${path} before anything came in`);
    }
  }

  // A source is made: its key is shown once.
  async connect() {
    const { page } = this;
    await this.goto("/settings/usage");
    await page.getByLabel("Name", { exact: true }).fill("Web app");
    await page.getByLabel("Pages that may send, one a line").fill("not a page");
    await this.press("Make the source");
    check(await page.locator(".problem", { hasText: "Pages that may send" }).isVisible(), `${name}: a page that cannot be one is refused`);
    await page.getByLabel("Pages that may send, one a line").fill("https://app.example.com");
    await this.press("Make the source");
    this.key = (await page.locator("#key").innerText()).trim();
    check(this.key.length > 10, `${name}: the key is shown`);
    check((await page.locator("#curl").innerText()).includes(this.key), `${name}: and stands in what to copy`);
    await this.look("a new source");
    const source = new URL(page.url()).pathname;
    await this.goto("/settings/usage");
    await page.getByRole("link", { name: "Web app" }).click();
    check(!(await page.content()).includes(this.key), `${name}: the key is shown once`);
    check(source.startsWith("/settings/usage"), `${name}: the source has a page`);
    await this.look("a source");
  }

  // As a server sends, with nothing but its key.
  async send(event, user = "u-1") {
    sent += 1;
    const batch = [
      { type: "group", userId: user, groupId: "harbourline", traits: { name: "Harbourline Logistics" } },
      { type: "track", userId: user, event, messageId: `usage-${process.pid}-${sent}` },
    ];
    const answer = await fetch(`${origin}/v1/batch`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${this.key}:`)}`, "Content-Type": "application/json" },
      body: JSON.stringify({ batch }),
    });
    const text = await answer.text();
    check(answer.status === 200 && JSON.parse(text).success, `${name}: an event is acknowledged: ${answer.status} ${text}`);
    return performance.now();
  }

  // Waits until an open page says something; without scripts it is opened again meanwhile.
  async says(page, words, since, what) {
    const there = (words) => document.querySelector("main").innerText.includes(words);
    if (javaScriptEnabled) {
      const found = await page.waitForFunction(there, words, { timeout: PATIENCE, polling: 20 }).then(() => true, () => false);
      const took = Math.round(performance.now() - since);
      check(found, `${name}: ${what} says “${words}” by itself`);
      if (found) console.log(`  ${what} changed ${took} ms after the event was acknowledged`);
      return;
    }
    const until = performance.now() + PATIENCE;
    let found = await page.evaluate(there, words);
    while (!found && performance.now() < until) {
      await page.reload();
      found = await page.evaluate(there, words);
    }
    check(found, `${name}: ${what} says “${words}”`);
  }
}

// Pages that are open change while events come in.
async function watches(story, context) {
  const { page } = story;
  const beside = await context.newPage();
  await story.goto(`${story.at}/usage`);
  check((await page.locator("main").innerText()).includes("No usage is known yet"), `${name}: nothing is known at first`);
  await story.says(page, "Active users, 28 days", await story.send("Signed In"), "the onboarding");
  await story.look("the usage of an onboarding");
  // One more of another user: the figure follows.
  await story.goto(`${story.account}/usage`, beside);
  await story.says(page, "2 users of 40 expected were seen", await story.send("Report Exported", "u-2"), "the onboarding's activation");
  await story.goto("/settings/usage/messages", beside);
  await story.says(beside, "Dashboard Shared", await story.send("Dashboard Shared"), "the page of messages");
  await story.look("messages", beside);
  // Health, its explanation and the inbox follow too.
  await story.goto(`${story.at}/health`);
  await story.goto("/signals", beside);
  await story.look("the inbox", beside);
  check(!(await beside.locator("main").innerText()).includes("Somebody struggles"), `${name}: no signal of errors at first`);
  await story.send("Error Shown", "u-2");
  await story.send("Error Shown", "u-2");
  const third = await story.send("Error Shown", "u-2");
  await Promise.all([
    story.says(beside, "Somebody struggles", third, "the inbox"),
    story.says(page, "one error met the same person 3 times", third, "the health of the onboarding"),
  ]);
  await story.look("health");
  await story.look("the inbox with a signal", beside);
  await story.goto("/adoption", beside);
  await story.look("adoption", beside);
  check((await beside.locator("table.adoption-map").innerText()).includes("Harbourline Logistics"), `${name}: the customer is on the heat map`);
  await beside.close();
}

// What is refused is shown with its reason.
async function refuses(story) {
  const { page } = story;
  const answer = await fetch(`${origin}/v1/track`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${story.key}:`)}` },
    body: JSON.stringify({ userId: "u-1" }),
  });
  check(answer.status === 400, `${name}: an event without a name is refused: ${answer.status}`);
  await story.goto("/settings/usage/messages");
  check((await page.locator("section[aria-labelledby=refused] li").count()) === 1, `${name}: and shown`);
}

// A feature of one's own, and the expected users.
async function defines(story) {
  const { page } = story;
  await story.goto("/adoption/features");
  const form = page.locator("section[aria-labelledby=new]");
  await form.getByLabel("Name", { exact: true }).fill("Exports");
  await form.getByLabel("Events that show it, one a line").fill("Report Exported");
  await form.getByRole("checkbox", { name: /^Core/ }).check();
  await story.press("Add the feature");
  check(await page.locator("section[aria-labelledby=features] li", { hasText: "Exports" }).isVisible(), `${name}: the feature is there`);
  await story.look("features");
  await story.goto(`${story.account}/usage`);
  await page.getByRole("spinbutton", { name: "Users", exact: true }).fill("8");
  await story.press("Save");
  check((await page.locator("main").innerText()).includes("as somebody said"), `${name}: the expected users are kept`);
  check((await page.locator("section[aria-labelledby=features]").innerText()).includes("Exports"), `${name}: and its use is counted, the past included`);
  await story.look("the usage of an account");
  for (const path of ["/adoption/activation", "/adoption/customers", story.account]) {
    await story.goto(path);
    await story.look(path);
  }
}

// A file of what happened before.
async function reads(story) {
  const { page } = story;
  await story.goto("/settings/usage/imports");
  const lines = [1, 2, 3].map((number) => JSON.stringify({
    type: "track", userId: "u-3", event: "Report Exported", messageId: `file-${number}`,
    timestamp: new Date(Date.now() - number * 86_400_000).toISOString(), context: { groupId: "harbourline" },
  }));
  const file = { name: "before.ndjson", mimeType: "application/x-ndjson", buffer: Buffer.from(`${lines.join("\n")}\n`) };
  await page.locator("#file").setInputFiles(file);
  await story.press("Read the file");
  await page.locator("section[aria-labelledby=files] li", { hasText: "before.ndjson" }).waitFor();
  check((await page.locator("section[aria-labelledby=files]").innerText()).includes("3 events taken, 0 refused"), `${name}: the file is read`);
  await story.look("files");
}

await run(async (browser) => {
  await withPage(browser, origin, { name, viewport, javaScriptEnabled, refusals: true }, async (page) => {
    page.setDefaultTimeout(PATIENCE);
    const story = new Story(page, { name, javaScriptEnabled });
    await story.begin();
    await story.empty();
    await story.connect();
    await watches(story, page.context());
    await refuses(story);
    await defines(story);
    await reads(story);
  });
});
