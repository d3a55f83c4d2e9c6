import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";
import { chromiumPath, openGame, serveFolder, startBrowser } from "./lib/page.js";
import type { Game } from "./lib/page.js";

const MINUTE = 60_000;

const missing =
  skipReason ??
  (chromiumPath === null && process.env["CI"] !== "true"
    ? "no Chromium: install it or set CHROMIUM_BIN"
    : null);

/** Bytes of a picture in one colour, compressed: one with something on it has many more. */
const EMPTY_PICTURE = 10_000;

describe.skipIf(missing !== null)(
  `the example game in a web export${missing === null ? "" : ` (${missing})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let browser: Browser;
    const runs: EngineRun[] = [];
    const before = new Map<string, Buffer>();
    const kept = join(root, "coverage/godot");
    const file = (name: string): string => join(project.folder, name);

    /** Opens an export of the game, lets it be used, and closes it. */
    const inGame = async (kind: "debug" | "release", query: string, use: (game: Game) => Promise<void>) => {
      const site = await serveFolder(file(`build/${kind}`));
      try {
        const game = await openGame(browser, `${site.url}/index.html?${query}`);
        try {
          await use(game);
        } finally {
          await game.close();
        }
      } finally {
        await site.close();
      }
    };

    beforeAll(async () => {
      mkdirSync(kept, { recursive: true });
      project = await copyProject("examples/godot");
      for (const name of ["project.godot", "export_presets.cfg"]) before.set(name, readFileSync(file(name)));
      runs.push(await runEngine(project.folder, ["--import"]));
      for (const kind of ["debug", "release"]) {
        mkdirSync(file(`build/${kind}`), { recursive: true });
        const to = `build/${kind}/index.html`;
        runs.push(await runEngine(project.folder, [`--export-${kind}`, "Web", to]));
      }
      browser = await startBrowser();
    }, 5 * MINUTE);

    afterAll(async () => {
      await browser.close();
      project.remove();
    });

    it("is imported and exported without an error", () => {
      expect(runs.flatMap((run) => run.errors)).toEqual([]);
      expect(runs).toHaveLength(3);
    });

    it("keeps its project and presets byte for byte as they were", () => {
      for (const [name, bytes] of before) expect(readFileSync(file(name)).equals(bytes)).toBe(true);
    });

    it.each(["debug", "release"] as const)(
      "plays its story on the backend inside the page, %s build",
      async (kind) => {
        const query = `story=1&endpoint=${encodeURIComponent("mock://?seed=7&speed=5")}`;
        await inGame(kind, query, async (game) => {
          await game.line("office: team of", 2 * MINUTE);
          // Some of them sit at their desks by then.
          await game.page.waitForTimeout(2_500);
          const picture = await game.page.screenshot({ path: join(kept, `office-${kind}.png`) });
          expect(picture.byteLength).toBeGreaterThan(EMPTY_PICTURE);
          await game.line("office: the story is over", 2 * MINUTE);
          const told = game.lines.filter((line) => line.startsWith("office: "));
          expect(told.slice(0, 2)).toEqual(["office: connected to agentvm-mock", "office: npcs 6"]);
          expect(told).toContain("office: task given true");
          expect(told.find((line) => line.startsWith("office: task ") && line.includes(", seen "))).toMatch(
            /seen .*(thinking|working|coding).*/,
          );
          expect(told).toContain("office: team of 3");
          expect(told).toContain("office: team over true");
          expect(told.some((line) => line.startsWith("office: hired"))).toBe(true);
          expect(told.some((line) => line.startsWith("office: failed"))).toBe(false);
          expect(told.at(-2)).toBe("office: npcs 6, pooled 1");
          const wrong = game.lines.filter((line) => /SCRIPT ERROR|ERROR:|page error/.test(line));
          expect(wrong).toEqual([]);
        });
      },
      4 * MINUTE,
    );
  },
);
