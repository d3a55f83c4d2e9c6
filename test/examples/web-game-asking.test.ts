import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { tasksThatAsk } from "../../examples/web-game/src/backend/tasks-that-ask.js";
import { dealTickets } from "../../examples/web-game/src/play/tickets.js";
import { seededChance } from "../../examples/web-game/src/world/random.js";
import {
  button,
  dialog,
  missing,
  news,
  people,
  person,
  playHere,
  tickets,
  useWebGame,
  whole,
} from "./lib/web-game-page.js";

const SEED = 3;
/** What the tickets of that game are called that ask for leave, let choose, and want words. */
const [MAY_I = "", WHICH = "", WHAT = ""] = tasksThatAsk(
  dealTickets(seededChance(SEED)),
  seededChance(SEED + 3),
).map(({ name }) => name ?? "");

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** Gives somebody a ticket, and waits until they raise their hand. */
async function giveUntilAsked(page: Page, name: string, title: string): Promise<Locator> {
  await page.getByRole("button", { name: `Talk to ${name}`, exact: true }).click();
  await dialog(page).getByRole("button", { name: title }).click();
  await news(page, `${name} takes on “${title}”.`).waitFor({ state: "attached" });
  await dialog(page).getByRole("region").waitFor();
  await button(dialog(page), "Close").click();
  return button(page, `${name} asks`);
}

/** Has a ticket done whose question is answered with the first option, and opens what it has changed. */
async function finish(page: Page, title: string): Promise<Locator> {
  await (await giveUntilAsked(page, "Ada", title)).click();
  await button(dialog(page), "Go ahead").click();
  await button(dialog(page), "Close").click();
  await button(page, `Look at “${title}”`).click();
  return page.getByRole("dialog", { name: title });
}

