// Carries a card of the board to another column with the mouse: what the button there does happens, can be taken back, and
// where a reason is asked for, the form opens that asks. The task is as it was then.
import { check } from "./lib.mjs";

export async function carries(story, name, begin) {
  const { page } = story;
  const { code, name: task } = story.task(begin);
  const stands = (state) => column(page, state).locator(`[data-code="${code}"]`).isVisible();
  await story.goto("/plan?view=board");
  check(await stands("started"), `${name}: “${task}” stands among what was started`);

  await carry(page, code, "done", async () => {
    check((await page.locator(".board-column.target").getAttribute("data-state")) === "done", `${name}: the column that would take it is marked`);
    await page.keyboard.press("Escape");
  });
  check((await stands("started")) && !(await page.locator(".board.moving, .carried").count()), `${name}: Escape leaves it where it was`);

  await carry(page, code, "done");
  const undo = page.locator(".toast").getByRole("button", { name: "Undo", exact: true });
  await undo.waitFor();
  check(await stands("done"), `${name}: carried to what is done, it is done`);
  check(new URL(page.url()).searchParams.get("view") === "board", `${name}: and the board is still there`);
  await undo.click();
  await page.locator(".toast", { hasText: "Taken back" }).waitFor();

  await story.goto("/plan?view=board");
  check(await stands("started"), `${name}: taken back, it stands where it stood`);
  await carry(page, code, "blocked");
  await page.getByLabel("Why it cannot go on").waitFor();
  check(page.url().endsWith("#block"), `${name}: blocked needs a reason, which is asked for`);
  await story.goto("/plan?view=board");
  check(await stands("started"), `${name}: and nothing happened without it`);
}

const column = (page, state) => page.locator(`.board-column[data-state="${state}"]`);

// Takes a card by its grip and lets it go over a column further to the right, once it was looked at.
async function carry(page, code, state, look) {
  const from = await page.locator(`.board-card[data-code="${code}"]`).evaluate((card) => {
    card.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, top, width, height } = card.querySelector(".grip").getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 12, from.y, { steps: 3 });
  // A column that does not fit beside the others comes into sight while the card is held at the edge of the board.
  const place = () =>
    column(page, state).evaluate((column) => {
      const [box, board] = [column, column.closest(".board")].map((one) => one.getBoundingClientRect());
      const x = box.left + 30;
      return { x, isInSight: board.left < x && x < board.right - 60, edge: board.right - 8 };
    });
  let there = await place();
  for (let tries = 0; !there.isInSight && tries < 200; tries += 1) {
    await page.mouse.move(there.edge, from.y);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    there = await place();
  }
  await page.mouse.move(there.x, from.y, { steps: 4 });
  await look?.();
  await page.mouse.up();
}
