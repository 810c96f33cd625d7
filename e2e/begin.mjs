// How stories on an installation of their own begin: somebody signs up, a deal becomes an onboarding, its kickoff is held.
import { accessible, fits } from "./lib.mjs";

// The customer of every such story.
export const customer = "Harbourline Logistics";

// A deal of that customer: what every story says of it, the facts of one, and the people it names.
export function dealOf(facts, people) {
  const known = [["Company name", customer], ["Product", "Enterprise platform"], ["ACV", "$95,000"], ["Use case", "supply chain visibility"]];
  const lines = [...known, ...facts].map(([name, value]) => `- **${name}:** ${value}`);
  const rows = people.map(([who, title, role, email]) => `| ${who} | ${title} | ${role} | ${email} | |`);
  return `# Customer handoff: ${customer}
${lines.join("\n")}

## Stakeholders
| Name | Title | Role | Contact | Notes |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

// Whoever runs the onboarding, with the page before them.
export class Beginning {
  constructor(page, { name, javaScriptEnabled }) {
    Object.assign(this, { page, name, javaScriptEnabled });
  }

  async look(step, page = this.page) {
    await fits(page, `${this.name}, ${step}`);
    await accessible(page, `${this.name}, ${step}`);
  }

  // Without scripts what was said may cover a button: the keyboard reaches it.
  async press(button, within = this.page) {
    const found = within.getByRole("button", { name: button, exact: true }).first();
    await (this.javaScriptEnabled ? found.click() : found.press("Enter"));
  }

  // The first admin signs up.
  async signUp(setup) {
    const { page } = this;
    await page.goto(setup);
    await page.getByLabel("Your company").fill("Northbeam Software");
    await page.getByLabel("Your name").fill("Ines Okafor");
    await page.getByLabel("Mail address").fill("ines@northbeam.example");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await page.getByRole("heading", { name: "No onboarding yet" }).waitFor();
  }

  // An onboarding that runs: gives the path of its page.
  async onboard(deal) {
    const { page } = this;
    await page.locator("#deal").fill(deal);
    await this.press("Generate the package");
    await page.getByRole("heading", { level: 1, name: customer }).waitFor();
    const path = new URL(page.url()).pathname;
    await page.locator("summary", { hasText: "Kickoff held" }).click();
    await this.press("The kickoff was held");
    await page.locator(".head .tag", { hasText: "Running" }).waitFor();
    return path;
  }
}
