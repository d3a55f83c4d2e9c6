import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Site } from "../../scripts/lib/site.js";
import { chromiumPath, startBrowser } from "../godot/lib/page.js";
import { renderOnServer, serveOffice } from "./lib/serve-office.js";

const missing = chromiumPath === null && process.env["CI"] !== "true" ? " (no Chromium)" : "";
/** What a busy machine may take; nothing waits for it where it is quick. */
const PATIENCE = { timeout: 10_000 };

describe("on a server", () => {
  it("the page is rendered without a client, and says that nobody is there yet", () => {
    expect(renderOnServer()).toContain('<p id="connection">idle</p>');
  });
});

describe.skipIf(missing !== "")(`a page in React, in StrictMode${missing}`, { timeout: 60_000 }, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    site = await serveOffice();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  afterEach(() => page.context().close());

  async function open(path = "/"): Promise<void> {
    page = await (await browser.newContext()).newPage();
    faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
    });
    await page.goto(site.url + path);
    await page.evaluate(() => window.office.show());
  }
  const click = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const says = (selector: string, text: string | RegExp) =>
    expect.poll(() => page.locator(selector).innerText(), PATIENCE).toMatch(text);
  const characters = () => page.locator("li").allInnerTexts();

  it("connects once, and is live", async () => {
    await open();
    await says("#connection", /^live$/);
    expect(await page.evaluate(() => window.office.made())).toBe(1);
    expect(faults).toEqual([]);
  });

  it("takes over what the server has rendered, without a word of complaint", async () => {
    await open("/rendered");
    await says("#connection", /^live$/);
    expect(faults).toEqual([]);
  });

  it("shows agents as they come, and renders each for its own changes alone", async () => {
    await open();
    await says("#connection", /^live$/);
    await click("Hire");
    await click("Hire");
    await expect.poll(characters, PATIENCE).toEqual(["Aider is idle", "Aider 2 is idle"]);
    const before = await page.evaluate(() => ({ ...window.office.renders }));
    await page.evaluate(async () => {
      const { agents } = window.office.agentvm();
      const [, other] = await agents.list();
      for (let x = 1; x <= 5; x += 1) await agents.move(other?.id ?? "", { x, y: 0, z: 0 });
    });
    await expect
      .poll(() => page.evaluate(() => window.office.renders["Aider 2"]), PATIENCE)
      .toBeGreaterThan(before["Aider 2"] ?? 0);
    expect(await page.evaluate(() => window.office.renders["Aider"])).toBe(before["Aider"]);
  });

  it("asks the player, and shows the task until its changes are accepted", async () => {
    await open();
    await says("#connection", /^live$/);
    await click("Hire");
    await expect.poll(characters, PATIENCE).toEqual(["Aider is idle"]);
    await click("Assign");
    await expect
      .poll(async () => {
        await page.evaluate(() => window.office.backend.clock.advance(1_000));
        return page.locator("dialog").count();
      }, PATIENCE)
      .toBe(1);
    await says("dialog p", "May I write player.ts?");
    await page.locator("dialog button").first().click();
    await expect.poll(() => page.locator("dialog").count(), PATIENCE).toBe(0);
    await expect
      .poll(async () => {
        await page.evaluate(() => window.office.backend.clock.advance(5_000));
        return page.locator("output").innerText();
      }, PATIENCE)
      .toBe("completed open");
    await click("Accept");
    await says("output", /^completed accepted$/);
    expect(faults).toEqual([]);
  });

  it("says why a task is not known", async () => {
    await open();
    await says("#connection", /^live$/);
    await click("Look at a task that is not there");
    await says("output", /task_nowhere/);
  });

  it("says why it is not connected, and connects when it is told to try again", async () => {
    await open("/?broken");
    await page.evaluate(() => {
      window.office.leave();
      window.office.breakKey(true);
      window.office.show();
    });
    await says("#connection", /key/i);
    await page.evaluate(() => window.office.breakKey(false));
    await click("Try again");
    await says("#connection", /^live$/);
  });

  it("ends its session when it is taken down, and leaves nothing listening", async () => {
    await open();
    await says("#connection", /^live$/);
    await page.evaluate(() => window.office.leave());
    const state = () => page.evaluate(() => window.office.agentvm().state.status);
    await expect.poll(state, PATIENCE).toBe("closed");
    expect(await page.evaluate(() => window.office.agentvm().stats())).toMatchObject({ listeners: 0 });
    expect(faults).toEqual([]);
  });
});
