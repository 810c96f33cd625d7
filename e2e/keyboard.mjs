// From a pasted deal to its onboarding with nothing but Tab, Enter and what is typed.
import { check, withPage } from "./lib.mjs";

const name = "keyboard";
const customer = "Tabular Trading";
const deal = `Customer: ${customer}. Product: Enterprise platform. ACV: $95K. Use case: order tracking. Go-live target: 60 days.`;

/** No page has more to stop at. */
const STOPS = 400;

export async function byKeyboard(browser, origin) {
  await withPage(browser, origin, { name }, async (page) => {
    const button = (text) => page.getByRole("button", { name: text, exact: true });
    await page.goto(`${origin}/`);
    await press(page, page.getByRole("button", { name: "Ines Okafor" }));
    await page.getByRole("heading", { level: 1, name: "Onboardings" }).waitFor();
    await press(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Handoffs" }));
    await page.getByRole("heading", { level: 1, name: "Handoffs" }).waitFor();
    await press(page, page.getByRole("link", { name: "Hand over a deal" }).first());
    await reach(page, page.locator("#deal"));
    await page.keyboard.insertText(deal);
    await press(page, button("Read it"));
    await page.getByRole("heading", { level: 1, name: customer }).waitFor();
    await press(page, button("Confirm the facts"));
    await press(page, page.getByRole("link", { name: "Plan the onboarding", exact: true }));
    await press(page, button("Generate the onboarding"));
    await page.locator(".phases li").first().waitFor();
    check(new URL(page.url()).pathname.startsWith("/onboardings/"), `${name}: leads to the onboarding`);
    check(await page.getByRole("heading", { level: 1, name: customer }).isVisible(), `${name}: of the customer who was typed`);
  });
}

async function press(page, target) {
  await reach(page, target);
  await page.keyboard.press("Enter");
}

// Goes on with Tab until it is there, and looks whether that can be seen.
async function reach(page, target) {
  await target.waitFor();
  for (let stops = 0; stops < STOPS; stops += 1) {
    await page.keyboard.press("Tab");
    const there = await target.evaluate((element) => {
      if (element !== document.activeElement) return null;
      return { ring: getComputedStyle(element).outlineStyle, words: element.innerText };
    });
    if (!there) continue;
    check(there.ring !== "none", `${name}: the focus is seen at “${there.words}”`);
    return;
  }
  throw new Error(`${name}: Tab never reaches ${target}`);
}