describe.skipIf(missing !== null)(
  `who asks in the web game${missing === null ? "" : ` (${missing})`}`,
  { timeout: 80_000 },
  () => {
    const { open, keep } = useWebGame("site-asking");

    async function play(speed: number, options: Parameters<typeof open>[1] = {}): Promise<Page> {
      const page = await open(`seed=${SEED}&speed=${speed}`, options);
      await playHere(page);
      return page;
    }

    it("raises a hand, and is answered by a click on it", async () => {
      const page = await play(4, whole);
      const hand = await giveUntilAsked(page, "Ada", MAY_I);
      await person(page, "Ada").getByText("asks you").waitFor();
      await keep(page, "asks");
      await hand.click();
      const question = dialog(page).getByRole("region", { name: /^May I write / });
      await question.getByRole("group", { name: "What changes" }).waitFor();
      await keep(page, "question");
      await button(question, "Go ahead").click();
      await dialog(page).getByRole("status").getByText("You told Ada: “Go ahead”.").waitFor();
      await hand.waitFor({ state: "hidden" });
    });

    it("is answered by a finger on a phone", async () => {
      const page = await open(`seed=${SEED}&speed=4`, phone);
      await button(page, "Play here, with no server").tap();
      await button(page, "People").tap();
      await page.getByRole("button", { name: "Talk to Ada", exact: true }).tap();
      await dialog(page).getByRole("button", { name: WHICH }).tap();
      await dialog(page).getByRole("region").waitFor();
      await button(dialog(page), "Close").tap();
      await keep(page, "phone-asks");
      await button(page, "Ada asks").tap();
      await keep(page, "phone-question");
      await button(dialog(page), /^Quick/).tap();
      await dialog(page).getByText("You told Ada: “Quick”.").waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await button(dialog(page), "Look at what was changed").tap();
      await page.getByRole("dialog", { name: WHICH }).getByRole("group", { name: "What changes" }).waitFor();
      await keep(page, "phone-review");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    });

    it("is answered in words by the keyboard alone", async () => {
      const page = await play(4);
      await giveUntilAsked(page, "Ada", WHAT);
      await page.keyboard.press("q");
      await dialog(page).waitFor();
      await page.keyboard.type("Sunny side");
      await page.keyboard.press("Enter");
      await dialog(page).getByText("You told Ada: “Sunny side”.").waitFor();
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "hidden" });
    });

    it("is answered in a dialog that was closed and opened again at once", async () => {
      const page = await play(1);
      await (await giveUntilAsked(page, "Ada", MAY_I)).click();
      // Both within one task of the browser, which tells of the closing afterwards.
      await button(dialog(page), "Close").evaluate((close: HTMLElement) => {
        close.click();
        window.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyQ" }));
      });
      await button(dialog(page), "Go ahead").click();
      await dialog(page).getByText("You told Ada: “Go ahead”.").waitFor();
    });

    it("waits with the ticket until the answer is there, and raises the hand again when the dialog is left without one", async () => {
      const page = await play(4);
      const hand = await giveUntilAsked(page, "Ada", MAY_I);
      await hand.click();
      await page.keyboard.press("Escape");
      await hand.waitFor();
      expect(await tickets(page).filter({ hasText: MAY_I }).locator(".state").textContent()).toBe("in work");
    });

    it("gives up when nobody answers in time, and says so", async () => {
      const page = await play(20);
      await giveUntilAsked(page, "Ada", MAY_I);
      await news(page, "Nobody answered Ada in time.").waitFor();
      await news(page, /went wrong: Nobody said whether to write .+\. It is back on the board\./).waitFor();
    });

    it("ends the work when it may not, and has the ticket back on the board", async () => {
      const page = await play(4);
      await (await giveUntilAsked(page, "Ada", MAY_I)).click();
      await button(dialog(page), "Leave it alone").click();
      await news(page, /went wrong: You did not want .+ written\./).waitFor({ state: "attached" });
    });

    it("has its work looked at as a diff, and accepted", async () => {
      const page = await play(8, whole);
      const review = await finish(page, MAY_I);
      const diff = review.getByRole("group", { name: "What changes" });
      await diff.getByText("added:").first().waitFor({ state: "attached" });
      expect(await tickets(page).filter({ hasText: MAY_I }).locator(".state").textContent()).toBe(
        "to look at",
      );
      await keep(page, "review");
      await button(review, "Accept").click();
      await review.waitFor({ state: "hidden" });
      await news(page, `“${MAY_I}” was accepted.`).waitFor();
      expect(await tickets(page).filter({ hasText: MAY_I }).locator(".state").textContent()).toBe("done");
    });

    it("has its ticket back on the board when its work is discarded", async () => {
      const page = await play(8);
      const review = await finish(page, MAY_I);
      await button(review, "Discard").click();
      await review.waitFor({ state: "hidden" });
      await news(page, `“${MAY_I}” was discarded. The ticket is back on the board.`).waitFor();
      expect(await tickets(page).filter({ hasText: MAY_I }).locator(".state").textContent()).toBe("open");
    });

    it("still asks in a game that was saved and goes on", async () => {
      const page = await play(4, { network: true });
      await giveUntilAsked(page, "Ada", MAY_I);
      await button(page, "Save").click();
      await news(page, "The game is saved.").waitFor();
      await page.reload();
      await button(page, "Go on with the saved game").click();
      await button(page, "Ada asks").click();
      await button(dialog(page), "Go ahead").click();
      await dialog(page).getByText("You told Ada: “Go ahead”.").waitFor();
    });

    it("has work that was saved before it was looked at still to look at", async () => {
      const page = await play(8, { network: true });
      await finish(page, MAY_I);
      await page.keyboard.press("Escape");
      await button(page, "Save").click();
      await news(page, "The game is saved.").waitFor();
      await page.reload();
      await button(page, "Go on with the saved game").click();
      await button(page, `Look at “${MAY_I}”`).click();
      await button(page.getByRole("dialog", { name: MAY_I }), "Accept").click();
      await news(page, `“${MAY_I}” was accepted.`).waitFor();
    });

    it("makes no sound until the player wants it", async () => {
      const page = await play(1);
      const sound = button(page, "Sound when somebody asks: off");
      expect(await sound.getAttribute("aria-pressed")).toBe("false");
      await sound.click();
      await button(page, "Sound when somebody asks: on").waitFor();
    });

    it("has a helper come in beside whom it helps, and leave when that is done", async () => {
      const page = await play(1, whole);
      await page.getByRole("button", { name: "Talk to Cleo", exact: true }).click();
      await dialog(page).getByLabel("Your own request").fill("Tell me about the café level");
      await page.keyboard.press("Enter");
      await button(dialog(page), "Close").click();
      const helper = people(page).getByRole("listitem").filter({ hasText: "helps Cleo" });
      await helper.waitFor();
      await person(page, "Cleo’s helper").getByText("coding").waitFor();
      await keep(page, "helper");
      await helper.waitFor({ state: "detached" });
      await news(page, "Cleo has done what you asked for.").waitFor();
    });
  },
);
