// Sends the story with @rudderstack/rudder-sdk-node: node rudder-node.mjs ADDRESS WRITE-KEY
import { createRequire } from "node:module";
import { PAGES, REPORTS, SCREENS, story } from "./story.mjs";

const Analytics = createRequire(import.meta.url)("@rudderstack/rudder-sdk-node");
const [, , dataPlaneUrl, writeKey] = process.argv;
const { before, user, customer, traits, company } = story("rudder-node");
const analytics = new Analytics(writeKey, { dataPlaneUrl, flushAt: 100, flushInterval: 60_000, retryCount: 2 });

analytics.identify({ userId: user, traits });
analytics.group({ userId: user, groupId: customer, traits: company });
for (let number = 0; number < REPORTS; number += 1) {
  analytics.track({ userId: user, event: "Report Exported", properties: { number } });
}
for (let number = 0; number < PAGES; number += 1) analytics.page({ userId: user, name: `Page ${number}` });
for (let number = 0; number < SCREENS; number += 1) analytics.screen({ userId: user, name: `Screen ${number}` });
analytics.alias({ userId: user, previousId: before });

// The first message leaves by itself; the second flush waits for what the first one began.
await analytics.flush();
await analytics.flush();
