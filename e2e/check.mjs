// Looks at a running demo with a real browser: node check.mjs http://127.0.0.1:PORT
// Every check runs at two widths, light and dark, with and without JavaScript.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const origin = new URL(process.argv[2] ?? "").origin;
const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const failures = [];
let checks = 0;

function check(holds, what) {
  checks += 1;
  if (!holds) {
    failures.push(what);
    console.error(`  failed: ${what}`);
  }
}

async function withPage(browser, options, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const foreign = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  await look(page);
  check(foreign.length === 0, `${options.name}: requests left the origin: ${foreign}`);
  check(problems.length === 0, `${options.name}: the console complains: ${problems}`);
  await context.close();
}

// The policy of the pages forbids every script; the debugger may still run one of its own.
async function accessible(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target).join(" | ")}`);
  check(found.length === 0, `${name}: accessibility:\n    ${found.join("\n    ")}`);
}

async function fits(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(content <= window, `${name}: the page is ${content} px wide in a window of ${window} px`);
}

async function portfolio(page, name) {
  await page.goto(`${origin}/`);
  check(page.url().endsWith("/onboardings"), `${name}: / leads to the onboardings`);
  const rows = page.locator("table.portfolio tbody tr");
  check((await rows.count()) === 8, `${name}: eight onboardings are listed`);
}

async function filter(page, name) {
  await page.getByLabel("Search").fill("acme");
  await page.getByRole("button", { name: "Apply" }).click();
  check((await page.locator("table.portfolio tbody tr").count()) === 1, `${name}: search finds one`);
}

async function overview(page, name) {
  await page.getByRole("link", { name: "Acme Manufacturing" }).click();
  await page.getByRole("heading", { level: 1, name: "Acme Manufacturing" }).waitFor();
  check(await page.locator("svg.gantt rect.task").first().isVisible(), `${name}: the plan is drawn`);
  check((await page.locator(".phases li").count()) >= 5, `${name}: the phases are shown`);
  check((await page.locator("#documents ~ .documents a").count()) > 10, `${name}: the package is listed`);
}

async function documents(page, name) {
  const overviewUrl = page.url();
  const answer = await page.goto(`${overviewUrl}/package/index.html`);
  check(answer.ok(), `${name}: the package's index opens`);
  check(answer.headers()["content-security-policy"].startsWith("sandbox"), `${name}: the document is in a sandbox`);
  check((await page.locator("body").innerText()).includes("Acme Manufacturing"), `${name}: it names the customer`);
  await page.goto(overviewUrl);
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
    check((await page.getByRole("status").count()) === known, `${name}: a deal pasted again says that it is known`);
  }
}

async function tooLarge(page, name) {
  await page.goto(`${origin}/onboardings`);
  await page.locator("details.paste summary").click();
  await page.evaluate(() => (document.querySelector("#deal").value = `Customer: Big. ${"x".repeat(9e6)}`));
  await page.getByRole("button", { name: "Generate the package" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  check((await alert.innerText()).includes("more than 1 MB"), `${name}: a deal that is too large says so`);
  check((await page.locator("#deal").inputValue()).startsWith("Customer: Big."), `${name}: its beginning is kept`);
}

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const [width, height] of [[1440, 900], [390, 844]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const javaScriptEnabled of [true, false]) {
        const name = `${width} px, ${colorScheme}, ${javaScriptEnabled ? "with" : "without"} JavaScript`;
        console.log(name);
        await withPage(browser, { name, viewport: { width, height }, colorScheme, javaScriptEnabled }, async (page) => {
          const look = async () => {
            await fits(page, name);
            if (javaScriptEnabled) await accessible(page, `${name}, ${new URL(page.url()).pathname}`);
          };
          await portfolio(page, name);
          await look();
          await filter(page, name);
          await overview(page, name);
          await look();
          await documents(page, name);
          await keyboard(page, name);
        });
      }
    }
  }
  // A refused deal answers 422, which the console of the browser reports: no wonder there.
  const context = await browser.newContext();
  const page = await context.newPage();
  await refused(page, "paste");
  await tooLarge(page, "paste");
  await twice(page, "paste");
  await context.close();
} finally {
  await browser.close();
}
console.log(`${checks - failures.length} of ${checks} browser checks hold`);
process.exit(failures.length === 0 ? 0 : 1);
