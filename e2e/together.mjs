// Two people at once: what one does, the other sees without a reload, and nobody loses what they type.
import { check, withPage } from "./lib.mjs";

export async function together(browser, origin) {
  const name = "together";
  const deal = "Customer: Side by Side. Product: Enterprise platform. ACV: $95K. Go-live target: 60 days.";
  await withPage(browser, origin, { name }, async (ines) => {
    await enter(ines, origin, "Ines Okafor");
    await ines.locator("details.paste summary").click();
    await ines.locator("#deal").fill(deal);
    await ines.getByRole("button", { name: "Generate the package" }).click();
    await ines.getByRole("heading", { level: 1, name: "Side by Side" }).waitFor();
    const address = ines.url();
    await withPage(browser, origin, { name }, async (jonas) => {
      await enter(jonas, origin, "Jonas Feld");
      await jonas.goto(address);
      await jonas.evaluate(() => (globalThis.sameDocument = true));
      await jonas.locator(".head .tag", { hasText: "Planned" }).waitFor();
      await ines.locator("summary", { hasText: "Kickoff held" }).click();
      await ines.getByRole("button", { name: "The kickoff was held" }).click();
      await jonas.locator(".head .tag", { hasText: "Running" }).waitFor({ timeout: 3000 });
      check(await jonas.evaluate(() => globalThis.sameDocument), `${name}: without loading the page again`);
      await jonas.getByText("Ines Okafor: Held the kickoff").waitFor();
      check(true, `${name}: and it says who did what`);

      // Somebody who is typing is asked first.
      await jonas.locator("summary", { hasText: "Close…" }).click();
      await jonas.getByLabel("Reason").fill("Half a sent");
      await ines.locator("summary", { hasText: "Close…" }).click();
      await ines.getByLabel("Reason").fill("The customer was bought");
      await ines.getByRole("button", { name: "Close the onboarding" }).click();
      const offer = jonas.getByRole("button", { name: "Show it" });
      await offer.waitFor({ timeout: 3000 });
      check((await jonas.getByLabel("Reason").inputValue()) === "Half a sent", `${name}: what is typed stays`);
      await offer.click();
      await jonas.getByText("Closed: The customer was bought").waitFor();
      check(true, `${name}: and the change is shown when asked for`);
    });
  });
}

async function enter(page, origin, person) {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: person }).click();
  await page.getByRole("heading", { level: 1, name: "Onboardings" }).waitFor();
}
