// Sends the story with @segment/analytics-node: node segment-node.mjs ADDRESS WRITE-KEY
import { Analytics } from "@segment/analytics-node";
import { PAGES, REPORTS, SCREENS, story } from "./story.mjs";

const [, , host, writeKey] = process.argv;
const { before, user, customer, traits, company } = story("segment-node");
const analytics = new Analytics({ writeKey, host, flushAt: 10, flushInterval: 200, maxRetries: 2 });
const errors = [];
analytics.on("error", (error) => errors.push(JSON.stringify(error)));

analytics.identify({ userId: user, traits });
analytics.group({ userId: user, groupId: customer, traits: company });
for (let number = 0; number < REPORTS; number += 1) {
  analytics.track({ userId: user, event: "Report Exported", properties: { number } });
}
for (let number = 0; number < PAGES; number += 1) analytics.page({ userId: user, name: `Page ${number}` });
for (let number = 0; number < SCREENS; number += 1) analytics.screen({ userId: user, name: `Screen ${number}` });
analytics.alias({ userId: user, previousId: before });

await analytics.closeAndFlush({ timeout: 20_000 });
if (errors.length > 0) {
  console.error(errors.join("\n"));
  process.exit(1);
}
