import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ownWork } from "../../examples/web-game/src/backend/own-work.js";
import { startMockServer } from "../../mock-server/node.js";
import type { MockServer, Script } from "../../mock-server/node.js";
import type { Site } from "../../scripts/lib/site.js";
import { addressOf, desk as personsDesk } from "../agents/support/desk.js";
import { start } from "../cli/harness.js";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import { bodyOf, byFinger, byMouse, desk, follow, phone, placeOfButton } from "./lib/office.js";
import { chromiumPath, openGame, serveFolder, startBrowser } from "./lib/page.js";
import type { Game } from "./lib/page.js";

const MINUTE = 60_000;

const missing =
  skipReason ??
  (chromiumPath === null && process.env["CI"] !== "true"
    ? "no Chromium: install it or set CHROMIUM_BIN"
    : null);

const isScripts = (read: unknown): read is Script[] => Array.isArray(read);

/** What happens to the office's tasks. */
function officeScripts(): Script[] {
  const read: unknown = JSON.parse(readFileSync(join(root, "examples/godot/scripts.json"), "utf8"));
  if (!isScripts(read)) throw new Error("The office has no list of scripts.");
  return read;
}

describe.skipIf(missing !== null)(
  `who asks in the example game in a web export${missing === null ? "" : ` (${missing})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let browser: Browser;
    let server: MockServer;
    let site: Site;
    const kept = join(root, "coverage/godot");

    /** Opens the game, waits until everybody has come in, lets it be played, and closes it. No endpoint is the game's own. */
    const inOffice = async (
      endpoint: string | null,
      screen: BrowserContextOptions,
      play: (game: Game, heard: ReturnType<typeof follow>) => Promise<void>,
      types = "",
    ): Promise<void> => {
      const query = endpoint === null ? "" : `&types=${types}&endpoint=${encodeURIComponent(endpoint)}`;
      const game = await openGame(browser, `${site.url}/index.html?story=watch${query}`, undefined, screen);
      try {
        const heard = follow(game);
        await heard(/^office: everybody waits/);
        await play(game, heard);
        const wrong = game.lines.filter((line) => /SCRIPT ERROR|ERROR:|page error|office: failed/.test(line));
        expect(wrong).toEqual([]);
      } finally {
        await game.close();
      }
    };
    const keep = (game: Game, name: string) =>
      game.page.screenshot({ path: join(kept, `office-asking-${name}.png`) });

    beforeAll(async () => {
      mkdirSync(kept, { recursive: true });
      project = await copyProject("examples/godot");
      const built = join(project.folder, "build/release");
      mkdirSync(built, { recursive: true });
      const runs = [
        await runEngine(project.folder, ["--import"]),
        await runEngine(project.folder, ["--export-release", "Web", join(built, "index.html")]),
      ];
      expect(runs.flatMap(({ errors }) => errors)).toEqual([]);
      [browser, site] = [await startBrowser(), await serveFolder(built)];
    }, 5 * MINUTE);

    afterAll(async () => {
      await browser.close();
      await site.close();
      project.remove();
    });

    // One a test, so that nobody finds those whom another one hired.
    beforeEach(async () => {
      server = await startMockServer({
        port: 0,
        seed: 7,
        corsOrigins: ["*"],
        scripts: officeScripts(),
        work: { claude: ownWork },
      });
    });

    afterEach(() => server.close());

    it.each([
      ["a mouse on a desk", "desk", desk, byMouse],
      ["a finger on a phone", "phone", phone, byFinger],
    ] as const)(
      "is answered, and has the changes accepted, on the backend inside the page, with %s",
      async (_, name, screen, press) => {
        await inOffice(null, screen, async (game, heard) => {
          const pressButton = async (text: string) => press(game.page, await placeOfButton(game, text));
          await press(game.page, bodyOf(game, "Ada"));
          await pressButton("Fix the jump that sometimes misses");
          await heard(/^office: Ada asks: May I write player\.gd\?/);
          await keep(game, name);
          await press(game.page, bodyOf(game, "Ada"));
          await heard(/^office: the dialog is open/);
          await keep(game, `${name}-question`);
          await pressButton("Go ahead");
          await heard(/^office: answered allow/);
          await heard(/^office: done by Ada/);
          await pressButton("See what Ada changed");
          await heard(/^office: the dialog is open/);
          await keep(game, `${name}-review`);
          await pressButton("Accept");
          await heard(/^office: accepted true/);
          await keep(game, `${name}-accepted`);
        });
      },
      3 * MINUTE,
    );

    it(
      "is given work, answered in words, and has the changes discarded, by the keyboard alone",
      async () => {
        await inOffice(server.url, desk, async (game, heard) => {
          const { keyboard } = game.page;
          // The first of the buttons.
          await keyboard.press("Tab");
          await keyboard.press("Enter");
          await heard(/^office: button Give the task at/);
          await keyboard.type("Tell how the enemies walk");
          await keyboard.press("Enter");
          await heard(/^office: \w+ asks: /);
          await keyboard.press("q");
          await heard(/^office: the dialog is open/);
          await keyboard.type("The youngest");
          await keep(game, "keyboard-words");
          await keyboard.press("Enter");
          await heard(/^office: answered The youngest/);
          await heard(/^office: done by/);
          await keyboard.press("q");
          await heard(/^office: the dialog is open/);
          await keyboard.press("ArrowLeft");
          await keep(game, "keyboard-review");
          await keyboard.press("Enter");
          await heard(/^office: accepted false/);
        });
      },
      3 * MINUTE,
    );

    it.each([
      ["a mouse on a desk", "desk", desk, byMouse],
      ["a finger on a phone", "phone", phone, byFinger],
    ] as const)(
      "lets the player choose among several, and is told the one that was pressed, with %s",
      async (_, name, screen, press) => {
        await inOffice(server.url, screen, async (game, heard) => {
          const pressButton = async (text: string) => press(game.page, await placeOfButton(game, text));
          await press(game.page, bodyOf(game, "Ada"));
          await pressButton("Add a pause menu");
          await heard(/^office: Ada asks: What shall the pause menu begin with\?/);
          await press(game.page, bodyOf(game, "Ada"));
          await heard(/^office: the dialog is open/);
          await keep(game, `${name}-choice`);
          await pressButton("Settings");
          await heard(/^office: answered settings/);
          await heard(/^office: done by Ada/);
          const answered = server.backend.journal.find({ route: "taskAnswer" });
          expect(answered.map(({ status, request }) => [status, request])).toMatchObject([
            [200, { choice: "settings" }],
          ]);
        });
      },
      3 * MINUTE,
    );

    it(
      "has the real claude mend a person's repository: clicked, asked in the dialog, looked at, accepted",
      async () => {
        const { repository, git, env, root: home, file } = personsDesk();
        const args = ["serve", "--port", "0", "--workspace", repository, "--agent", "claude", "--json"];
        const running = start([...args, "--scripted-model", join(home, "fix.yaml")], { env, cwd: home });
        await inOffice(
          await addressOf(running),
          desk,
          async (game, heard) => {
            const pressButton = async (text: string) => byMouse(game.page, await placeOfButton(game, text));
            await byMouse(game.page, bodyOf(game, "Ada"));
            await pressButton("Fix the jump that sometimes misses");
            await heard(/^office: Ada asks: May I change player\.ts\?/);
            await byMouse(game.page, bodyOf(game, "Ada"));
            await heard(/^office: the dialog is open/);
            await keep(game, "real-question");
            await pressButton("Once");
            await heard(/^office: answered once/);
            await heard(/^office: done by Ada/);
            await pressButton("See what Ada changed");
            await heard(/^office: the dialog is open/);
            await keep(game, "real-review");
            expect(file()).toBe("export const jump = 1;\n");
            await pressButton("Accept");
            await heard(/^office: accepted true/);
            await keep(game, "real-accepted");
          },
          "claude",
        );
        expect(file()).toBe("export const jump = 2;\n");
        expect(git("log", "-1", "--format=%an: %s", "main")).toMatch(/^Ada: Fix the jump/);
        running.stop();
        await running.finished;
      },
      3 * MINUTE,
    );

    it(
      "has somebody come in to help, who leaves with the work",
      async () => {
        await inOffice(server.url, desk, async (game, heard) => {
          await byMouse(game.page, bodyOf(game, "Cleo"));
          await byMouse(game.page, await placeOfButton(game, "Write tests for the save slots"));
          await heard(/^office: Cleo’s helper comes to help Cleo/);
          await heard(/^office: Cleo’s helper stands/);
          await keep(game, "helper");
          await heard(/^office: Cleo’s helper leaves/);
          await heard(/^office: done by Cleo/);
        });
      },
      3 * MINUTE,
    );

    it(
      "makes no sound until the player wants it",
      async () => {
        await inOffice(server.url, desk, async (game, heard) => {
          await byMouse(game.page, await placeOfButton(game, "Sound: off"));
          await heard(/^office: button Sound: on/);
        });
      },
      3 * MINUTE,
    );
  },
);
