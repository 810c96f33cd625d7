// Sends the story with @segment/analytics-next from a page of another origin, in a real browser.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { PAGES, REPORTS, SCREENS, story } from "./story.mjs";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const sdk = readFileSync(new URL("node_modules/@segment/analytics-next/dist/umd/index.js", import.meta.url));

// A product's page: nothing of it comes from Gangway.
function product() {
  const server = createServer((request, response) => {
    if (request.url === "/sdk.js") {
      response.setHeader("Content-Type", "text/javascript");
      return response.end(sdk);
    }
    response.setHeader("Content-Type", "text/html");
    response.end('<!doctype html><title>Product</title><script src="/sdk.js"></script>');
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

// Runs in the page, with nothing but its arguments.
async function tell({ writeKey, cdnURL, told, reports, pages, screens }) {
  const analytics = globalThis.AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL });
  const { before, user, customer, traits, company } = told;
  await analytics.identify(user, traits);
  await analytics.group(customer, company);
  for (let number = 0; number < reports; number += 1) await analytics.track("Report Exported", { number });
  for (let number = 0; number < pages; number += 1) await analytics.page(`Page ${number}`);
  for (let number = 0; number < screens; number += 1) await analytics.screen(`Screen ${number}`);
  await analytics.alias(user, before);
}

/** Sends everything; throws when the browser complains. */
export async function browse(cdnURL, writeKey) {
  const server = await product();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on("pageerror", (problem) => problems.push(String(problem)));
    page.on("requestfailed", (request) => problems.push(`${request.url()} failed: ${request.failure()?.errorText}`));
    page.on("response", (response) => {
      if (response.url().includes("/v1/") && response.status() >= 400) problems.push(`${response.url()} answers ${response.status()}`);
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const told = story("segment-next");
    await page.evaluate(tell, { writeKey, cdnURL, told, reports: REPORTS, pages: PAGES, screens: SCREENS });
    if (problems.length > 0) throw new Error(problems.join("\n"));
  } finally {
    await browser.close();
    server.close();
  }
}
