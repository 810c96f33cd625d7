// Walks through an empty installation as its first admin would: node first-run.mjs ADDRESS SETUP-ADDRESS
// The two runs differ in whether the browser runs scripts; each needs an installation of its own.
import { accessible, check, fits, run, withPage } from "./lib.mjs";

const [, , address, setup, scripts] = process.argv;
const origin = new URL(address ?? "").origin;
const javaScriptEnabled = scripts !== "without-scripts";
const name = `first run ${javaScriptEnabled ? "with" : "without"} JavaScript`;
const acme =
  "Customer: Acme Manufacturing. Product: Enterprise platform. ACV: $95K. Use case: supply chain visibility. " +
  "Stack: SAP ERP, Salesforce. SSO required. Three plants. Go-live target: 60 days.";


async function look(page, step) {
  await fits(page, `${name}, ${step}`);
  if (javaScriptEnabled) await accessible(page, `${name}, ${step}`);
}

async function firstAdmin(page) {
  await page.goto(`${origin}/`);
  check(page.url().includes("/setup") || page.url().includes("/sign-in"), `${name}: an empty installation asks to be set up`);
  await page.goto(setup);
  await look(page, "set-up");
  await page.getByLabel("Your company").fill("Northbeam Software");
  await page.getByLabel("Your name").fill("Ines Okafor");
  await page.getByLabel("Mail address").fill("ines@northbeam.example");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Set up and sign in" }).click();
  await page.getByRole("heading", { name: "No onboarding yet" }).waitFor();
  await look(page, "empty");
}

async function invite(page, browser) {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Mail address").fill("jonas@northbeam.example");
  await page.getByRole("radio", { name: /^Implementation manager/ }).check();
  await page.getByRole("button", { name: "Invite" }).click();
  const link = await page.locator("code.secret").innerText();
  check(link.startsWith(`${origin}/join/`), `${name}: the link of the invitation is shown`);
  await look(page, "invited");
  await withPage(browser, origin, { name: `${name}, colleague`, javaScriptEnabled }, async (guest) => {
    await guest.goto(link);
    await look(guest, "join");
    await guest.getByLabel("Your name").fill("Jonas Feld");
    await guest.getByLabel("Choose a password").fill("quite a long secret");
    await guest.getByRole("button", { name: "Join" }).click();
    await guest.getByRole("heading", { name: "Onboardings" }).waitFor();
    check(true, `${name}: the colleague is in`);
  });
}

async function plan(page) {
  await page.goto(`${origin}/onboardings`);
  await page.getByLabel("The deal, as you have it").fill(acme);
  await page.getByRole("button", { name: "Generate the package" }).click();
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  check(await page.locator("svg.gantt rect.task").first().isVisible(), `${name}: the plan is drawn`);
  await look(page, "onboarding");
  const deck = page.locator('a[href*=".pptx"]').first();
  const answer = await page.request.get(new URL(await deck.getAttribute("href"), origin).href);
  const bytes = await answer.body();
  check(answer.ok() && bytes.subarray(0, 2).toString() === "PK", `${name}: the deck is downloaded`);
}

async function token(page) {
  await page.goto(`${origin}/settings/tokens`);
  await page.getByLabel("What it is for").fill("First steps");
  await page.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.locator("#token").innerText();
  check(secret.startsWith("gangway_"), `${name}: the token is shown`);
  await look(page, "token");
  return secret;
}

await run(async (browser) => {
  await withPage(browser, origin, { name, javaScriptEnabled }, async (page) => {
    await firstAdmin(page);
    await invite(page, browser);
    await plan(page);
    await token(page);
  });
});
