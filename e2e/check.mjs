// Looks at a running demo with a real browser: node check.mjs http://127.0.0.1:PORT
// Every check runs at two widths, light and dark, with and without JavaScript.
import { keeps } from "./forms.mjs";
import { byKeyboard } from "./keyboard.mjs";
import { accessible, check, fits, run, withPage } from "./lib.mjs";
import { inStillness, onPaper } from "./media.mjs";
import { openFirst, runningPages } from "./pages.mjs";
import { together } from "./together.mjs";

const origin = new URL(process.argv[2] ?? "").origin;

async function signIn(page, name, person = "Ines Okafor") {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: person }).click();
  check(page.url().endsWith("/onboardings"), `${name}: signing in leads to the onboardings`);
}

async function portfolio(page, name) {
  await page.goto(`${origin}/`);
  check(page.url().endsWith("/onboardings"), `${name}: / leads to the onboardings`);
  const rows = page.locator("table.portfolio tbody tr");
  const states = page.getByRole("navigation", { name: "Onboardings by state" });
  const number = async (state) => Number((await states.getByRole("link", { name: state }).innerText()).replace(/\D/g, ""));
  const [open, over] = [await number("Open"), (await number("Completed")) + (await number("Closed"))];
  check((await rows.count()) === open && open + over === 40, `${name}: the day begins with what is open`);
  const late = await rows.locator("td[data-label=Late]").allInnerTexts();
  const days = late.map((text) => Number(text.match(/(\d+) day/)?.[1] ?? 0));
  check(days[0] > 0 && days.every((number, at) => at === 0 || number <= days[at - 1]), `${name}: the latest comes first`);
  await states.getByRole("link", { name: "All" }).click();
  await page.waitForURL(/state=all/);
  check((await rows.count()) === 40, `${name}: all forty onboardings are listed`);
}

async function filter(page, name) {
  await page.locator("#q").fill("acme");
  await page.getByRole("button", { name: "Apply" }).click();
  check((await page.locator("table.portfolio tbody tr").count()) === 1, `${name}: search finds one`);
}

async function overview(page, name) {
  await page.getByRole("link", { name: "Acme Manufacturing" }).click();
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  check((await page.locator(".phases li").count()) >= 5, `${name}: the phases are shown`);
  for (const part of ["Next", "At risk", "Still unknown", "What happened"]) {
    check(await page.getByRole("heading", { name: part, exact: true }).isVisible(), `${name}: the overview has ${part}`);
  }
}

// Every tab, reached by its link, with what must be seen on it.
const tabs = [
  ["Handoff", ".spiced dt"],
  ["Plan", "svg.gantt-chart rect.task"],
  ["People", "svg.power-grid circle"],
  ["Governance", "table.register tbody tr"],
  ["Scorecard", "table tbody tr"],
  ["Documents", ".documents .formats a"],
  ["Activity", ".timeline li"],
];

async function onboardingTabs(page, name, look) {
  const overviewUrl = page.url();
  for (const [tab, mark] of tabs) {
    await page.getByRole("navigation", { name: "Onboarding" }).getByRole("link", { name: tab, exact: true }).click();
    check(await page.locator(mark).first().isVisible(), `${name}: ${tab} shows ${mark}`);
    await look();
    if (tab === "Plan") await plan(page, name, look);
  }
  await page.goto(overviewUrl);
}

async function plan(page, name, look) {
  const views = page.getByRole("navigation", { name: "View of the plan" });
  await views.getByRole("link", { name: "List" }).click();
  const all = await page.locator("table.dense tbody tr:not(.group)").count();
  await page.getByLabel("Critical only").check();
  await page.getByRole("button", { name: "Apply" }).click();
  const critical = await page.locator("table.dense tbody tr:not(.group)").count();
  check(critical > 0 && critical < all, `${name}: ${critical} of ${all} tasks are critical`);
  await look();
  await views.getByRole("link", { name: "Board" }).click();
  check((await page.locator(".board-card").count()) === critical, `${name}: the board keeps the filter`);
  await look();
}

async function documents(page, name, look) {
  const overviewUrl = page.url();
  await page.goto(`${overviewUrl}/documents?read=handoff.html`);
  const inside = page.frameLocator("iframe").locator("body");
  check((await inside.innerText()).includes("Acme Manufacturing"), `${name}: a document is read in place`);
  const answer = await page.goto(`${overviewUrl}/package/index.html`);
  check(answer.ok(), `${name}: the package's index opens`);
  check(answer.headers()["content-security-policy"].startsWith("sandbox"), `${name}: the document is in a sandbox`);
  check((await page.locator("body").innerText()).includes("Acme Manufacturing"), `${name}: it names the customer`);
  await page.goto(`${overviewUrl}/documents/welcome`);
  await page.locator("textarea[name=piece]").first().fill("Bring the floor plans.");
  await look();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.frameLocator("iframe[name=words-preview]").getByText("Bring the floor plans.").waitFor();
  check(true, `${name}: what is written is seen before it is saved`);
  await page.goto(overviewUrl);
}

