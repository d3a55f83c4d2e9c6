import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, startBrowser } from "../godot/lib/page.js";
import { startServe } from "../stream/faults/serve-process.js";
import type { ServeProcess } from "../stream/faults/serve-process.js";
import { servePlay } from "./lib/play-site.js";
import type { Site } from "../../scripts/lib/site.js";

const missing = chromiumPath === null && process.env["CI"] !== "true" ? " (no Chromium)" : "";

describe.skipIf(missing !== "")(`a page that is reloaded${missing}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let site: Site;
  let server: ServeProcess;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    site = await servePlay();
    browser = await startBrowser();
    server = await startServe(["--max-agents", "14"]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
    await server.stop("SIGTERM");
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(site.url);
  });
  afterEach(() => context.close());

  /** Connects the game of a page, and tells which session it has. */
  const connect = (where: Pick<Page, "evaluate">, own = false): Promise<string> =>
    where.evaluate(
      async ({ endpoint, own }) => {
        window.agentvm = new window.play.OverFetch({ endpoint, apiKey: "development-key" });
        const resume = own || sessionStorage;
        const { session_id, game_id } = await window.agentvm.connect({ game_name: "Office", resume });
        return `${game_id} ${session_id}`;
      },
      { endpoint: `http://127.0.0.1:${server.port}`, own },
    );
  const create = (where: Page, count: number): Promise<string> =>
    where.evaluate(async (count) => {
      try {
        for (let made = 0; made < count; made += 1) await window.agentvm.agents.create("aider");
        return "created";
      } catch (error) {
        return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "failed";
      }
    }, count);
  const agents = (where: Page): Promise<string[]> =>
    where.evaluate(async () => (await window.agentvm.agents.list()).map(({ id }) => id));

  it("has the twelve agents that it had, and room for two more", async () => {
    const session = await connect(page);
    await create(page, 12);
    const before = await agents(page);
    expect(before).toHaveLength(12);
    await page.reload();
    expect(await connect(page)).toBe(session);
    expect(await agents(page)).toEqual(before);
    expect(await page.evaluate(() => window.agentvm.state.status)).toBe("live");
    expect(await create(page, 2)).toBe("created");
    expect(await create(page, 1)).toBe("agent_limit_reached");
    await page.evaluate(() => window.agentvm.game.disconnect());
  });

  it("has them after it was closed by its own code too, and a new game after a disconnect", async () => {
    const session = await connect(page, true);
    await create(page, 2);
    await page.evaluate(() => window.agentvm.close());
    await page.reload();
    expect(await connect(page, true)).toBe(session);
    expect(await agents(page)).toHaveLength(2);
    await page.evaluate(() => window.agentvm.game.disconnect());
    await page.reload();
    expect(await connect(page, true)).not.toBe(session);
    expect(await agents(page)).toHaveLength(0);
    expect(await create(page, 14)).toBe("created");
    await page.evaluate(() => window.agentvm.game.disconnect());
  });

  it("plays beside its duplicate, which goes on when the first tab is closed or disconnects", async () => {
    const session = await connect(page);
    await create(page, 1);
    const opening = context.waitForEvent("page");
    // A page that another opens has a copy of its storage, as a tab that is duplicated.
    await page.evaluate(() => void window.open(location.href));
    const other = await opening;
    await other.waitForFunction(() => "play" in window);
    expect(await connect(other)).toBe(session);
    const both = await agents(page);
    await page.reload();
    expect(await connect(page)).toBe(session);
    expect(await agents(other)).toEqual(both);
    await page.evaluate(() => window.agentvm.game.disconnect());
    expect(await agents(other)).toEqual(both);
    await expect
      .poll(() => other.evaluate(() => window.agentvm.state.status), { timeout: 20_000 })
      .toBe("live");
    await other.evaluate(() => window.agentvm.game.disconnect());
  });

  it("in a sandboxed frame, which has no storage, begins anew", async () => {
    await page.evaluate((url) => {
      const frame = document.createElement("iframe");
      frame.sandbox.add("allow-scripts");
      frame.src = url;
      document.body.replaceChildren(frame);
    }, site.url);
    const frame = page.frames().at(-1);
    if (frame === undefined || frame === page.mainFrame()) throw new Error("There is no frame.");
    await frame.waitForFunction(() => "play" in window);
    const first = await frame.evaluate(async () => {
      const agentvm = new window.play.OverFetch(window.play.createMockBackend().connection());
      const { session_id } = await agentvm.connect({ resume: true });
      await agentvm.close();
      return session_id;
    });
    expect(first).toMatch(/\w/);
  });
});
