// Reads the ledger's page as a person would, and adds it up.

const days = (words) => {
  const found = words.match(/(\d+) days? (later|earlier)/);
  return found ? Number(found[1]) * (found[2] === "later" ? 1 : -1) : 0;
};
const dayOf = (words) => Date.parse(`${words} UTC`) / 86_400_000;

// Every line, the oldest first; with the story told above them.
export async function ledger(page, address) {
  await page.goto(address);
  const story = page.locator("section[aria-labelledby=story]");
  const row = story.locator("tbody tr", { has: page.getByRole("rowheader", { name: "Go-live", exact: true }) });
  const time = (label) => row.locator(`td[data-label="${label}"] time`).getAttribute("datetime");
  const told = {
    first: Date.parse(await time("First promised")) / 86_400_000,
    now: Date.parse(await time("Now")) / 86_400_000,
    moved: days(await row.locator("td[data-label=Moved]").innerText()),
    sides: {},
  };
  for (const side of await story.locator("table").nth(1).locator("tbody tr").all()) {
    const who = (await side.locator("th").innerText()).trim().toLowerCase();
    told.sides[who] = days(await side.locator("td[data-label='Go-live']").innerText());
  }
  const lines = [];
  for (;;) {
    const rows = page.locator("section[aria-labelledby=lines] tbody tr");
    const found = await rows.evaluateAll((rows) =>
      rows.map((row) => {
        const cell = (label) => row.querySelector(`td[data-label="${label}"]`);
        return {
          number: Number(cell("No.").innerText),
          summary: row.querySelector("th").firstChild.textContent.trim(),
          side: cell("Side").innerText.trim().toLowerCase(),
          moved: cell("Go-live").querySelector(".tag").innerText,
          after: cell("Go-live").querySelector("small").innerText,
        };
      }),
    );
    lines.push(...found.map(({ moved, after, ...line }) => ({ ...line, days: days(moved), after: dayOf(after) })));
    const older = page.getByRole("link", { name: "Older changes" });
    if (!(await older.isVisible())) break;
    await older.click();
  }
  return { ...told, lines: lines.reverse() };
}
