// The same pages on paper, and for whoever asks for stillness.
import { check, withPage } from "./lib.mjs";

const customer = "Acme Manufacturing";

export async function onPaper(browser, origin) {
  const name = "print";
  await withPage(browser, origin, { name }, async (page) => {
    await each(page, origin, async (content) => {
      const navigation = page.getByRole("navigation", { name: "Main" });
      check(await navigation.isVisible(), `${name}: on the screen the page has its navigation`);
      await page.emulateMedia({ media: "print" });
      check(!(await navigation.isVisible()), `${name}: on paper it has none`);
      check(!(await page.getByRole("searchbox").first().isVisible()), `${name}: nor a search box`);
      check(await page.getByRole("heading", { level: 1 }).isVisible(), `${name}: its heading is there`);
      check(await page.locator(content).first().isVisible(), `${name}: and ${content}`);
      await page.emulateMedia({ media: null });
    });
  });
}

// The style page shows what moves, so that the same question has another answer for whoever does not ask for stillness.
export async function inStillness(browser, origin) {
  const name = "reduced motion";
  const moving = (page) =>
    page.evaluate(() => document.getAnimations().filter((one) => one.playState === "running").map((one) => one.animationName ?? one.transitionProperty));
  await withPage(browser, origin, { name: "motion", reducedMotion: "no-preference" }, async (page) => {
    await enter(page, origin);
    await page.goto(`${origin}/style`);
    check((await moving(page)).includes("breathe"), "motion: what waits breathes");
  });
  await withPage(browser, origin, { name, reducedMotion: "reduce" }, async (page) => {
    await each(page, origin, async (content) => {
      const found = await moving(page);
      check(found.length === 0, `${name}: nothing moves beside ${content}: ${found}`);
    });
    await page.goto(`${origin}/style`);
    const found = await moving(page);
    check(found.length === 0, `${name}: nothing moves on the style page: ${found}`);
  });
}

// Two main pages, each with what it is opened for.
async function each(page, origin, look) {
  await enter(page, origin);
  await page.goto(`${origin}/onboardings?q=${encodeURIComponent(customer)}`);
  await look("table.portfolio tbody tr");
  await page.locator("table.portfolio").getByRole("link", { name: customer }).click();
  await page.getByRole("heading", { level: 1, name: customer }).waitFor();
  await page.goto(page.url());
  await look(".phases li");
}

async function enter(page, origin) {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: "Ines Okafor" }).click();
  await page.getByRole("heading", { level: 1, name: "Onboardings" }).waitFor();
}
