import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "./lib/axe.js";
import { hasNoBrowser } from "./lib/describe-console.js";
import { openOverlay } from "./lib/overlay-console.js";
import { createAgent, giveTask, goTo, picture } from "./lib/screens.js";
import { useBrowser } from "./lib/use-browser.js";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(hasNoBrowser)("a console over a backend for workers", { timeout: 60_000 }, () => {
  const keep = useBrowser();

  /** A task that waits for a worker. */
  async function start(options: BrowserContextOptions = {}): Promise<Page> {
    const opened = await keep((browser) => openOverlay(browser, options, "#workers"));
    await createAgent(opened.page, "Ada");
    await giveTask(opened.page, "Fix the jump");
    return opened.page;
  }
  /** A worker comes, as a process of its own does. */
  const join = (page: Page): Promise<string> =>
    page.evaluate(async () => {
      const worker = { name: "desk-1", agent_types: ["aider", "claude"], slots: 2, version: "1.2" };
      return (await window.game.agentvm.workers.join(worker)).worker_id;
    });
  const claim = (page: Page, id: string) =>
    page.evaluate((given) => window.game.agentvm.workers.claim(given), id);
  const workers = (page: Page): Locator => page.getByRole("region", { name: "Workers" });

  it("says which worker a task waits for", async () => {
    const page = await start();
    const words = "Waiting for a worker that serves 'aider'.";
    await page
      .getByRole("button", { name: /^Fix the jump .*Waiting for a worker that serves 'aider'\./ })
      .waitFor();
    await goTo(page, "Events");
    await page.getByText(`Fix the jump · ${words}`).waitFor();
    await goTo(page, "Workers");
    await workers(page).getByText("No worker is there.").waitFor();
    await page.getByRole("region", { name: "Waiting for a worker" }).getByText(words).waitFor();
  });

  it("shows a worker that joins, with what it serves", async () => {
    const page = await start();
    await goTo(page, "Workers");
    await join(page);
    const card = workers(page).getByRole("listitem").filter({ hasText: "desk-1" });
    await card.getByText("0 of 2 in use").waitFor();
    await card.getByText("claude", { exact: true }).waitFor();
    await card.getByText("It has nothing to do.").waitFor();
    await goTo(page, "Events");
    await page.getByText("desk-1 joined, for aider, claude, 2 at a time").waitFor();
  });

  it("shows the tasks that a worker has, and leads to them", async () => {
    const page = await start();
    await goTo(page, "Workers");
    await claim(page, await join(page));
    await workers(page).getByText("1 of 2 in use").waitFor();
    const task = page.getByRole("list", { name: "Tasks of desk-1" }).getByRole("listitem");
    expect(await task.innerText()).toBe("Fix the jump attempt 1");
    await page.getByRole("region", { name: "Waiting for a worker" }).waitFor({ state: "hidden" });
    await task.getByRole("button", { name: "Fix the jump" }).click();
    await page.getByRole("region", { name: "Task", exact: true }).getByText("The agent has begun.").waitFor();
  });

  it("says that a worker was lost, and that its task is begun once more", async () => {
    const page = await start();
    await claim(page, await join(page));
    await goTo(page, "Backend");
    await page.getByRole("button", { name: "Step 1 minute" }).click();
    await goTo(page, "Workers");
    await workers(page).getByText("No worker is there.").waitFor();
    await goTo(page, "Events");
    await page.getByText("desk-1 was lost").waitFor();
    await page.getByText(/^Fix the jump · attempt 2, the worker was lost · Waiting for a worker/).waitFor();
    await goTo(page, "Tasks");
    await page.getByRole("button", { name: /^Fix the jump .*attempt 2, the worker was lost/ }).waitFor();
  });

  it("says that a worker left", async () => {
    const page = await start();
    const id = await join(page);
    await page.evaluate((given) => window.game.agentvm.workers.leave(given), id);
    await goTo(page, "Events");
    await page.getByText("desk-1 left").waitFor();
  });

  it.each([
    ["light", "screen", {}],
    ["dark", "screen", {}],
    ["dark", "phone", phone],
    ["light", "phone", phone],
  ] as const)("is seen well in %s on a %s", async (colorScheme, where, size) => {
    const page = await start({ colorScheme, ...size });
    await claim(page, await join(page));
    await giveTask(page, "Explain the save format, and how old saves are brought up to date");
    await goTo(page, "Workers");
    await workers(page).getByText("1 of 2 in use").waitFor();
    await picture(page, `workers-${colorScheme}-${where}`);
    expect(await seriousFindings(page)).toEqual([]);
    const width = await page
      .getByRole("main")
      .last()
      .evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(width).toBe(0);
  });
});
