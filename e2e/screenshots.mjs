// Takes the pictures of the README from a running demo: node screenshots.mjs ADDRESS FOLDER
import { mkdirSync } from "node:fs";
import { check, run, withPage } from "./lib.mjs";

const origin = new URL(process.argv[2] ?? "").origin;
const folder = process.argv[3] ?? "screenshots";

// Name, how to get there, and what must be on it.
const pictures = [
  ["portfolio", (page) => page.goto(`${origin}/onboardings`), "table.portfolio tbody tr"],
  ["overview", open("Kestrel Energy", ""), ".phases li"],
  ["plan", open("Acme Manufacturing", "/plan"), "svg.gantt-chart rect.task"],
  ["people", open("Acme Manufacturing", "/people"), "svg.power-grid circle"],
  ["documents", open("Acme Manufacturing", "/documents?read=implementation-plan.html"), ".preview iframe"],
  ["review", review, "#clocks"],
];

function open(customer, tab) {
  return async (page) => {
    await page.goto(`${origin}/onboardings?q=${encodeURIComponent(customer)}`);
    await page.locator("table.portfolio").getByRole("link", { name: customer }).click();
    await page.getByRole("heading", { level: 1, name: customer }).waitFor();
    if (tab) await page.goto(page.url() + tab);
  };
}

async function review(page) {
  await page.goto(`${origin}/handoffs`);
  await page.locator("main table a[href^='/handoffs/hof_']").first().click();
}

await run(async (browser) => {
  mkdirSync(folder, { recursive: true });
  const options = { name: "pictures", viewport: { width: 1440, height: 900 }, colorScheme: "light" };
  await withPage(browser, origin, options, async (page) => {
    await page.goto(`${origin}/`);
    await page.getByRole("button", { name: "Ines Okafor" }).click();
    await page.getByRole("heading", { level: 1, name: "Onboardings" }).waitFor();
    for (const [name, go, mark] of pictures) {
      await go(page);
      await page.locator(mark).first().waitFor();
      await page.screenshot({ path: `${folder}/${name}.png` });
      check(true, name);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await open("Acme Manufacturing", "")(page);
    await page.screenshot({ path: `${folder}/phone.png` });
  });
});
