import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { start } from "../cli/harness.js";
import { seriousFindings } from "../console/lib/axe.js";
import { goTo, picture } from "../console/lib/screens.js";
import { addressOf, desk } from "../agents/support/desk.js";
import { button, dialog, missing, news, people, useWebGame, whole } from "./lib/web-game-page.js";

describe.skipIf(missing !== null)(
  `the web game with real agents${missing === null ? "" : ` (${missing})`}`,
  { timeout: 80_000 },
  () => {
    const { open, keep } = useWebGame("site-real");

    /** Plays on a server in a page. */
    async function playOn(endpoint: string): Promise<Page> {
      const page = await open(`endpoint=${encodeURIComponent(endpoint)}`, { ...whole, network: true });
      await page.getByText("Play on a server").click();
      await button(page, "Play on this server").click();
      return page;
    }

    /** The console of the server, at its tasks. */
    async function openConsole(game: Page, endpoint: string): Promise<Page> {
      const page = await game.context().newPage();
      await page.goto(`${endpoint}/console`);
      await page.getByLabel("API key").fill("development-key");
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByText("live", { exact: true }).waitFor();
      await goTo(page, "Tasks");
      return page;
    }

    it("has the real claude mend a repository: clicked, told, asked in the dialog, looked at, accepted", async () => {
      const { repository, git, env, root, file } = desk();
      const args = ["serve", "--port", "0", "--workspace", repository, "--agent", "claude", "--json"];
      const running = start([...args, "--scripted-model", join(root, "fix.yaml")], { env, cwd: root });
      const endpoint = await addressOf(running);
      const page = await playOn(endpoint);

      await page.getByRole("button", { name: "Talk to Ada", exact: true }).click();
      await dialog(page).getByRole("heading", { name: "Ada, claude" }).waitFor();
      await dialog(page).getByLabel("Your own request").fill("Fix the jump");
      await page.keyboard.press("Enter");
      const question = dialog(page).getByRole("region", { name: "May I change player.ts?" });
      await question.getByRole("group", { name: "What changes" }).waitFor();
      await keep(page, "real-question");

      const watched = await openConsole(page, endpoint);
      await watched.getByRole("button", { name: /^Fix the jump .*Asks: May I change player\.ts\?/ }).click();
      await watched.getByRole("region", { name: "Question" }).waitFor();
      await picture(watched, "real-question");
      expect(await seriousFindings(watched)).toEqual([]);

      await button(question, "Once").click();
      await news(page, "Ada has done what you asked for.").waitFor({ state: "attached" });
      await keep(page, "real-done");
      await button(dialog(page), "Look at what was changed").click();

      const review = page.getByRole("dialog", { name: "Fix the jump" });
      await review.getByText("export const jump = 2;").waitFor();
      await keep(page, "real-review");
      await watched
        .getByRole("region", { name: "Changes" })
        .getByRole("group", { name: "Diff" })
        .getByText("export const jump = 2;")
        .waitFor();
      await picture(watched, "real-review");
      await watched.close();
      expect(file()).toBe("export const jump = 1;\n");
      await button(review, "Accept").click();
      await news(page, "“Fix the jump” was accepted.").waitFor();
      await keep(page, "real-accepted");
      expect(file()).toBe("export const jump = 2;\n");
      expect(git("log", "--format=%an: %s", "main").trim().split("\n")).toEqual([
        "Ada: Fix the jump",
        "Player: Begin",
      ]);
      expect(await people(page).getByRole("listitem").filter({ hasText: "aider" }).count()).toBe(0);
      running.stop();
      await running.finished;
    });
  },
);
