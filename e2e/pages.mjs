// The pages an onboarding is run on: each opened, and each of what they list.
import { check } from "./lib.mjs";

const lists = [
  "/plan?view=list",
  "/plan?view=board",
  "/plan?view=calendar",
  "/plan?view=gantt",
  "/plan/ledger",
  "/plan/calendars",
  "/plan/people",
  "/tasks/new",
  "/tasks/templates",
  "/tasks/templates/security-review",
  "/series",
  "/series/new",
  "/register",
  "/register?kind=issue",
  "/register?kind=decision",
  "/register?kind=action",
  "/changes",
  "/meetings",
  "/escalations",
  "/reports",
  "/impact",
  "/impact/value",
  "/impact/promises",
  "/impact/scorecard",
  "/impact/complete",
  "/impact/workshop",
  "/health",
  "/health/what-if",
  "/health/review",
  "/training",
  "/training/learners",
  "/training/trainers",
  "/training/library",
  "/usage",
  "/feedback",
  "/forms",
  "/portal",
  "/programme",
  "/go-live",
  "/go-live/pilot",
  "/go-live/rollout",
  "/go-live/hypercare",
  "/go-live/rollback",
  "/transition",
  "/closing",
  "/people",
  "/people/relations",
  "/people/resistance",
  "/people/communication",
  "/people/raci",
];

// One of each thing, by the page that lists it.
const things = [
  ["task", "/plan?view=list", "table.tasks th a"],
  ["milestone", "/plan?view=list", "section[aria-labelledby=gates] th a"],
  ["risk", "/register", "table.register th a"],
  ["change request", "/changes", "section[aria-labelledby=requests] a"],
  ["coming meeting", "/meetings", "section[aria-labelledby=coming] a"],
  ["meeting that is over", "/meetings", "section[aria-labelledby=over] a"],
  ["escalation", "/escalations", "section[aria-labelledby=raised] a"],
  ["report", "/reports", "section[aria-labelledby=reports] a"],
  ["person", "/people", "main table th a[href*='/people/']"],
  ["learner", "/training/learners", "main table th a[href*='/training/learners/']"],
];

// The same where the plan or the customer may have brought none yet.
const perhaps = [
  ["session of training", "/training", "main a[href*='/training/sessions/']:not([href$='.ics'])"],
  ["attempt", "/training", "main a[href*='/training/attempts/']"],
  ["outcome", "/impact", "main a[href*='/impact/out_']"],
  ["survey", "/feedback", "main ul.list strong a[href*='/feedback/']"],
  ["form", "/forms", "main ul.list strong a[href*='/forms/']"],
];

async function open(page, origin, customer) {
  await page.goto(`${origin}/onboardings?state=all&q=${encodeURIComponent(customer)}`);
  await page.locator("table.portfolio").getByRole("link", { name: customer }).click();
  await page.getByRole("heading", { level: 1, name: customer }).waitFor();
  return page.url().split("?")[0];
}

// Every page of an onboarding that runs, and one of each thing they list.
export async function runningPages(page, origin, customer, name, look) {
  const address = await open(page, origin, customer);
  for (const path of lists) {
    const answer = await page.goto(address + path);
    check(answer.ok(), `${name}: ${path} opens`);
    await look();
  }
  for (const [thing, path, link] of things) {
    const there = await openFirst(page, address + path, link);
    check(there, `${name}: ${path} lists a ${thing}`);
    if (there) await look();
  }
  for (const [thing, path, link] of perhaps) {
    if (await openFirst(page, address + path, link)) await look();
    else console.log(`  ${name}: ${path} lists no ${thing}`);
  }
}

// Opens the first page a list leads to.
export async function openFirst(page, list, link) {
  await page.goto(list);
  const first = page.locator(link).first();
  if (!(await first.isVisible())) return false;
  await page.goto(await first.evaluate((link) => link.href));
  return true;
}
