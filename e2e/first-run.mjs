// Walks through an empty installation as its first admin would: node first-run.mjs ADDRESS SETUP-ADDRESS
// The two runs differ in whether the browser runs scripts; each needs an installation of its own.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
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
  await accessible(page, `${name}, ${step}`);
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

// The deal as it was pasted, one fact put right, confirmed, planned.
async function handOver(page) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Handoffs" }).click();
  await page.getByRole("link", { name: "Hand over a deal" }).first().click();
  await look(page, "hand over");
  await page.locator("#deal").fill(acme);
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  await look(page, "review");
  await page.getByRole("link", { name: /^Correct Annual value/ }).click();
  await page.locator("#p-value").fill("$120K");
  await page.locator("#reason").fill("as on the order form");
  await page.getByRole("button", { name: "Save" }).click();
  check((await page.locator("#f-acv").innerText()).includes("$120,000"), `${name}: the fact is corrected`);
  check(await page.getByText("The fact is corrected.").isVisible(), `${name}: and that is said, with a way back`);
  await look(page, "corrected");
  await page.getByRole("button", { name: "Confirm the facts" }).click();
  await page.getByRole("link", { name: "Plan the onboarding" }).click();
  await look(page, "what would become of it");
  await page.getByRole("button", { name: "Generate the onboarding" }).click();
}

async function onboarding(page) {
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  await look(page, "onboarding");
  const tabs = page.getByRole("navigation", { name: "Onboarding" });
  await tabs.getByRole("link", { name: "Plan", exact: true }).click();
  await page.locator("svg.gantt-chart rect.task").first().waitFor();
  check((await page.locator("svg.gantt-chart rect.task").count()) > 10, `${name}: the plan is drawn`);
  await look(page, "plan");
  await tabs.getByRole("link", { name: "Documents", exact: true }).click();
  await page.getByRole("heading", { name: "For the customer" }).waitFor();
  await look(page, "documents");
  const deck = page.locator('a[href*=".pptx"]').first();
  const [download] = await Promise.all([page.waitForEvent("download"), deck.click()]);
  const bytes = readFileSync(await download.path());
  check(download.suggestedFilename().endsWith(".pptx"), `${name}: a click downloads the deck`);
  check(bytes.subarray(0, 2).toString() === "PK" && bytes.includes("ppt/slides/slide2.xml"), `${name}: which has slides`);
}

// A deal in a file, read as one that was pasted.
async function handOverFile(page) {
  await page.goto(`${origin}/handoffs/new`);
  const file = { name: "cedar-mills.txt", mimeType: "text/plain", buffer: Buffer.from(acme.replace("Acme Manufacturing", "Cedar Mills")) };
  await page.locator("#file").setInputFiles(file);
  await page.getByRole("button", { name: "Read it" }).click();
  await page.getByRole("heading", { level: 1, name: "Cedar Mills" }).waitFor();
  check((await page.locator("#f-acv").innerText()).includes("$95,000"), `${name}: a file is read as well`);
}

async function token(page) {
  await page.goto(`${origin}/settings/tokens`);
  await page.getByLabel("What it is for").fill("First steps");
  await page.getByRole("checkbox", { name: /^write/ }).check();
  await page.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.locator("#token").innerText();
  check(secret.startsWith("gangway_"), `${name}: the token is shown`);
  await look(page, "token");
  return secret;
}

// What was clicked above, by a program: the deal, one fact put right, confirmed, its onboarding, the plan, the deck.
function theSameByCurl(token) {
  const curl = (path, ...more) =>
    execFileSync("curl", ["--silent", "--show-error", "--fail-with-body", "--header", `Authorization: Bearer ${token}`, ...more, `${origin}/api/v1${path}`]);
  const json = (...args) => JSON.parse(curl(...args));
  const mine = json("/onboardings").items;
  check(mine.length === 1 && mine[0].customer === "Acme Manufacturing", `${name}: curl lists the onboarding`);
  const handoff = json("/handoffs", "--header", "Content-Type: text/plain", "--data-binary", acme.replace("Acme", "Apex"));
  const send = (path, body) => curl(path, "--header", "Content-Type: application/json", "--data", JSON.stringify(body));
  send(`/handoffs/${handoff.id}/corrections`, { fact: "acv", parts: { value: "$120K" }, seen: 0, reason: "as on the order form" });
  const review = json(`/handoffs/${handoff.id}/review`);
  const acv = review.facts.find((fact) => fact.fact === "acv");
  check(acv.words.includes("$120,000") && acv.corrected === 1, `${name}: curl has the fact corrected`);
  send(`/handoffs/${handoff.id}/confirmation`, { version: review.version });
  check(json(`/handoffs/${handoff.id}/review`).state === "confirmed", `${name}: and confirmed`);
  const made = JSON.parse(send("/onboardings", { handoff: handoff.id }));
  const plan = json(`/onboardings/${made.id}/plan`);
  check(plan.tasks.length > 10, `${name}: curl has the plan`);
  const files = json(`/onboardings/${made.id}/files`).items;
  const deck = files.find((file) => file.path.endsWith(".pptx"));
  const bytes = curl(`/onboardings/${made.id}/files/${encodeURIComponent(deck.path)}`);
  check(bytes.subarray(0, 2).toString() === "PK", `${name}: curl has the deck`);
}

await run(async (browser) => {
  await withPage(browser, origin, { name, javaScriptEnabled }, async (page) => {
    await firstAdmin(page);
    await invite(page, browser);
    await handOver(page);
    await onboarding(page);
    await handOverFile(page);
    theSameByCurl(await token(page));
  });
});
