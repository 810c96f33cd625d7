// What every browser test needs: counting checks, a page that watches itself, accessibility.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const failures = [];
let checks = 0;

export function check(holds, what) {
  checks += 1;
  if (!holds) {
    failures.push(what);
    console.error(`  failed: ${what}`);
  }
}

// A page in a browser of its own; nothing may leave the origin, and the console must stay silent.
// A page that refuses something answers with an error status, which the console reports: those
// tests say so with `refusals`.
export async function withPage(browser, origin, { name, refusals = false, ...options }, look) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.waitsForScripts = options.javaScriptEnabled !== false;
  await waitAfterClicks(page);
  const foreign = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  const problems = [];
  page.on("console", (message) => {
    const refusal = refusals && /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !refusal) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  await look(page);
  check(foreign.length === 0, `${name}: requests left the origin: ${foreign}`);
  check(problems.length === 0, `${name}: the console complains: ${problems}`);
  await context.close();
}

// With scripts a click changes the page without loading another, which the browser does not wait for: every click
// waits until what it began is drawn.
async function waitAfterClicks(page) {
  await page.addInitScript(() => {
    const begin = () => (globalThis.underWay = performance.now());
    const end = () => delete globalThis.underWay;
    for (const event of ["turbo:visit", "turbo:submit-start"]) addEventListener(event, begin);
    for (const event of ["turbo:load", "turbo:render"]) addEventListener(event, end);
  });
  const locator = Object.getPrototypeOf(page.locator("html"));
  if (locator.clickAtOnce) return;
  locator.clickAtOnce = locator.click;
  locator.click = async function (...options) {
    await this.clickAtOnce(...options);
    const settled = () => {
      const busy = document.readyState !== "complete" || globalThis.underWay !== undefined;
      if (busy) delete globalThis.settledSince;
      else globalThis.settledSince ??= performance.now();
      // What a click begins may begin a moment later; what never ends is not waited for.
      const long = globalThis.underWay !== undefined && performance.now() - globalThis.underWay > 5000;
      return long || (!busy && performance.now() - globalThis.settledSince > 60);
    };
    if (this.page().waitsForScripts) await this.page().waitForFunction(settled).catch(() => {});
  };
}

// The policy of the pages forbids every foreign script; the debugger may still run one of its own, also where scripts are
// off. No timer fires there: what axe puts off for a moment follows at once. Frames hold documents, which are no pages.
export async function accessible(page, name) {
  await page.evaluate(axe);
  // What lies under the bar at the top can be scrolled away from under it.
  await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
  const { violations } = await page.evaluate(async () => {
    const later = globalThis.setTimeout;
    globalThis.setTimeout = (act, wait = 0) => (wait > 0 ? later(act, wait) : Promise.resolve().then(act));
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    try {
      return await globalThis.axe.run(document, { runOnly: rules, iframes: false });
    } finally {
      globalThis.setTimeout = later;
    }
  });
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target).join(" | ")}`);
  check(found.length === 0, `${name}: accessibility:\n    ${found.join("\n    ")}`);
}

export async function fits(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(content <= window, `${name}: the page is ${content} px wide in a window of ${window} px`);
}

// Starts the browser, runs the tests, says how many checks hold, and ends the process.
export async function run(tests) {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await tests(browser);
  } finally {
    await browser.close();
  }
  console.log(`${checks - failures.length} of ${checks} browser checks hold`);
  process.exit(failures.length === 0 ? 0 : 1);
}
