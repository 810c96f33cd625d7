// What every SDK is asked to send: one message or more of each kind, so that what arrives can be counted.
export const REPORTS = 25;
export const PAGES = 3;
export const SCREENS = 2;

// Ids of their own for each SDK, so that none counts what another sent.
export function story(sdk) {
  return {
    before: `${sdk}-anonymous`,
    user: `${sdk}-user`,
    customer: `${sdk}-customer`,
    traits: { email: `user@${sdk}.example`, name: "Kim Albers" },
    company: { name: `Company of ${sdk}`, plan: "enterprise" },
  };
}

// The events that must be there afterwards, by name: identify, group and alias say who somebody is and count as none.
export const EXPECTED = {
  "Report Exported": REPORTS,
  "Page viewed": PAGES,
  "Screen viewed": SCREENS,
};
