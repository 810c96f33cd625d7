// A form loses nothing: neither when its page is left before it is sent, nor when it is sent after the session has ended.
import { accessible, check, withPage } from "./lib.mjs";

const name = "forms";
const customer = "Late Evening Foods";
const deal =
  `Customer: ${customer}. Product: Enterprise platform. ACV: $95K. Go-live target: 60 days. ` +
  "Every stop of a line is written down by hand and typed in at the end of the shift. ".repeat(30);

export async function keeps(browser, origin) {
  await withPage(browser, origin, { name, refusals: true }, async (page) => {
    await enter(page, origin);
    const address = `${origin}/handoffs/new`;
    const text = page.locator("#deal");
    const typed = () => text.inputValue();
    await page.goto(address);
    await text.fill(deal);
    await page.goto(`${origin}/accounts`);
    await page.goto(address);
    check((await typed()) === deal, `${name}: what was typed is there again on the way back`);

    await page.context().clearCookies();
    const send = page.getByRole("button", { name: "Read it", exact: true });
    await send.click();
    const said = page.locator(".toasts > [role=alert]");
    await said.waitFor();
    check((await said.innerText()).includes("You are signed out"), `${name}: sent after the session has ended, it says so`);
    check(page.url() === address && (await typed()) === deal, `${name}: and the page stays with what was typed`);
    check(await send.evaluate((button) => button === document.activeElement), `${name}: and the focus where it was`);
    await accessible(page, `${name}, signed out`);

    const beside = await page.context().newPage();
    await enter(beside, origin);
    await beside.close();
    await send.click();
    await page.getByRole("heading", { level: 1, name: customer }).waitFor();
    check((await said.count()) === 0, `${name}: signed in again and sent again, it is taken`);
    await page.goto(address);
    check((await typed()) === "", `${name}: and what was taken does not come back`);
  });
}

async function enter(page, origin) {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: "Ines Okafor" }).click();
  await page.getByRole("heading", { level: 1, name: "Onboardings" }).waitFor();
}
