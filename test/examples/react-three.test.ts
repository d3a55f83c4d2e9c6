import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Site } from "../../scripts/lib/site.js";
import { buildExample } from "../../scripts/lib/web-game.js";
import { root } from "../../scripts/lib/workspace.js";
import { chromiumPath, serveFolder, startBrowser } from "../godot/lib/page.js";

const missing = chromiumPath === null && process.env["CI"] !== "true" ? " (no Chromium)" : "";
/** What a busy machine may take; nothing waits for it where it is quick. */
const PATIENCE = { timeout: 30_000 };

describe.skipIf(missing !== "")(`the example with react-three-fiber${missing}`, { timeout: 90_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-react-three-"));
  let site: Site;
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];
  const keep = (name: string) => page.screenshot({ path: join(root, `test/output/react-three/${name}.png`) });
  beforeAll(async () => {
    await buildExample(join(root, "examples/react-three"), folder);
    site = await serveFolder(folder);
    browser = await startBrowser();
    page = await (await browser.newContext({ viewport: { width: 1000, height: 640 } })).newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // three says of an old way of its own that fiber still goes.
      if (message.type() === "error") faults.push(message.text());
    });
    await page.goto(site.url);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("seats its team, each under a tag of its own", async () => {
    await expect.poll(() => page.locator(".tag").count(), PATIENCE).toBe(5);
    const places = () => page.locator(".tag").evaluateAll((tags) => tags.map(({ style }) => style.transform));
    await expect.poll(async () => new Set(await places()).size, PATIENCE).toBe(5);
  });

  it("gives a task to whoever is clicked in the room, who asks first", async () => {
    const tag = await page.locator(".tag", { hasText: "Claude ·" }).first().boundingBox();
    if (tag === null) throw new Error("Nobody has that tag.");
    // Below the tag is the head that it belongs to.
    await page.mouse.click(tag.x + tag.width / 2, tag.y + tag.height + 50);
    const chosen = page.getByRole("button", { name: "Claude", exact: true });
    await expect.poll(() => chosen.getAttribute("aria-pressed"), PATIENCE).toBe("true");
    await page.getByRole("button", { name: "Give it" }).click();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.count(), PATIENCE).toBe(1);
    expect(await dialog.innerText()).toContain("May I change player.ts?");
    expect(await page.locator(".tag", { hasText: "Claude ?" }).innerText()).toContain("waiting");
    await keep("asking");
    await dialog.getByRole("button").first().click();
    await expect.poll(() => dialog.count(), PATIENCE).toBe(0);
  });

  it("lets the player accept what was changed, and has complained of nothing", async () => {
    const accept = page.getByRole("button", { name: "Accept" });
    await expect.poll(() => accept.count(), PATIENCE).toBe(1);
    await keep("done");
    await accept.click();
    await expect.poll(() => page.locator("aside").innerText(), PATIENCE).toContain("The work was accepted.");
    expect(faults).toEqual([]);
  });
});