async function menu(page, name) {
  const button = page.getByRole("button", { name: "Menu" });
  const main = page.getByRole("navigation", { name: "Main" });
  if (await button.isVisible()) {
    check(!(await main.isVisible()), `${name}: the menu is folded away`);
    await button.click();
  }
  check(await main.getByRole("link", { name: "Settings" }).isVisible(), `${name}: the main navigation opens`);
  await page.keyboard.press("Escape");
}

// A deed that cannot be taken back: asked twice, refused without a reason, and then said.
async function closes(page, name) {
  await page.goto(`${origin}/onboardings`);
  await page.getByRole("link", { name: "Second Look" }).click();
  await page.locator("summary", { hasText: "Close…" }).click();
  await page.getByLabel("Reason").fill("  ");
  await page.getByRole("button", { name: "Close the onboarding" }).click();
  check(await page.getByText("Reason is missing").isVisible(), `${name}: closing needs a reason`);
  await page.getByLabel("Reason").fill("The customer was bought");
  await page.getByRole("button", { name: "Close the onboarding" }).click();
  check(await page.getByText("Closed: The customer was bought").isVisible(), `${name}: the reason stays with it`);
}

async function keyboard(page, name) {
  await page.goto(`${origin}/onboardings`);
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className === "skip"), `${name}: Tab first reaches the skip link`);
}

async function refused(page, name) {
  await page.goto(`${origin}/onboardings`);
  const form = page.locator("details.paste");
  if (!(await form.evaluate((element) => element.open))) await form.locator("summary").click();
  await page.locator("#deal").fill("{ \"cutsomer\": 1 }");
  await page.getByRole("button", { name: "Generate the package" }).click();
  check(await page.getByRole("alert").isVisible(), `${name}: a refused deal says why`);
  check((await page.locator("#deal").inputValue()).includes("cutsomer"), `${name}: what was typed is kept`);
}

async function twice(page, name) {
  for (const known of [0, 1]) {
    await page.goto(`${origin}/onboardings`);
    await page.locator("details.paste summary").click();
    await page.locator("#deal").fill("Customer: Second Look. Product: Enterprise platform. ACV: $95K. Go-live target: 60 days.");
    await page.getByRole("button", { name: "Generate the package" }).click();
    await page.getByRole("heading", { level: 1, name: "Second Look" }).waitFor();
    check((await page.locator(".note[role=status]").count()) === known, `${name}: a deal pasted again says that it is known`);
  }
}

