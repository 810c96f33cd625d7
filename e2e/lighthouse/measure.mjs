// What Lighthouse gives the main pages, and what they weigh: node measure.mjs ADDRESS
// ADDRESS is a running demo. Ends with 1 when a page has less than 95 points, or weighs more than was asked for.
import { existsSync } from "node:fs";
import lighthouse, { desktopConfig } from "lighthouse";
import { launch } from "chrome-launcher";
import puppeteer from "puppeteer-core";

const origin = new URL(process.argv[2] ?? "").origin;
const POINTS = 95;
const [FIRST, AFTER] = [150_000, 30_000];
const chromePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu"];

const chrome = await launch({ chromePath, chromeFlags });
let failed = false;
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}`, defaultViewport: null });
  const page = await browser.newPage();
  await page.goto(`${origin}/`);
  const enter = await page.$("::-p-aria(Ines Okafor)") ?? await page.$("main form button");
  await Promise.all([page.waitForNavigation(), enter.click()]);
  const overview = await page.$eval("table.portfolio tbody a", (link) => link.href);
  await page.goto(`${origin}/handoffs`);
  const review = await page.$eval("main table a[href^='/handoffs/hof_']", (link) => link.href);

  const pages = [
    ["portfolio", `${origin}/onboardings`],
    ["board", `${origin}/onboardings?show=board`],
    ["overview", overview],
    ["plan", `${overview}/plan`],
    ["review", review],
    ["search", `${origin}/search?q=acme`],
  ];
  console.log(`${"page".padEnd(12)} ${"form".padEnd(8)} performance  accessibility  best practices`);
  for (const [name, url] of pages) {
    for (const [form, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
      const options = {
        port: chrome.port,
        onlyCategories: ["performance", "accessibility", "best-practices"],
        disableStorageReset: true,
        logLevel: "error",
      };
      let { lhr } = await lighthouse(url, options, config);
      // The browser was too busy to be measured; that says nothing of the page.
      for (let again = 0; lhr.runtimeError && again < 3; again += 1) ({ lhr } = await lighthouse(url, options, config));
      if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`);
      const points = Object.values(lhr.categories).map((category) => Math.round(category.score * 100));
      const [performance, accessibility] = points;
      const enough = performance >= POINTS && accessibility >= POINTS;
      failed ||= !enough;
      const [first, second, third] = points.map((number) => String(number));
      console.log(`${name.padEnd(12)} ${form.padEnd(8)} ${first.padStart(11)} ${second.padStart(14)} ${third.padStart(15)}`);
      if (!enough) {
        const lost = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
        for (const audit of lost) console.log(`  ${audit.id}: ${audit.displayValue ?? audit.title}`);
      }
    }
  }

  // As transferred, with everything the page asks for: with an empty cache, and then once more.
  const session = await page.createCDPSession();
  await session.send("Network.enable");
  let weight = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => { weight += encodedDataLength; });
  const weigh = async (url) => {
    weight = 0;
    await page.goto("about:blank");
    weight = 0;
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction(() => document.readyState === "complete");
    return weight;
  };
  console.log(`\n${"page".padEnd(12)} ${"first".padStart(10)} ${"after".padStart(10)}   asked: ${FIRST / 1000} kB, then ${AFTER / 1000} kB`);
  for (const [name, url] of pages) {
    await session.send("Network.clearBrowserCache");
    const [first, after] = [await weigh(url), await weigh(url)];
    failed ||= first > FIRST || after > AFTER;
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
    console.log(`${name.padEnd(12)} ${kilobytes(first)} ${kilobytes(after)}`);
  }
  await browser.disconnect();
} finally {
  chrome.kill();
}
process.exit(failed ? 1 : 0);
