// Moves a bar of the Gantt chart, and gives it other days by its end: with the mouse where there are scripts, with the
// keyboard alone everywhere. What would follow is seen first; what happened stands in the ledger and is taken back, so that
// the story goes on as it was.
import { check } from "./lib.mjs";
import { ledger } from "./ledger.mjs";

const dayOf = (text) => Date.parse(text) / 86_400_000;
const dayAfter = (text, days) => new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10);
const later = 14;

export async function drags(story, name, scripts) {
  const before = await ledger(story.page, `${story.at}/plan/ledger`);
  const bar = await lastCritical(story);
  if (scripts) await withMouse(story, name, bar, before);
  if (scripts) await byItsEnd(story, name, bar, before);
  await withKeyboard(story, name, bar, before);
}

// The critical task that nobody has begun and that comes last: what moves it moves the go-live.
async function lastCritical(story) {
  await story.goto("/plan?view=gantt");
  const bars = await story.page.locator("rect.critical[data-gantt-target=bar]").evaluateAll((bars) =>
    bars.map((bar) => ({ ...bar.dataset, title: bar.parentElement.querySelector("title").textContent })),
  );
  bars.sort((one, two) => (one.start < two.start ? -1 : 1));
  const { code, start, title } = bars.findLast((bar) => story.tasks.some((task) => task.code === bar.code));
  return { code, start, title, task: story.tasks.find((task) => task.code === code).name };
}

async function withMouse(story, name, bar, before) {
  const { page } = story;
  const day = Number(await page.locator(".gantt").getAttribute("data-gantt-day-value"));
  // Back to where it was: nobody is asked anything.
  await drag(page, bar.code, [3 * day, 0]);
  check(new URL(page.url()).pathname.endsWith("/plan"), `${name}: a bar put back where it was asks nothing`);
  await heldAtTheEdge(page, name, bar.code);
  await drag(page, bar.code, [later * day]);
  const then = await consequences(story, name, `dragging “${bar.task}”`, bar, before);
  const same = await ledger(page, `${story.at}/plan/ledger`);
  check(same.now === before.now, `${name}: dragging alone changes nothing`);
  await story.goto("/plan?view=gantt");
  await drag(page, bar.code, [later * day]);
  await page.getByRole("button", { name: "Change the plan" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor();
  const moved = await page.locator(`rect[data-code="${bar.code}"]`).getAttribute("data-start");
  check(moved >= dayAfter(bar.start, later), `${name}: the bar lies where it was dragged: ${moved}`);
  await kept(story, name, bar, before, then);
  await page.getByRole("button", { name: /^Take back number/ }).first().click();
  await page.locator(".toast", { hasText: "Taken back" }).waitFor();
  const after = await ledger(page, `${story.at}/plan/ledger`);
  check(after.now === before.now, `${name}: taken back, the go-live is what it was`);
}

// A week more by its end, in working days: seen first, then kept, then taken back.
async function byItsEnd(story, name, bar, before) {
  const { page } = story;
  await story.goto("/plan?view=gantt");
  const day = Number(await page.locator(".gantt").getAttribute("data-gantt-day-value"));
  await drag(page, bar.code, [7 * day, 0], true);
  check(new URL(page.url()).pathname.endsWith("/plan"), `${name}: an end put back where it was asks nothing`);
  await drag(page, bar.code, [7 * day], true);
  await page.getByRole("heading", { name: "What would follow" }).waitFor();
  const asked = page.locator("section[aria-labelledby=decide] form");
  const [days, was] = [Number(await asked.locator("input[name=days]").inputValue()), Number(await asked.locator("input[name=days_was]").inputValue())];
  check(days > was && days - was <= 5, `${name}: a week more of “${bar.task}” is ${days - was} working days more`);
  check(await page.getByText(`takes ${days} working days instead of ${was}`).first().isVisible(), `${name}: and what would follow says so`);
  const row = page.locator("section[aria-labelledby=would] tbody tr").first();
  const then = dayOf(await row.locator("td[data-label=Then] time").getAttribute("datetime"));
  check(then > before.now, `${name}: with the later go-live`);
  await story.look("a longer task");
  await page.getByRole("button", { name: "Change the plan" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor();
  await kept(story, name, bar, before, then);
  await page.getByRole("button", { name: /^Take back number/ }).first().click();
  await page.locator(".toast", { hasText: "Taken back" }).waitFor();
  const after = await ledger(page, `${story.at}/plan/ledger`);
  check(after.now === before.now, `${name}: taken back, the task has the days it had`);
}

// From the chart to the task, to what would follow, to the change: not one click.
async function withKeyboard(story, name, bar, before) {
  const { page } = story;
  await story.goto("/plan?view=gantt");
  const link = page.locator(".gantt-names").getByRole("link", { name: bar.task, exact: true });
  await link.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: bar.task }).waitFor();
  await page.getByLabel("Not before").focus();
  await page.getByLabel("Not before").fill(dayAfter(bar.start, later));
  await page.keyboard.press("Enter");
  const then = await consequences(story, name, `moving “${bar.task}” by keyboard`, bar, before);
  await page.getByRole("button", { name: "Change the plan" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: bar.task }).waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor();
  await kept(story, name, bar, before, then);
  await page.getByRole("button", { name: /^Take back number/ }).first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "Taken back" }).waitFor();
  const after = await ledger(page, `${story.at}/plan/ledger`);
  check(after.now === before.now, `${name}: taken back by keyboard, the go-live is what it was`);
}

