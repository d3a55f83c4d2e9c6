import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBrowser } from "../godot/lib/page.js";
import { hasNoBrowser } from "./lib/describe-console.js";
import { openGamePage, openOverlay } from "./lib/overlay-console.js";
import { createAgent, giveTask, goTo, picture } from "./lib/screens.js";

/** How many listen to the backend's events; the game itself does not. */
const listeners = (page: Page) =>
  expect.poll(() => page.evaluate(async () => (await window.game.agentvm.system.status()).websocket_clients));

describe.skipIf(hasNoBrowser)("the overlay", { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("asks no server for anything", async () => {
    const { page, asked, errors, close } = await openOverlay(browser);
    await createAgent(page, "Ada");
    await picture(page, "over-a-game");
    expect({ asked, errors }).toEqual({ asked: [], errors: [] });
    await close();
  });

  it("opens with a button, closes with Escape, and gives the focus back", async () => {
    const { page, close } = await openGamePage(browser);
    const button = page.getByRole("button", { name: "Agents" });
    await button.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("dialog", { name: "AgentVM console" });
    await panel.waitFor();
    const inPanel = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("role"));
    expect(await inPanel()).toBe("dialog");
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent);
    await expect.poll(focused).toBe("Agents");
    await close();
  });

  it("keeps the keys that are typed in it from the game", async () => {
    const { page, close } = await openOverlay(browser);
    await page.getByLabel("Name", { exact: true }).fill("");
    await page.getByLabel("Name", { exact: true }).pressSequentially("wasd");
    expect(await page.evaluate(() => window.game.keys)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.evaluate(() => window.game.overlay.close());
    await page.keyboard.press("w");
    expect(await page.evaluate(() => window.game.keys)).toEqual(["w"]);
    await close();
  });

  it("tells of what happened while it was shut", async () => {
    const { page, createOutside, close } = await openGamePage(browser);
    await listeners(page).toBe(1);
    await createOutside("Ada");
    await page.getByRole("button", { name: "Agents" }).click();
    await page.getByRole("navigation").getByRole("button", { name: "Events" }).click();
    await page.getByText("agent.created").waitFor();
    await close();
  });

  it("works in a frame that may run scripts and nothing else", async () => {
    const { page, errors, close } = await openGamePage(browser, {}, "framed");
    const frame = page.frameLocator("iframe");
    await frame.getByRole("button", { name: "Agents" }).click();
    await frame.getByText("live", { exact: true }).waitFor();
    const form = frame.getByRole("form", { name: "Create an agent" });
    await form.getByLabel("Name").fill("Ada");
    await form.getByRole("button", { name: "Create" }).click();
    await frame.getByRole("button", { name: /^Ada, idle, at/ }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it("works over a backend whose clock stands still, through a restart too", async () => {
    const { page, close } = await openGamePage(browser, {}, "#manual");
    await page.getByRole("button", { name: "Agents" }).click();
    await page.getByText("live", { exact: true }).waitFor();
    await giveTask(page, "Wait for somebody");
    await createAgent(page, "Ada");
    await page.getByRole("button", { name: "Ada, thinking, at 0, 0" }).waitFor();
    const time = page.getByRole("group", { name: "Clock of the backend" }).getByRole("time");
    expect(await time.getAttribute("datetime")).toBe("2026-01-01T00:00:00.000Z");
    await page.getByRole("button", { name: "Step 1 second" }).click();
    await expect.poll(() => time.getAttribute("datetime")).toBe("2026-01-01T00:00:01.000Z");
    await goTo(page, "Backend");
    await page.getByRole("button", { name: "Step 10 minutes" }).click();
    await page.getByText("10 minutes passed.").waitFor();
    await page.getByRole("button", { name: "Begin anew from the same seed" }).click();
    await page.getByRole("button", { name: "Really let all agents and tasks go?" }).click();
    await expect.poll(() => time.getAttribute("datetime")).toBe("2026-01-01T00:00:00.000Z");
    await goTo(page, "Agents");
    await page.getByText("There is no agent yet.").waitFor();
    await createAgent(page, "Bo");
    await page.getByRole("button", { name: "Bo, idle, at 0, 0" }).waitFor();
    await close();
  });

  it("says so when a screen that is loaded later cannot be, and loads it when that is mended", async () => {
    const { page, close } = await openOverlay(browser);
    await page.route("**/screens-*.js", (route) => route.abort());
    await goTo(page, "Charts");
    await page.getByRole("alert").getByText("This screen cannot be loaded").waitFor();
    await page.unroute("**/screens-*.js");
    await page.reload();
    await page.getByRole("button", { name: "Agents" }).click();
    await goTo(page, "Charts");
    await page.getByText("Task duration").waitFor();
    await close();
  });

  it("leaves nothing behind when it is closed, and the backend goes on", async () => {
    const { page, agents, createOutside, close } = await openGamePage(browser);
    await createOutside("Ada");
    await page.evaluate(() => {
      window.game.overlay.close();
      window.game.overlay.close();
    });
    await listeners(page).toBe(0);
    expect(await page.locator("[data-agentvm-console]").count()).toBe(0);
    expect(await agents()).toHaveLength(1);
    await close();
  });

  it("does not outdate the moves that the game sends after its own", async () => {
    const { page, agents, close } = await openOverlay(browser);
    await createAgent(page, "Ada");
    await page.getByRole("button", { name: "Ada, idle, at 0, 0" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "Ada, idle, at 1, 0" }).waitFor();
    const [ada] = await agents();
    const applied = await page.evaluate(async (id) => {
      const { agentvm } = window.game;
      const to = { position: { x: 5, y: 0, z: 5 }, sequence: 1 };
      return (await agentvm.agents.move(id, to, {})).applied;
    }, String(ada?.id));
    expect(applied).toBe(true);
    await close();
  });
});
