// A programme in a real browser, as a customer-success expert works on it: node programmes.mjs http://127.0.0.1:PORT [SHOTS]
// Draft, a refused rule, a colleague in between, check, trial, compare, publish, and an onboarding moved to it.
import { accessible, check, fits, run, withPage } from "./lib.mjs";

const origin = new URL(process.argv[2] ?? "").origin;
const shots = process.argv[3];
const base = `${origin}/programmes/mid-market`;

async function signIn(page, who) {
  await page.goto(`${origin}/`);
  await page.getByRole("button", { name: who }).click();
}

await run(async (browser) => {
  const colleague = await browser.newContext();
  const other = await colleague.newPage();
  await signIn(other, "Ines Okafor");
  const sizes = [
    ["wide-light", 1440, 1000, "light", true],
    ["narrow-dark", 390, 844, "dark", true],
    ["narrow-plain", 390, 844, "light", false],
  ];
  for (const [name, width, height, colorScheme, javaScriptEnabled] of sizes) {
    const options = { name, refusals: true, viewport: { width, height }, colorScheme, javaScriptEnabled };
    await withPage(browser, origin, options, async (page) => {
      const look = async (what, fullPage = true) => {
        if (shots) await page.screenshot({ path: `${shots}/${name}-${what}.png`, fullPage });
        await fits(page, `${name} ${what}`);
        await accessible(page, `${name} ${what}`);
      };
      await signIn(page, "Priya Raman");
      await page.goto(`${origin}/programmes`);
      check((await page.locator(".programme-card").count()) === 4, `${name}: four programmes are listed`);
      await look("list");
      await page.goto(base);
      check(await page.locator("svg.way polygon.gate").first().isVisible(), `${name}: the way shows its gates`);
      await look("read");

      await page.goto(`${base}/draft`);
      await look("no-draft");
      await page.getByRole("button", { name: "Begin a draft" }).click();
      await look("draft");
      // The old rule's place is shown, and nothing typed is lost.
      await page.goto(`${base}/draft?edit=task.kickoff#task-kickoff`);
      await page.getByLabel("Working days", { exact: false }).first().fill("users >");
      await page.getByLabel("Leaves behind").fill("Goals everybody signed");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      check((await page.locator("pre.pointer").innerText()).includes("^"), `${name}: the place inside the rule is shown`);
      check((await page.getByLabel("Leaves behind").inputValue()) === "Goals everybody signed", `${name}: nothing typed is lost`);
      await look("refused", false);
      const days = name === "wide-light" ? "3" : "4";
      // A colleague changes the same task meanwhile.
      await other.goto(`${base}/draft?edit=task.kickoff#task-kickoff`);
      await other.getByLabel("Working days", { exact: false }).first().fill("2");
      await other.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByLabel("Working days", { exact: false }).first().fill(days);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      check(await page.getByText("Ines Okafor changed this").isVisible(), `${name}: who comes second is told`);
      check(await page.locator(".theirs").first().isVisible(), `${name}: theirs stands beside`);
      await look("overlap", false);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      check(await page.getByText("Saved in the draft.").isVisible(), `${name}: saved again, it is yours`);

      await page.goto(`${base}/draft?edit=milestone.foundation-gate#milestone-foundation-gate`);
      await look("gate", false);
      await page.goto(`${base}/draft?add=task.discover#add-discover`);
      await page.getByLabel("Name", { exact: false }).first().fill("Security review");
      await page.getByLabel("Role", { exact: true }).selectOption({ index: 1 });
      await page.getByLabel("Predecessor 1", { exact: true }).selectOption("kickoff");
      await look("add", false);
      await page.getByRole("button", { name: "Add it" }).click();
      check(await page.getByText("Security review").first().isVisible(), `${name}: the task is added`);

      await page.goto(`${base}/draft/text`);
      const text = page.locator("#source");
      await text.fill((await text.inputValue()).replace('role = "ae"', 'role = "aee"'));
      await page.getByRole("button", { name: "Save and check" }).click();
      check(await page.getByText("There is no role `aee`").isVisible(), `${name}: the check names the role`);
      await look("text", false);
      await page.goto(`${base}/draft`);
      await look("mistakes", false);
      check(!(await page.getByRole("button", { name: "Publish the draft" }).isVisible()), `${name}: no publishing with mistakes`);
      await page.goto(`${base}/draft/text`);
      await text.fill((await text.inputValue()).replace('role = "aee"', 'role = "ae"'));
      await page.getByRole("button", { name: "Save and check" }).click();
      check(await page.getByText("No mistakes.").isVisible(), `${name}: mended`);

      await page.goto(`${base}/draft/trial`);
      await page.getByLabel("Deal", { exact: true }).selectOption({ index: 0 });
      await page.getByRole("button", { name: "Try it" }).first().click();
      check(await page.getByRole("heading", { name: "What differs in the plan" }).isVisible(), `${name}: the trial shows a difference`);
      await look("trial");
      await page.goto(`${base}/compare?from=in-force&to=draft`);
      await look("compare");

      await page.goto(`${base}/draft#publish`);
      await page.getByLabel("What changed, and why").fill(`More time around the kickoff (${name})`);
      await page.getByRole("button", { name: "Publish the draft" }).click();
      check(await page.getByText("Published. New onboardings").isVisible(), `${name}: it is published`);
      await page.goto(`${base}/versions`);
      await look("versions");
      // However wide the table is, what can be done with a version stays in sight, its head included.
      const places = await page.locator(".scroll thead th:last-child, .scroll td:last-child").evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).position));
      if (width > 768) check(places.length > 1 && places.every((place) => place === "sticky"), `${name}: the last column and its head stick: ${places}`);

      await page.goto(`${origin}/onboardings?segment=mid-market&state=running`);
      await page.locator("table.portfolio tbody th a").first().click();
      await page.getByRole("navigation", { name: "Onboarding" }).getByRole("link", { name: "Programme" }).click();
      await look("move");
      await page.getByRole("button", { name: /Move it to version/ }).click();
      check(await page.getByText("The onboarding was moved.").isVisible(), `${name}: it is moved`);
      await look("moved");
    });
  }
  await colleague.close();
});
