import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGame, writeGame } from "../../examples/web-game/src/backend/save.js";
import type { SavedGame } from "../../examples/web-game/src/backend/save.js";
import { DAY_SECONDS } from "../../examples/web-game/src/play/sprint.js";
import { startMockServer } from "../../mock-server/node.js";
import {
  button,
  dialog,
  giveFirstTicket,
  missing,
  news,
  people,
  person,
  playHere,
  tickets,
  useWebGame,
  whole,
} from "./lib/web-game-page.js";

/** A game in which the first ticket and the first team go well, and one in which the first ticket goes wrong. */
const LUCKY = 3;
const UNLUCKY = 7;

/** Stands in the page before anything else: while it is hidden the page draws no frames. */
function hideable(): void {
  const waiting: FrameRequestCallback[] = [];
  const draw = window.requestAnimationFrame.bind(window);
  const state = { hidden: false };
  window.requestAnimationFrame = (callback) => (state.hidden ? waiting.push(callback) : draw(callback));
  Object.assign(window, {
    hidePage: (hidden: boolean) => {
      state.hidden = hidden;
      if (!hidden) for (const callback of waiting.splice(0)) draw(callback);
    },
  });
}

/** Holds one key after the other until whoever can be talked to is so; people move about, so the way is not known before. */
async function walk(
  page: Page,
  keys: readonly string[],
  near: Locator,
  state: "hidden" | "visible",
): Promise<void> {
  for (const key of [...keys, ...keys, ...keys]) {
    await page.keyboard.down(key);
    const found = await near.waitFor({ state, timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    await page.keyboard.up(key);
    if (found) return;
  }
  throw new Error(`Nobody came to be ${state}.`);
}

describe.skipIf(missing !== null)(
  `the web game in a browser${missing === null ? "" : ` (${missing})`}`,
  { timeout: 80_000 },
  () => {
    const { built, open, openFrame, keep } = useWebGame("site");

    it("brings five people onto the floor", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`, whole);
      await keep(page, "menu");
      await playHere(page);
      expect(await people(page).locator(".name").allTextContents()).toEqual([
        "Ada",
        "Otto",
        "Cleo",
        "Grace",
        "Mira",
      ]);
      expect(await page.locator(".stage canvas").count()).toBe(1);
    });

    it("has a ticket done by somebody who was talked to, with progress and output to watch", async () => {
      const page = await open(`seed=${LUCKY}&speed=8`, whole);
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      const output = dialog(page).getByLabel("Output");
      await output.getByText("takes on").waitFor();
      await dialog(page).getByRole("progressbar").waitFor();
      await keep(page, "talk");
      await button(dialog(page), "Close").click();
      await news(page, `“${title}” is done.`).waitFor();
      expect(await tickets(page).filter({ hasText: title }).locator(".state").textContent()).toBe("done");
      expect(await page.locator(".bar .done").textContent()).toBe("1/8 done");
    });

    it("calls a team of three to the table, which finishes", async () => {
      const page = await open(`seed=${LUCKY}&speed=2`, whole);
      await playHere(page);
      await button(page, "Call a team of three").click();
      await news(page, "meet at the table").waitFor();
      await page.waitForFunction(
        () => document.querySelectorAll('[data-state="collaborating"]').length === 3,
      );
      await page.waitForFunction(() => {
        const bars = document.querySelectorAll<HTMLProgressElement>('[data-state="collaborating"] progress');
        return [...bars].some(({ value }) => value > 0.5);
      });
      await keep(page, "team");
      await news(page, /The team is done: \d of 3 parts\./).waitFor();
    });

    it("has chores done by a pool of temps, who are fewer than the chores", async () => {
      const page = await open(`seed=${LUCKY}&speed=4`);
      await playHere(page);
      await page.getByRole("button", { name: "Temps", exact: true }).click();
      await page.getByText("Temps: 2 at work, 0 free, 1 in line").waitFor();
      await news(page, "A temp has done a chore").first().waitFor();
      expect(await person(page, "Temp").count()).toBe(2);
    });

    it("says that a team of three cannot be called while the others are at work", async () => {
      const page = await open(`seed=${LUCKY}&speed=1`);
      await playHere(page);
      for (const name of ["Ada", "Otto", "Cleo"]) {
        await giveFirstTicket(page, name);
        await button(dialog(page), "Close").click();
      }
      await button(page, "Call a team of three").click();
      await news(page, "A team of 3 needs 3 free people; there are 2").waitFor();
    });

    it("tells why work went wrong, and has the ticket back on the board", async () => {
      const page = await open(`seed=${UNLUCKY}&speed=20`);
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      await button(dialog(page), "Close").click();
      await news(page, /went wrong: .+\. It is back on the board\./).waitFor();
      expect(await tickets(page).filter({ hasText: title }).locator(".about").textContent()).toContain(
        "went wrong once",
      );
    });

    it("cancels work, and has the ticket back on the board", async () => {
      const page = await open(`seed=${LUCKY}&speed=1`);
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      await button(dialog(page), "Cancel this work").click();
      await news(page, `“${title}” was cancelled and is back on the board.`).waitFor();
      expect(await tickets(page).filter({ hasText: title }).locator(".state").textContent()).toBe("open");
    });

    it("takes a request in the player's own words", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`);
      await playHere(page);
      await page.getByRole("button", { name: "Talk to Cleo", exact: true }).click();
      await dialog(page).getByLabel("Your own request").fill("Tell me about the café level");
      await button(dialog(page), "Ask").click();
      await dialog(page).getByLabel("Output").getByText("Tell me about the café level").first().waitFor();
    });

    it("is walked by keys, and talks by Enter", async () => {
      const page = await open(`seed=${LUCKY}&speed=1`);
      await playHere(page);
      await page.getByRole("button", { name: "Talk to Cleo", exact: true }).click();
      await button(dialog(page), "Close").click();
      const near = button(page, /^Talk to .+ \(Enter\)$/);
      await walk(page, ["ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight"], near, "hidden");
      await walk(page, ["w", "a", "s", "d"], near, "visible");
      await page.keyboard.press("Enter");
      await dialog(page).waitFor();
      await page.keyboard.press("Escape");
      await dialog(page).waitFor({ state: "hidden" });
    });

    it("plays when its page is opened from the disk", async () => {
      const page = await open("");
      await page.goto(`${pathToFileURL(join(built, "index.html")).href}?seed=${LUCKY}&speed=20`);
      await playHere(page);
    });

    it("asks before it is left, and is saved on the way out", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`);
      await playHere(page);
      await button(page, "Menu").click();
      await button(dialog(page), "Save and leave").click();
      await button(page, "Go on with the saved game").click();
      await person(page, "Mira").waitFor();
    });

    it("shows things as they are when it comes back from the background", async () => {
      const page = await open(`seed=${LUCKY}&speed=8`, { before: hideable });
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      await button(dialog(page), "Close").click();
      await page.evaluate("hidePage(true)");
      await news(page, `“${title}” is done.`).waitFor();
      await page.evaluate("hidePage(false)");
      await person(page, "Ada").getByText("free").waitFor();
    });

    it("restores nothing that was not saved", async () => {
      const page = await open(`seed=${LUCKY}&speed=1`, { network: true });
      await playHere(page);
      await giveFirstTicket(page, "Ada");
      await page.reload();
      await button(page, "Play here, with no server").waitFor();
      expect(await button(page, "Go on with the saved game").count()).toBe(0);
      await playHere(page);
      expect(await tickets(page).filter({ hasText: "in work" }).count()).toBe(0);
    });

    it("goes on where it was saved, with the work that was under way", async () => {
      const page = await open(`seed=${LUCKY}&speed=4`, { network: true });
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      await button(dialog(page), "Close").click();
      await button(page, "Save").click();
      await news(page, "The game is saved.").waitFor();
      await page.reload();
      await button(page, "Go on with the saved game").click();
      await news(page, `“${title}” is done.`).waitFor();
      expect(await people(page).locator(".name").allTextContents()).toEqual([
        "Ada",
        "Otto",
        "Cleo",
        "Grace",
        "Mira",
      ]);
    });

    /** Saves the game, lets the board be so that `close` says, and goes on. */
    async function goOnNear(
      close: (saved: SavedGame) => SavedGame,
      extra: BrowserContextOptions = {},
    ): Promise<Page> {
      const page = await open(`seed=${LUCKY}&speed=20`, { network: true, ...extra });
      await playHere(page);
      await button(page, "Save").click();
      await news(page, "The game is saved.").waitFor();
      const reading = readGame(await page.evaluate(() => localStorage.getItem("agentvm-web-game")));
      if (reading.kind !== "game") throw new Error("The game was not saved.");
      await page.evaluate(
        (text) => localStorage.setItem("agentvm-web-game", text),
        writeGame(close(reading.game)),
      );
      await page.reload();
      await button(page, "Go on with the saved game").click();
      return page;
    }

    it("is shipped with the last ticket, and can be played again", async () => {
      const page = await goOnNear(({ sprint, ...saved }) => {
        const done = { status: "done", who: ["Cleo"] } as const;
        const tickets = sprint.tickets.map((ticket) =>
          ticket.title === "The hero falls through the floor"
            ? ticket
            : { ...ticket, state: done, isFit: true },
        );
        return { ...saved, sprint: { ...sprint, tickets } };
      }, whole);
      await giveFirstTicket(page, "Ada");
      const ending = page.getByRole("dialog", { name: "Shipped!" });
      await ending.getByText("8 of 8 tickets were done").waitFor();
      await ending.getByRole("img", { name: "3 of 3 stars" }).waitFor();
      await keep(page, "shipped");
      await button(ending, "New game").click();
      await button(page, "Play here, with no server").waitFor();
    });

    it("is over at six o’clock, whatever is left on the board", async () => {
      const page = await goOnNear(({ sprint, ...saved }) => ({
        ...saved,
        sprint: { ...sprint, seconds: DAY_SECONDS - 1 },
      }));
      const ending = page.getByRole("dialog", { name: "The day is over" });
      await ending.getByText("0 of 8 tickets were done at six o’clock").waitFor();
      await button(ending, "Stay on the floor").click();
      await ending.waitFor({ state: "hidden" });
    });

    it.each([
      ["cut short", '{"version":1,"seed":7,"ga', "cut short"],
      ["of a newer version", '{"version":99}', "a newer version of this game has saved it"],
    ])("tells of a saved game that is %s, and plays a new one", async (_name, text, words) => {
      const page = await open(`seed=${LUCKY}&speed=20`, { network: true });
      await page.evaluate((saved) => localStorage.setItem("agentvm-web-game", saved), text);
      await page.reload();
      await page.getByText(words).waitFor();
      await playHere(page);
    });

    it("tells of a saved game whose backend cannot be made again, and plays a new one", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`, { network: true });
      await playHere(page);
      await button(page, "Save").click();
      await news(page, "The game is saved.").waitFor();
      await page.evaluate(() => {
        const text = localStorage.getItem("agentvm-web-game") ?? "";
        localStorage.setItem(
          "agentvm-web-game",
          JSON.stringify({ ...JSON.parse(text), snapshot: { version: 99 } }),
        );
      });
      await page.reload();
      await button(page, "Go on with the saved game").click();
      await page.getByRole("alert").getByText("The saved game cannot be used").waitFor();
      await playHere(page);
    });

    it("is the same game for the same seed", async () => {
      const look = async (seed: number): Promise<unknown> => {
        const page = await open(`seed=${seed}&speed=20`);
        await playHere(page);
        return tickets(page).locator(".title").allTextContents();
      };
      const [first, second, other] = [await look(LUCKY), await look(LUCKY), await look(UNLUCKY)];
      expect(second).toEqual(first);
      expect(other).not.toEqual(first);
    });

    it("plays in a sandboxed frame with the network off, and says that nothing can be saved there", async () => {
      const page = await openFrame(`seed=${LUCKY}&speed=8`, whole);
      const frame = page.frameLocator("iframe");
      await playHere(frame);
      const title = await giveFirstTicket(frame, "Ada");
      await button(dialog(frame), "Close").click();
      await news(frame, `“${title}” is done.`).waitFor();
      await button(frame, "Save").click();
      await news(frame, "Nothing can be saved here: this page or frame has no storage.").waitFor();
      await keep(page, "sandboxed");
      await frame.getByRole("button", { name: "Talk to Cleo", exact: true }).click();
      await dialog(frame).getByLabel("Your own request").fill("Tell me about the café level");
      await page.keyboard.press("Enter");
      await news(frame, "Cleo takes on your request.").waitFor();
    });

    it("says what is wrong with a server's address in a sandboxed frame too", async () => {
      const page = await openFrame("");
      const frame = page.frameLocator("iframe");
      await frame.getByText("Play on a server").click();
      await frame.getByLabel("Address").fill("ws://localhost:8000");
      await button(frame, "Play on this server").click();
      await frame.getByRole("alert").getByText("Try http://localhost:8000.").waitFor();
    });

    it("plays with neither WebGL, WebSocket nor CompressionStream", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`, {
        before: () => {
          for (const name of [
            "WebSocket",
            "CompressionStream",
            "WebGLRenderingContext",
            "WebGL2RenderingContext",
          ]) {
            Reflect.deleteProperty(window, name);
          }
          const { getContext } = HTMLCanvasElement.prototype;
          Object.defineProperty(HTMLCanvasElement.prototype, "getContext", {
            value: function (this: HTMLCanvasElement, kind: string, how: unknown) {
              return kind.startsWith("webgl") ? null : Reflect.apply(getContext, this, [kind, how]);
            },
          });
        },
      });
      await playHere(page);
      expect(await page.locator(".stage canvas").count()).toBe(1);
      const title = await giveFirstTicket(page, "Ada");
      await news(page, `“${title}” is done.`).waitFor();
    });

    it("fits a phone 390 pixels wide, and is played there by touch", async () => {
      const page = await open(`seed=${LUCKY}&speed=8`, {
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
        deviceScaleFactor: 2,
      });
      await button(page, "Play here, with no server").tap();
      await button(page, "People").tap();
      await person(page, "Mira").waitFor();
      await page.getByRole("button", { name: "Talk to Ada", exact: true }).tap();
      await dialog(page).waitFor();
      await keep(page, "phone-talk");
      await dialog(page).getByRole("list", { name: "Open tickets" }).getByRole("button").first().tap();
      await button(dialog(page), "Cancel this work").waitFor();
      await button(dialog(page), "Close").tap();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      await keep(page, "phone");
    });

    it("stands still where motion is to be reduced, and plays all the same", async () => {
      const page = await open(`seed=${LUCKY}&speed=20`, { reducedMotion: "reduce" });
      await playHere(page);
      const title = await giveFirstTicket(page, "Ada");
      await news(page, `“${title}” is done.`).waitFor();
    });

    it("says what is wrong with a server's address, and what to type", async () => {
      const page = await open("");
      await page.getByText("Play on a server").click();
      await page.getByLabel("Address").fill("localhost:8000");
      await button(page, "Play on this server").click();
      await page.getByRole("alert").getByText("Did you mean http://localhost:8000?").waitFor();
    });

    it("says that nothing answers where there is no server", async () => {
      const page = await open("", { network: true });
      await page.getByText("Play on a server").click();
      await page.getByLabel("Address").fill("http://127.0.0.1:9");
      await button(page, "Play on this server").click();
      await page.getByRole("alert").getByText("Nothing answers at http://127.0.0.1:9").waitFor();
    });

    describe("on a server", () => {
      let server: Awaited<ReturnType<typeof startMockServer>>;

      beforeAll(async () => {
        server = await startMockServer({ port: 0, seed: LUCKY, clock: { speed: 20 } });
      });

      afterAll(() => server.close());

      async function connect(address: string, key: string): Promise<Page> {
        const page = await open(`seed=${LUCKY}`, { network: true });
        await joinServer(page, address, key);
        return page;
      }

      async function joinServer(page: Page, address: string, key: string): Promise<void> {
        await page.getByText("Play on a server").click();
        await page.getByLabel("Address").fill(address);
        await page.getByLabel("Key").fill(key);
        await button(page, "Play on this server").click();
      }

      it("finds its people again when its page is reloaded", async () => {
        const page = await connect(server.url, "development-key");
        await person(page, "Mira").waitFor();
        await page.reload();
        await joinServer(page, server.url, "development-key");
        await person(page, "Mira").waitFor();
        expect(await people(page).getByRole("listitem").count()).toBe(5);
      });

      it("has a ticket done there", async () => {
        const page = await connect(`${server.url}/`, "development-key");
        await person(page, "Mira").waitFor();
        const title = await giveFirstTicket(page, "Ada");
        await news(page, `“${title}” is done.`).waitFor();
      });

      it("says so when the server does not take the key", async () => {
        const page = await connect(server.url, "another-key");
        await page.getByRole("alert").getByText("does not take this key").waitFor();
      });

      it("points to the address without its path when there is nothing at the path", async () => {
        const page = await connect(`${server.url}/agents-of-mine`, "development-key");
        await page.getByRole("alert").getByText(`Try ${server.url} without the path.`).waitFor();
      });
    });
  },
);
