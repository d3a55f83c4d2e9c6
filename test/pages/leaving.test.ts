import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startMockServer } from "../../mock-server/node.js";
import type { MockServer } from "../../mock-server/node.js";
import { chromiumPath, startBrowser, startCachingBrowser } from "../godot/lib/page.js";
import { servePlay } from "./lib/play-site.js";
import type { Site } from "../../scripts/lib/site.js";

const missing = chromiumPath === null && process.env["CI"] !== "true" ? " (no Chromium)" : "";
/** What a busy machine may take; nothing waits for it where it is quick. */
const PATIENCE = { timeout: 20_000 };
const entries = ["OverAxios", "OverFetch"] as const;

describe.skipIf(missing !== "")(`a page that is left${missing}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let site: Site;
  let server: MockServer;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    site = await servePlay();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  beforeEach(async () => {
    server = await startMockServer({ port: 0 });
    await open(browser);
  });
  afterEach(async () => {
    await context.close();
    await server.close();
  });

  async function open(where: Browser): Promise<void> {
    context = await where.newContext();
    page = await context.newPage();
    await page.goto(site.url);
  }

  const sessions = () => server.backend.engine.counts().sessions;

  /** Connects a game in the page, which creates an agent. */
  const connect = (entry: (typeof entries)[number], events = true) =>
    page.evaluate(
      async ({ entry, endpoint, events }) => {
        window.agentvm = new window.play[entry]({ endpoint, apiKey: "development-key", events });
        await window.agentvm.connect({ game_id: "left" });
        await window.agentvm.agents.create("aider");
      },
      { entry, endpoint: server.url, events },
    );

  it.each(entries)("for another site tells the server, %s", async (entry) => {
    await connect(entry);
    expect(sessions()).toBe(1);
    await page.goto(`${site.url}/elsewhere`);
    await expect.poll(sessions, PATIENCE).toBe(0);
  });

  it("by reloading tells the server, and has the game's agents again when it names the game", async () => {
    await connect("OverFetch");
    await page.reload();
    await expect.poll(sessions, PATIENCE).toBe(0);
    await connect("OverFetch");
    expect(await page.evaluate(async () => (await window.agentvm.agents.list()).length)).toBe(2);
  });

  it("by closing its tab tells the server", async () => {
    await context.newPage();
    await connect("OverFetch");
    await page.close({ runBeforeUnload: true });
    await expect.poll(sessions, PATIENCE).toBe(0);
  });

  it.each([
    ["with its event stream", true],
    ["without one", false],
  ])("and shown again as it was plays on in the same session, %s", async (_how, events) => {
    await context.close();
    await using caching = await startCachingBrowser();
    await open(caching);
    await connect("OverFetch", events);
    await page.evaluate(() => Object.assign(window, { isTheSame: true }));
    await page.goto(`${site.url}/elsewhere`);
    expect(sessions()).toBe(1);
    await page.goBack({ waitUntil: "commit" });
    expect(await page.evaluate(() => "isTheSame" in window)).toBe(true);
    const status = () => page.evaluate(() => window.agentvm.state.status);
    await expect.poll(status, PATIENCE).toBe(events ? "live" : "idle");
    expect(await page.evaluate(async () => (await window.agentvm.agents.list()).length)).toBe(1);
    expect(sessions()).toBe(1);
    await page.evaluate(() => window.agentvm.close());
    expect(sessions()).toBe(0);
  });

  it("that only says so, and stays, plays on by a session of its own", async () => {
    await connect("OverFetch");
    const goodbye = page.waitForRequest("**/game/disconnect");
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false })));
    await goodbye;
    const agents = () => page.evaluate(async () => (await window.agentvm.agents.list()).length);
    await expect.poll(agents, PATIENCE).toBe(1);
    await expect.poll(() => page.evaluate(() => window.agentvm.state.status), PATIENCE).toBe("live");
    expect(sessions()).toBe(1);
  });

  it("is kept quiet about once the game was disconnected", async () => {
    await connect("OverFetch");
    await page.evaluate(() => window.agentvm.game.disconnect());
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${site.url}/elsewhere`);
    expect(asked).toEqual(["/elsewhere"]);
  });

  it("with a Godot export in it tells the server too", async () => {
    await page.evaluate(
      (endpoint) =>
        new Promise<void>((resolve) => {
          const message = {
            endpoint,
            api_key: "development-key",
            environment: "development",
            timeout_ms: 20_000,
            update_frequency: 30,
            game: { game_name: "Exported" },
          };
          window.agentvmGodot.start(JSON.stringify(message), () => resolve());
        }),
      server.url,
    );
    expect(sessions()).toBe(1);
    await page.goto(`${site.url}/elsewhere`);
    await expect.poll(sessions, PATIENCE).toBe(0);
  });
});