async function tooLarge(page, name) {
  await page.goto(`${origin}/onboardings`);
  await page.locator("details.paste summary").click();
  await page.evaluate(() => (document.querySelector("#deal").value = `Customer: Big. ${"x".repeat(11e6)}`));
  await page.getByRole("button", { name: "Generate the package" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  check((await alert.innerText()).includes("more than 10 MB"), `${name}: a deal that is too large says so`);
  check((await page.locator("#deal").inputValue()).startsWith("Customer: Big."), `${name}: its beginning is kept`);
}

const places = [
  "/my-work",
  "/workload",
  "/adoption",
  "/adoption/activation",
  "/adoption/features",
  "/adoption/customers",
  "/onboardings?show=board",
  "/onboardings?show=timeline",
  "/onboardings/late",
  "/signals",
  "/signals/backtest",
  "/signals/interventions",
  "/signals/playbooks",
  "/feedback",
  "/handoffs",
  "/handoffs/new",
  "/accounts",
  "/accounts/duplicates",
  "/contacts",
  "/contacts/duplicates",
  "/search?q=acme",
  "/programmes",
  "/programmes/mid-market",
  "/settings/team",
  "/settings/me",
  "/settings/tokens",
  "/settings/health",
  "/settings/health/facts",
  "/settings/health/rules?pick=signal:no-login-30",
  "/settings/health/replay",
  "/style",
];

// One of what a list leads to, with its own pages behind it.
const listed = [
  ["/signals", "main table th a[href^='/signals/']", [""]],
  ["/contacts", "main table th a[href^='/contacts/']", ["", "/merge"]],
  ["/contacts/duplicates", "main a[href*='/merge?with=']", [""]],
  ["/accounts", "main table th a[href^='/accounts/']", ["", "/merge", "/inputs", "/usage"]],
  ["/accounts/duplicates", "main a[href*='/merge?with=']", [""]],
];

async function whatIsListed(page, name, look) {
  for (const [list, link, parts] of listed) {
    const there = await openFirst(page, `${origin}${list}`, link);
    check(there, `${name}: ${list} leads on`);
    if (!there) continue;
    const address = page.url();
    for (const part of parts) {
      if (part) await page.goto(address + part);
      await look();
    }
  }
}

// What opens for whoever is not signed in: the ways in, and links that lead nowhere any more. `/api/docs/` is not among
// them: its page is drawn by a program that is not ours.
const outside = [
  "/sign-in",
  "/forgot-password",
  "/reset/unknown",
  "/join/unknown",
  "/portal/closed",
  "/portal/unknown",
  "/survey/unknown",
  "/unsubscribe/unknown",
  "/embed/unknown",
  "/certificates/unknown",
  "/shared/reports/unknown",
];

async function fromOutside(page, look) {
  for (const path of outside) {
    await page.goto(`${origin}${path}`);
    await look();
  }
}

// What the workspace's admin sees beside that.
const adminPlaces = [
  "/settings/team",
  "/settings/workspace",
  "/settings/mail",
  "/settings/portal",
  "/settings/integrations",
  "/settings/webhooks",
  "/settings/inputs",
  "/settings/usage",
  "/settings/usage/messages",
  "/settings/usage/imports",
  "/settings/audit",
];

async function administration(page, name, look) {
  await signIn(page, name, "Alex Morgan");
  for (const path of adminPlaces) {
    const answer = await page.goto(`${origin}${path}`);
    check(answer.ok(), `${name}: the admin sees ${path}`);
    await look();
  }
  await page.goto(`${origin}/settings/webhooks`);
  await page.locator("main a[href^='/settings/webhooks/']").first().click();
  const failed = page.locator("main a[href*='/deliveries/']").first();
  check(await failed.isVisible(), `${name}: a webhook shows what was sent`);
  await look();
  await failed.click();
  await page.waitForURL(/deliveries/);
  await look();
}

// Words of people in documents, beside a plan that stands and one that has moved on.
async function words(page, name, look) {
  for (const [customer, tag] of [["Clearwater Clinics", "Words changed"], ["Bluefin Foods", "Look at the words"]]) {
    await page.goto(`${origin}/onboardings?state=all&q=${encodeURIComponent(customer)}`);
    await page.locator("table.portfolio").getByRole("link", { name: customer }).click();
    await page.getByRole("heading", { level: 1, name: customer }).waitFor();
    const address = page.url();
    await page.goto(`${address}/documents`);
    check(await page.locator(".documents").getByText(tag).isVisible(), `${name}: ${customer} has a document marked ${tag}`);
    await page.goto(`${address}/documents/welcome`);
    await look();
  }
}

// Ctrl-K, some letters, Enter.
async function palette(page, name) {
  await page.goto(`${origin}/handoffs`);
  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox", { name: "Go anywhere" }).fill("acme man");
  await page.locator("dialog .suggestions a.chosen", { hasText: "Acme Manufacturing" }).waitFor();
  await accessible(page, `${name}, palette`);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  check(true, `${name}: Ctrl-K leads to what is typed`);
}

// Whose onboarding runs and has something of everything.
const customer = "Kestrel Energy";

await run(async (browser) => {
  for (const [width, height] of [[1440, 900], [390, 844]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const javaScriptEnabled of [true, false]) {
        const name = `${width} px, ${colorScheme}, ${javaScriptEnabled ? "with" : "without"} JavaScript`;
        console.log(name);
        const options = { name, viewport: { width, height }, colorScheme, javaScriptEnabled };
        // Colours do not depend on scripts: without them one scheme is enough.
        const judged = javaScriptEnabled || colorScheme === "light";
        await withPage(browser, origin, options, async (page) => {
          const look = async () => {
            await fits(page, name);
            if (judged) await accessible(page, `${name}, ${new URL(page.url()).pathname}`);
          };
          await page.goto(`${origin}/`);
          await look();
          await signIn(page, name);
          await portfolio(page, name);
          await look();
          await filter(page, name);
          await menu(page, name);
          await overview(page, name);
          await look();
          await onboardingTabs(page, name, look);
          await documents(page, name, look);
          await keyboard(page, name);
          if (javaScriptEnabled) await palette(page, name);
          for (const path of places) {
            await page.goto(`${origin}${path}`);
            await look();
          }
          await whatIsListed(page, name, look);
          if (javaScriptEnabled) await runningPages(page, origin, customer, name, look);
          if (javaScriptEnabled) await words(page, name, look);
        });
        await withPage(browser, origin, { ...options, refusals: true }, async (page) => {
          const look = async () => {
            await fits(page, name);
            if (judged) await accessible(page, `${name}, outside, ${new URL(page.url()).pathname}`);
          };
          await fromOutside(page, look);
          // No CRM is connected: the list of its deals says so.
          await signIn(page, name);
          await page.goto(`${origin}/handoffs/crm/hubspot`);
          await look();
        });
        if (!javaScriptEnabled) continue;
        await withPage(browser, origin, options, async (page) => {
          const look = async () => {
            await fits(page, name);
            await accessible(page, `${name}, admin, ${new URL(page.url()).pathname}`);
          };
          await administration(page, name, look);
        });
      }
    }
  }
  await withPage(browser, origin, { name: "paste", refusals: true }, async (page) => {
    await signIn(page, "paste");
    await refused(page, "paste");
    await tooLarge(page, "paste");
    await twice(page, "paste");
    await closes(page, "closing");
  });
  await together(browser, origin);
  await keeps(browser, origin);
  await byKeyboard(browser, origin);
  await onPaper(browser, origin);
  await inStillness(browser, origin);
});