// Held where the days in sight begin, a bar brings those before them into sight, and the bar stays under the pointer.
async function heldAtTheEdge(page, name, code) {
  const at = await hold(page, code);
  const chart = () => page.locator(".gantt").evaluate((chart) => chart.scrollLeft);
  if (at.scrolled > 0) {
    await page.mouse.move(at.left + 4, at.y, { steps: 4 });
    for (let tries = 0; (await chart()) === at.scrolled && tries < 200; tries += 1) await frame(page);
    check((await chart()) < at.scrolled, `${name}: a bar held at the edge brings earlier days into sight`);
    const moved = await page.locator(`rect[data-code="${code}"]`).getAttribute("transform");
    check(/^translate\(-\d+ 0\)$/.test(moved ?? ""), `${name}: and goes along: ${moved}`);
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
  const left = await page.locator(`rect[data-code="${code}"]`).getAttribute("transform");
  check(left === null && new URL(page.url()).pathname.endsWith("/plan"), `${name}: Escape leaves it where it was`);
}

// Drags a bar, or its end, by ways in pixels of the picture, one after the other, and lets it go.
async function drag(page, code, ways, end = false) {
  const at = await hold(page, code, end);
  for (const way of ways) {
    // What does not fit comes into sight while the pointer is at the edge, and counts as moved.
    let there = await place(page, at, way);
    for (let tries = 0; there.x > there.right - 60 && tries < 200; tries += 1) {
      await page.mouse.move(there.right - 8, at.y);
      await frame(page);
      there = await place(page, at, way);
    }
    await page.mouse.move(there.x, at.y, { steps: 6 });
    await page.mouse.move((await place(page, at, way)).x, at.y);
  }
  await page.mouse.up();
}

const frame = (page) => page.evaluate(() => new Promise(requestAnimationFrame));

// Where the pointer must be for a way from where it was put down, and where the chart ends.
async function place(page, at, way) {
  const { scrolled, right } = await page.locator(".gantt").evaluate((chart) => ({
    scrolled: chart.scrollLeft,
    right: chart.getBoundingClientRect().right,
  }));
  return { x: at.x + way - (scrolled - at.scrolled), right };
}

// Puts the pointer down on a bar, or on its end.
async function hold(page, code, end = false) {
  const at = await page.locator(`rect[data-code="${code}"]`).evaluate((bar, end) => {
    const chart = bar.closest(".gantt");
    chart.scrollIntoView({ block: "start", behavior: "instant" });
    // Names at the left and days at the top lie over what is scrolled under them.
    const names = chart.querySelector(".gantt-names");
    const head = chart.querySelector(".gantt-head").getBoundingClientRect().height;
    const held = end ? bar.parentElement.querySelector(".edge") : bar;
    chart.scrollLeft = Number(held.getAttribute("x")) - 20;
    chart.scrollTop = Number(bar.getAttribute("y")) - head;
    const box = held.getBoundingClientRect();
    const point = { x: box.left + Math.min(box.width / 2, 6), y: box.top + box.height / 2 };
    if (document.elementFromPoint(point.x, point.y) !== held) throw new Error(`something lies over the bar, ${names.offsetWidth} ${head}`);
    return { ...point, scrolled: chart.scrollLeft, left: names.getBoundingClientRect().right };
  }, end);
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  return at;
}

// The page of consequences; gives the go-live it announces.
async function consequences(story, name, step, bar, before) {
  const { page } = story;
  await page.getByRole("heading", { name: "What would follow" }).waitFor();
  const form = page.locator("section[aria-labelledby=decide] form");
  const asked = await form.locator("input[name=not_before]").inputValue();
  check(asked === dayAfter(bar.start, later), `${name}: ${step} asks for ${dayAfter(bar.start, later)}, not ${asked}`);
  const row = page.locator("section[aria-labelledby=would] tbody tr").first();
  const then = dayOf(await row.locator("td[data-label=Then] time").getAttribute("datetime"));
  check(then > before.now, `${name}: ${step} shows the later go-live`);
  await story.look(step);
  return then;
}

// The last line of the ledger is the move, and its page is open.
async function kept(story, name, bar, before, then) {
  const after = await ledger(story.page, `${story.at}/plan/ledger`);
  const line = after.lines.at(-1);
  check(line.summary.includes(bar.task), `${name}: the ledger has the move: ${line.summary}`);
  check(line.days === then - before.now && after.now === then, `${name}: by the ${then - before.now} days that were shown, not ${line.days}`);
  // The pages read last were older ones.
  await story.goto("/plan/ledger");
}
