import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";
import { chromiumPath, openGame, serveFolder, startBrowser } from "./lib/page.js";
import type { Game } from "./lib/page.js";
import { bodiesIn, byFinger, byMouse, desk, phone, placeOfButton } from "./lib/office.js";

const MINUTE = 60_000;

const missing =
  skipReason ??
  (chromiumPath === null && process.env["CI"] !== "true"
    ? "no Chromium: install it or set CHROMIUM_BIN"
    : null);

/** Frames a second with a hundred NPCs for those with ten, at the least. */
const RATE_KEPT = 0.75;

/** Bytes of a picture in one colour, compressed: one with something on it has many more. */
const EMPTY_PICTURE = 10_000;

/** Pixels around the middle of a body that must be in its colour, of 49. */
const BODY_PIXELS = 8;

/** How many of the 49 pixels around each place of a picture are in about its colour, whatever the light. */
function countOfColor(
  page: Page,
  picture: Buffer,
  places: readonly { readonly x: number; readonly y: number; readonly color: string }[],
): Promise<readonly number[]> {
  const look = async (from: { url: string; places: typeof places }): Promise<number[]> => {
    const image = await createImageBitmap(await (await fetch(from.url)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    if (context === null) throw new Error("The page draws nothing flat.");
    context.drawImage(image, 0, 0);
    const hue = ([r = 0, g = 0, b = 0]: readonly number[]): number => {
      const most = Math.max(r, g, b);
      const range = most - Math.min(r, g, b);
      if (range < 40) return NaN;
      if (most === r) return (60 * ((g - b) / range) + 360) % 360;
      return most === g ? 60 * ((b - r) / range) + 120 : 60 * ((r - g) / range) + 240;
    };
    return from.places.map(({ x, y, color }) => {
      const wanted = hue([0, 2, 4].map((at) => parseInt(color.slice(at, at + 2), 16)));
      const { data } = context.getImageData(x - 3, y - 3, 7, 7);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const off = Math.abs(hue([...data.subarray(at, at + 3)]) - wanted);
        if (Math.min(off, 360 - off) < 15) count += 1;
      }
      return count;
    });
  };
  return page.evaluate(look, { url: `data:image/png;base64,${picture.toString("base64")}`, places });
}

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
    const inGame = async (
      kind: "debug" | "release",
      query: string,
      use: (game: Game) => Promise<void>,
      screen?: BrowserContextOptions,
    ) => {
      const site = await serveFolder(file(`build/${kind}`));
      try {
        const game = await openGame(browser, `${site.url}/index.html?${query}`, undefined, screen);
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
          expect(told).toContain("office: npcs 6, pooled 1");
          const wrong = game.lines.filter((line) => /SCRIPT ERROR|ERROR:|page error/.test(line));
          expect(wrong).toEqual([]);
        });
      },
      4 * MINUTE,
    );

    it(
      "draws bodies where their agents are, after everybody has walked",
      async () => {
        const query = `story=1&endpoint=${encodeURIComponent("mock://?seed=7&speed=5")}`;
        const look = async (game: Game): Promise<void> => {
          await game.line("office: the story is over", 2 * MINUTE);
          const picture = await game.page.screenshot({ path: join(kept, "office-bodies.png") });
          const bodies = bodiesIn(game);
          expect(bodies.length).toBeGreaterThanOrEqual(3);
          const seen = await countOfColor(game.page, picture, bodies);
          const missed = bodies.filter((_, index) => (seen[index] ?? 0) < BODY_PIXELS);
          // One may stand behind another, or behind the label of another.
          expect(missed.length, JSON.stringify({ bodies, seen })).toBeLessThanOrEqual(1);
        };
        await inGame("release", query, look, desk);
      },
      4 * MINUTE,
    );

    it.each([
      ["a mouse on a desk", "desk", desk, byMouse, "Call a team of three"],
      ["a finger on a phone", "phone", phone, byFinger, "Call a team"],
    ] as const)(
      "is played with %s",
      async (_, name, screen, press, teamButton) => {
        const query = `story=watch&endpoint=${encodeURIComponent("mock://?seed=7")}`;
        const play = async (game: Game): Promise<void> => {
          await game.line("office: everybody waits");
          await game.page.screenshot({ path: join(kept, `office-${name}.png`) });
          // The one in front, whom nobody can hide.
          const chosen = bodiesIn(game).reduce((one, other) => (other.y > one.y ? other : one));
          await press(game.page, chosen);
          expect(await game.line("office: asks about ")).toBe(`office: asks about ${chosen.name}`);
          const prompt = "Write tests for the save slots";
          const suggestion = await placeOfButton(game, prompt);
          await game.page.screenshot({ path: join(kept, `office-${name}-dialog.png`) });
          await press(game.page, suggestion);
          await game.line(`office: ${chosen.name} works on ${prompt}`);
          await press(game.page, await placeOfButton(game, teamButton));
          const isOfTeam = (line: string): boolean =>
            line.endsWith("works on Build networking for four players");
          await expect.poll(() => game.lines.filter(isOfTeam).length, { timeout: MINUTE }).toBe(3);
          await game.page.screenshot({ path: join(kept, `office-${name}-team.png`) });
          const wrong = game.lines.filter((line) => /SCRIPT ERROR|ERROR:|page error|failed/.test(line));
          expect(wrong).toEqual([]);
        };
        await inGame("release", query, play, screen);
      },
      3 * MINUTE,
    );

    it(
      "keeps three quarters of the frame rate of ten NPCs with a hundred",
      async () => {
        const query = `bench=100&endpoint=${encodeURIComponent("mock://?seed=7&max_agents=100")}`;
        await inGame("release", query, async (game) => {
          await game.line("bench: over", 5 * MINUTE);
          await game.page.screenshot({ path: join(kept, "office-bench.png") });
          const rounds = game.lines.filter((line) => line.startsWith("bench: round "));
          writeFileSync(join(kept, "bench.txt"), `${rounds.join("\n")}\n`);
          expect(rounds).toHaveLength(7);
          const rates = rounds.map((line) => {
            const [, few, many] = / NPCs ([\d.]+) fps, \d+ NPCs ([\d.]+) fps/.exec(line) ?? [];
            return { few: Number(few), many: Number(many) };
          });
          // What else the machine does in a few of the rounds counts for neither: a round's own ratio would have all of it.
          const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[3] ?? NaN;
          const share = middle(rates.map(({ many }) => many)) / middle(rates.map(({ few }) => few));
          expect(share, rounds.join("\n")).toBeGreaterThanOrEqual(RATE_KEPT);
        });
      },
      6 * MINUTE,
    );
  },
);
