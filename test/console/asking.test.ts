import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { cuedChanges } from "../work/cued-work.js";
import { seriousFindings } from "./lib/axe.js";
import { hasNoBrowser } from "./lib/describe-console.js";
import { openOverlay } from "./lib/overlay-console.js";
import type { OpenGame } from "./lib/overlay-console.js";
import { createAgent, giveTask, goTo, picture } from "./lib/screens.js";
import { useBrowser } from "./lib/use-browser.js";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe.skipIf(hasNoBrowser)(
  "a console shows what a task asks and changes, and",
  { timeout: 60_000 },
  () => {
    const keep = useBrowser();

    /** A console with one agent, who works on a task of a type. */
    async function start(
      type: string,
      prompt: string,
      options: BrowserContextOptions = {},
    ): Promise<OpenGame> {
      const opened = await keep((browser) => openOverlay(browser, options));
      await createAgent(opened.page, "Ada");
      await giveTask(opened.page, prompt, type);
      return opened;
    }
    const question = (page: Page): Locator => page.getByRole("region", { name: "Question" });
    const changes = (page: Page): Locator => page.getByRole("region", { name: "Changes" });

    it("lets a person answer with a click", async () => {
      const { page, tasks } = await start("asking", "Paint the jump");
      await question(page).getByRole("heading", { name: "Red or blue?" }).waitFor();
      await picture(page, "question");
      expect(await seriousFindings(page)).toEqual([]);
      await question(page).getByRole("button", { name: "blue" }).click();
      await page.getByText("The question was answered.").waitFor();
      await question(page).waitFor({ state: "hidden" });
      await expect.poll(async () => (await tasks())[0]?.result?.output).toBe("blue by player\n");
    });

    it("lets a person answer with a finger on a phone", async () => {
      const { page } = await start("asking", "Paint the jump", phone);
      await question(page).getByRole("button", { name: "red" }).scrollIntoViewIfNeeded();
      await picture(page, "question-phone");
      await question(page).getByRole("button", { name: "red" }).tap();
      await page.getByText("The question was answered.").waitFor();
    });

    it("lets a person answer in words with the keyboard", async () => {
      const { page, tasks } = await start("wording", "Name the level");
      await question(page).getByLabel("Answer", { exact: true }).focus();
      await page.keyboard.type("Sunny side");
      await page.keyboard.press("Enter");
      await expect.poll(async () => (await tasks())[0]?.result?.output).toBe("Sunny side by player\n");
    });

    it("lets a person choose an answer with the keyboard alone", async () => {
      const { page, tasks } = await start("asking", "Paint the jump");
      await question(page).getByRole("button", { name: "red" }).focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await expect.poll(async () => (await tasks())[0]?.result?.output).toBe("blue by player\n");
    });

    it.each([
      ["light", "screen", {}],
      ["dark", "screen", {}],
      ["light", "phone", phone],
      ["dark", "phone", phone],
    ] as const)("asks so that it is seen well in %s on a %s", async (colorScheme, where, size) => {
      const { page } = await start("asking", "Paint the jump", { colorScheme, ...size });
      await question(page).scrollIntoViewIfNeeded();
      await picture(page, `question-${colorScheme}-${where}`);
      expect(await seriousFindings(page)).toEqual([]);
    });

    it("says who waits, in the lists and among the events", async () => {
      const { page } = await start("asking", "Paint the jump");
      await page.getByRole("button", { name: "asks", exact: true }).click();
      await page.getByRole("button", { name: /^Paint the jump .*Asks: Red or blue\?/ }).waitFor();
      await goTo(page, "Events");
      await page.getByText("Ada asks: Red or blue?").waitFor();
      await goTo(page, "Agents");
      await page.getByRole("button", { name: /^Ada aider .*Asks: Red or blue\?/ }).waitFor();
    });

    it("says so when a question is over by the time", async () => {
      const { page } = await start("asking", "Paint the jump");
      await goTo(page, "Backend");
      await page.getByRole("button", { name: "Step 1 minute" }).click();
      await goTo(page, "Events");
      await page.getByText("Ada: nobody answered in time").waitFor();
      await goTo(page, "Tasks");
      await question(page).waitFor({ state: "hidden" });
    });

    it("takes a question away that somebody else has answered", async () => {
      const { page } = await start("asking", "Paint the jump");
      await question(page).waitFor();
      await page.evaluate(async () => {
        const [task] = await window.game.agentvm.tasks.list();
        if (task !== undefined) await window.game.agentvm.tasks.answer(task.id, { choice: "red" });
      });
      await question(page).waitFor({ state: "hidden" });
      await page.getByText("is complete").waitFor();
    });

    it("lets a person look at a diff, and accept it", async () => {
      const { page, tasks } = await start("changing", "Mend the jump");
      const diff = changes(page).getByRole("group", { name: "Diff" });
      await diff.getByText("jump()").waitFor();
      await page.getByRole("button", { name: "to review" }).click();
      await page.getByRole("button", { name: /^Mend the jump changes to look at/ }).waitFor();
      await picture(page, "review");
      expect(await seriousFindings(page)).toEqual([]);
      await changes(page).getByRole("button", { name: "Accept" }).click();
      await changes(page).getByRole("heading", { name: "Changes accepted" }).waitFor();
      expect((await tasks())[0]?.changes).toEqual({ ...cuedChanges, review: "accepted" });
    });

    it("lets a person discard changes, after being asked once more", async () => {
      const { page, tasks } = await start("changing", "Mend the jump");
      await changes(page).getByRole("button", { name: "Discard" }).click();
      expect((await tasks())[0]?.changes?.review).toBe("open");
      await changes(page).getByRole("button", { name: "Really discard them?" }).click();
      await changes(page).getByRole("heading", { name: "Changes discarded" }).waitFor();
      expect((await tasks())[0]?.changes?.review).toBe("discarded");
    });

    it("names the files in which accepting would be a conflict, and leaves the changes open", async () => {
      const { page, tasks } = await start("changing", "Mend the jump, with a conflict");
      await changes(page).getByRole("button", { name: "Accept" }).click();
      await page.getByRole("alert").getByText("player.ts").waitFor();
      expect((await tasks())[0]?.changes?.review).toBe("open");
    });

    it.each([
      ["light", "screen", {}],
      ["dark", "screen", {}],
      ["dark", "phone", phone],
    ] as const)("is seen well in %s on a %s", async (colorScheme, where, size) => {
      const { page } = await start("changing", "Mend the jump", { colorScheme, ...size });
      await changes(page).getByRole("group", { name: "Diff" }).scrollIntoViewIfNeeded();
      await picture(page, `review-${colorScheme}-${where}`);
      expect(await seriousFindings(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(width).toBeLessThanOrEqual(0);
    });

    it("shows whom an agent helps", async () => {
      const { page } = await start("helped", "Explore the cave");
      await goTo(page, "Agents");
      await page.getByRole("button", { name: /^Explorer .*, helps Ada/ }).click();
      await page
        .getByRole("region", { name: "Explorer" })
        .getByRole("button", { name: "Ada", exact: true })
        .click();
      await page.getByRole("form", { name: "Move Ada" }).waitFor();
    });
  },
);
