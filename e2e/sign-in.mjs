// Signs in through a real OpenID provider, run here: node sign-in.mjs PATH-OF-GANGWAY
// First admin with a password, a colleague invited and joining through the provider, then the admin linked by address.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";
import { accessible, check, fits, run } from "./lib.mjs";

const gangway = process.argv[2];
const name = "identity provider";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const origin = `http://127.0.0.1:${await freePort()}`;
const issuer = `http://127.0.0.1:${await freePort()}`;
const client = {
  client_id: "gangway",
  client_secret: "a secret: with / signs",
  redirect_uris: [`${origin}/sign-in/callback`],
};

// Whoever signs in there as `ines` is ines@example.com; the provider tells addresses only where one asks for them.
const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true, name: `${id} of Northbeam` }),
  }),
  cookies: { keys: ["only for this test"] },
});
const listening = provider.listen(Number(new URL(issuer).port), "127.0.0.1");
await once(listening, "listening");

const data = mkdtempSync(join(tmpdir(), "gangway-sign-in-"));
const server = spawn(gangway, ["serve", "--listen", new URL(origin).host, "--data", data], {
  env: {
    ...process.env,
    RUST_LOG: "warn",
    GANGWAY_OIDC_ISSUER: issuer,
    GANGWAY_OIDC_CLIENT_ID: client.client_id,
    GANGWAY_OIDC_CLIENT_SECRET: client.client_secret,
    GANGWAY_OIDC_NAME: "Example ID",
  },
  stdio: ["ignore", "pipe", "inherit"],
});
// `run` ends the process.
process.on("exit", () => {
  server.kill();
  rmSync(data, { recursive: true, force: true });
});
const said = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
await said.next();
const setup = (await said.next()).value.split(" ").pop();

// Signs in at the provider and agrees to what Gangway asks for.
async function atProvider(page, login) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function person(browser, look) {
  const context = await browser.newContext();
  await look(await context.newPage());
  await context.close();
}

await run(async (browser) => {
  let invitation;
  await person(browser, async (page) => {
    await page.goto(setup);
    await page.getByLabel("Your company").fill("Northbeam Software");
    await page.getByLabel("Your name").fill("Ines Okafor");
    await page.getByLabel("Mail address").fill("ines@example.com");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Mail address").fill("jonas@example.com");
    await page.getByRole("radio", { name: /^Viewer/ }).check();
    await page.getByRole("button", { name: "Invite" }).click();
    invitation = await page.locator("code.secret").innerText();
  });
  await person(browser, async (page) => {
    await page.goto(invitation);
    await fits(page, `${name}, join`);
    await accessible(page, `${name}, join`);
    await page.getByRole("link", { name: "Join with Example ID" }).click();
    await atProvider(page, "jonas");
    await page.getByRole("heading", { name: "Onboardings" }).waitFor();
    check(page.url().startsWith(origin), `${name}: the invited colleague is in`);
  });
  await person(browser, async (page) => {
    await page.goto(`${origin}/settings/audit`);
    await fits(page, `${name}, sign in`);
    await accessible(page, `${name}, sign in`);
    await page.getByRole("link", { name: "Continue with Example ID" }).click();
    await atProvider(page, "ines");
    await page.getByText("linked their account to Example ID").waitFor();
    check(page.url() === `${origin}/settings/audit`, `${name}: signing in leads to where one wanted to go`);
  });
  await person(browser, async (page) => {
    await page.goto(`${origin}/sign-in`);
    await page.getByRole("link", { name: "Continue with Example ID" }).click();
    await atProvider(page, "stranger");
    await page.getByRole("heading", { name: "You are not in a team here yet" }).waitFor();
    await accessible(page, `${name}, stranger`);
    check((await page.context().cookies(origin)).every((cookie) => cookie.name !== "gangway"), `${name}: a stranger gets no session`);
  });
});
