import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { startControl } from "./lib/control.js";
import type { Control } from "./lib/control.js";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";
import { chromiumPath, openGame, serveFolder, startBrowser } from "./lib/page.js";
import type { Game } from "./lib/page.js";

const SECRET = "secret-key-of-the-developer";
const MINUTE = 60_000;

const missing =
  skipReason ??
  (chromiumPath === null && process.env["CI"] !== "true"
    ? "no Chromium: install it or set CHROMIUM_BIN"
    : null);

/** What the story printed. */
function storyOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith("line "));
}

/**
 * Stands in the page before anything else: while it is hidden the page draws no frames. It is hidden once the game says
 * that it has asked or is working, before the next frame.
 */
function hideable(): void {
  const waiting: FrameRequestCallback[] = [];
  const draw = window.requestAnimationFrame.bind(window);
  const state = { hidden: false };
  const log = console.log.bind(console);
  console.log = (...said: unknown[]) => {
    if (/^(asked: 10000|working: true)/.test(String(said[0]))) state.hidden = true;
    log(...said);
  };
  window.requestAnimationFrame = (callback) => (state.hidden ? waiting.push(callback) : draw(callback));
  Object.assign(window, {
    showPage: () => {
      state.hidden = false;
      for (const callback of waiting.splice(0)) draw(callback);
    },
  });
}

/** A page's script that takes a game in and then throws at everything. */
function throwing(): void {
  const refuse = (): never => {
    throw new Error("the page throws");
  };
  const game = { game_id: "game_1", agents: [], limits: {}, server: {} };
  Object.assign(window, {
    agentvmGodot: {
      start: (_message: string, callback: (text: string) => void) => {
        setTimeout(
          () => callback(JSON.stringify({ client: 1, replies: [{ id: 0, value: game }], news: [] })),
          0,
        );
        return '{"client":1}';
      },
      submit: refuse,
      stop: refuse,
    },
  });
}

/** A page's script that throws at the start already. */
function throwingAtStart(): void {
  Object.assign(window, {
    agentvmGodot: {
      start: () => {
        throw new Error("the page throws");
      },
    },
  });
}

/** What a game tells of a server that says words of tomorrow, one of them in each place that has room for any. */
const ofTomorrow = [
  "connected: true",
  "health: later_healthy",
  'types: ["later_aider", "later_opencode", "later_claude", "later_custom"]',
  "kept ready: 2",
  "agent: later_aider later_idle",
  "status: true",
  "an unknown status is no ending: true",
  "states counted: true",
  "ended: 1",
  "ended as: true",
  "output: true later_stdout",
  "states known today: []",
  "states of tomorrow: true",
  "known agent: later_idle",
  "an unknown event: true",
  "told as created: []",
  "moved: true",
  "queued: (3.0, 0.0, 4.0)",
  "nobody: {  }",
  "connections: [true, false, true]",
  "a team afterwards: 2",
  'failed: ["later_agent_not_found 404", "agent_gone later_agent_not_found"]',
].map((line) => `line ${line}`);

/** What a game tells of work that asks and changes something. */
const ofWork = [
  "connected: true",
  "asked: allow,allow_all,deny",
  "about: src/player/player.ts",
  "no answer to it: false invalid_request",
  "answered: true",
  "again: false no_such_question",
  "why: true",
  "finished: true",
  "diff: --- a/player.ts\\n+++ b/player.ts\\n@@ -1 +1 @@\\n-jump\\n+jump()\\n",
  "accepted: true",
  "review: accepted",
  "other verdict: false already_reviewed",
  "conflict: false merge_conflict",
  "files: true",
  "discarded: true",
  "no diff: no_changes",
  "words: true",
  'output: Zoë\\\'s \\"jump\\" 😀 by player\\n',
  "late: nothing by time\\n",
  "watched: true",
  "lines: stdout one, stderr two",
  'told: allow by player; Zoë\\\'s \\"jump\\" 😀 by player;  by time',
];

describe.skipIf(missing !== null)(
  `the addon in a web export${missing === null ? "" : ` (${missing})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let control: Control;
    let browser: Browser;
    const exported = new Map<string, EngineRun>();
    const before = new Map<string, Buffer>();
    const kept = join(root, "coverage/godot");

    const file = (name: string): string => join(project.folder, name);

    const exportTo = async (folder: string, kind: "debug" | "release"): Promise<EngineRun> => {
      mkdirSync(file(folder), { recursive: true });
      const run = await runEngine(project.folder, [`--export-${kind}`, "Web", `${folder}/index.html`]);
      exported.set(folder, run);
      return run;
    };

    const open = async (
      folder: string,
      query: string,
      { headers = {}, before: script }: { headers?: Record<string, string>; before?: () => void } = {},
    ): Promise<Game> => {
      const site = await serveFolder(file(folder), headers);
      const game = await openGame(browser, `${site.url}/index.html?${query}`, script);
      return {
        ...game,
        close: async () => {
          await game.close();
          await site.close();
        },
      };
    };

    /** Asks the control for something, in JSON. */
    const ask = async (command: string, fields: object): Promise<string> => {
      const answer = await fetch(`${control.url}/${command}`, {
        method: "POST",
        body: JSON.stringify(fields),
      });
      return z.object({ url: z.optional(z.string()) }).parse(await answer.json()).url ?? "";
    };

    /** Plays one case to its end and gives what it printed. */
    const play = async (
      folder: string,
      query: string,
      how: { headers?: Record<string, string>; before?: () => void } = {},
    ): Promise<readonly string[]> => {
      const game = await open(folder, query, how);
      try {
        await game.line("the run is over");
        return game.lines;
      } finally {
        await game.close();
      }
    };

    beforeAll(async () => {
      mkdirSync(kept, { recursive: true });
      control = await startControl();
      project = await copyProject("test/godot/web");
      await runEngine(project.folder, ["--import"]);
      for (const name of ["project.godot", "export_presets.cfg"]) before.set(name, readFileSync(file(name)));
      await exportTo("build/debug", "debug");
      await exportTo("build/release", "release");
      browser = await startBrowser();
    }, 5 * MINUTE);

    afterAll(async () => {
      await browser.close();
      await control.close();
      project.remove();
    });

    it("exports without an error, debug and release", () => {
      for (const run of exported.values()) expect(run.errors).toEqual([]);
      expect(exported.size).toBe(2);
    });

    it("leaves the developer's project and presets byte for byte as they were", () => {
      for (const [name, bytes] of before) expect(readFileSync(file(name)).equals(bytes)).toBe(true);
    });

    it("leaves the API key out of the export", () => {
      for (const folder of ["build/debug", "build/release"]) {
        expect(readFileSync(join(file(folder), "index.pck")).includes(SECRET)).toBe(false);
      }
      expect(before.get("project.godot")?.includes(SECRET)).toBe(true);
    });

    it(
      "prints the same story in both builds and, natively, against a server",
      async () => {
        const url = await ask("serve", { max_agents: 10 });
        const native = await runEngine(project.folder, [
          "--",
          "run=scenario",
          `endpoint=${encodeURIComponent(url)}`,
          "key=development-key",
        ]);
        expect(native.errors).toEqual([]);
        const story = storyOf(native.output.split("\n"));
        expect(story.length).toBeGreaterThan(30);
        writeFileSync(join(kept, "scenario.txt"), story.join("\n"));
        const query = `run=scenario&endpoint=${encodeURIComponent("mock://?seed=7&speed=40")}`;
        expect(storyOf(await play("build/debug", query))).toEqual(story);
        expect(storyOf(await play("build/release", query))).toEqual(story);
      },
      3 * MINUTE,
    );

    it.each([
      ["positions that come to nothing, an agent at a time", "refusals", 8],
      ["games that are left, and stay where they asked to", "keeping", 4],
    ])(
      "tells the same of %s, in both builds and, natively, against a server",
      { timeout: 3 * MINUTE },
      async (_what, run, count) => {
        const url = await ask("serve", { max_agents: 10 });
        const native = await runEngine(project.folder, [
          ...["--", `run=${run}`, `endpoint=${encodeURIComponent(url)}`, "key=development-key"],
        ]);
        expect(native.errors).toEqual([]);
        const told = storyOf(native.output.split("\n"));
        expect(told).toHaveLength(count);
        const query = `run=${run}&endpoint=${encodeURIComponent("mock://?seed=7&speed=40")}`;
        expect(storyOf(await play("build/debug", query))).toEqual(told);
        expect(storyOf(await play("build/release", query))).toEqual(told);
      },
    );

    it(
      "plays at a server of tomorrow and keeps its words as they are, in both builds and natively",
      { timeout: 4 * MINUTE },
      async () => {
        const query = async (): Promise<string[]> => {
          const url = await ask("tomorrow", { speed: 8 });
          return [
            "run=tomorrow",
            `endpoint=${encodeURIComponent(url)}`,
            "key=development-key",
            `control=${encodeURIComponent(control.url)}`,
          ];
        };
        const native = await runEngine(project.folder, ["--", ...(await query())]);
        expect(native.errors).toEqual([]);
        expect(storyOf(native.output.split("\n"))).toEqual(ofTomorrow);
        for (const folder of ["build/debug", "build/release"]) {
          const lines = await play(folder, (await query()).join("&"));
          expect(storyOf(lines)).toEqual(ofTomorrow);
          expect(lines.filter((line) => /error/i.test(line))).toEqual([]);
        }
      },
    );

    describe.each(["build/debug", "build/release"])("%s", (folder) => {
      it(
        "gives a hundred calls at once their own answers, over few crossings",
        async () => {
          const lines = await play(folder, "run=hundred");
          expect(lines).toContain("right: 100");
          expect(lines).toContain("crossings in: 1.0");
          expect(lines).toContain("crossings out within frames: true");
        },
        2 * MINUTE,
      );

      it(
        "ends a call with cancelled when its manager is freed, and another manager works",
        async () => {
          const lines = await play(folder, "run=freed");
          expect(lines).toContain("code: cancelled");
          expect(lines).toContain("ended with: {  }");
          expect(lines).toContain("another: true");
        },
        2 * MINUTE,
      );

      it(
        "ends calls with an error where the page's script throws",
        async () => {
          const lines = await play(folder, "run=throwing", { before: throwing });
          expect(lines).toContain("connected: true");
          expect(lines).toContain("health: {  }");
          expect(lines).toContain("code: invalid_answer");
          expect(lines).toContain("state: disconnected");
          const atStart = await play(folder, "run=connecting", { before: throwingAtStart });
          expect(atStart).toContain("connected: false");
        },
        2 * MINUTE,
      );
    });

    it(
      "does with tasks what a file of the game says, and loads what that needs where one is named alone",
      async () => {
        const run = (endpoint: string) =>
          play("build/release", `run=scripted&endpoint=${encodeURIComponent(`mock://?${endpoint}`)}`);
        expect(await run("seed=7&script=res://scripts.json&speed=20")).toEqual(
          expect.arrayContaining([
            "connected: true",
            "loaded: true",
            "failed: 3 tests fail.",
            "asked: Red or blue?",
            "answered: true",
            "output: It is painted.",
          ]),
        );
        expect(await play("build/release", "run=unscripted")).toContain("loaded: false");
        expect((await run("script=res://wrong.json")).join()).toContain("script 1.takes must be a number");
        expect((await run("script=res://none.json")).join()).toContain("the game has no such file");
        cpSync(file("build/release"), file("build/unscripted"), { recursive: true });
        rmSync(join(file("build/unscripted"), "agentvm-godot-scripts.js"));
        const query = `run=scripted&endpoint=${encodeURIComponent("mock://?script=res://scripts.json")}`;
        expect((await play("build/unscripted", query)).join()).toContain(
          "could not load agentvm-godot-scripts.js",
        );
      },
      3 * MINUTE,
    );

    it(
      "moves an agent after the game was started again, however far the life before had counted",
      async () => {
        const lines = await play("build/release", "run=next_life");
        expect(lines).toContain("moved in the next life: true");
        expect(lines).toContain("queued in the next life: true");
      },
      2 * MINUTE,
    );

    it(
      "crosses the bridge zero times while nothing happens",
      async () => {
        expect(await play("build/release", "run=idle")).toContain("crossings: true");
      },
      2 * MINUTE,
    );

    it(
      "answers ten thousand calls that a hidden page queued, once it is shown",
      async () => {
        const game = await open("build/release", "run=hidden", { before: hideable });
        try {
          await game.line("asked: 10000");
          await game.page.waitForTimeout(3_000);
          expect(game.lines.some((line) => line.startsWith("answered"))).toBe(false);
          await game.page.evaluate("showPage()");
          expect(await game.line("answered", MINUTE)).toBe("answered: 10000");
          expect(await game.line("well", MINUTE)).toBe("well: 10000");
        } finally {
          await game.close();
        }
      },
      3 * MINUTE,
    );

    it(
      "goes on with what happened while the page was hidden",
      async () => {
        const game = await open("build/release", "run=shown_again", { before: hideable });
        try {
          await game.line("working: true");
          await game.page.waitForTimeout(4_000);
          expect(game.lines.some((line) => line.startsWith("ended"))).toBe(false);
          await game.page.evaluate("showPage()");
          expect(await game.line("connected after")).toBe("connected after: true");
        } finally {
          await game.close();
        }
      },
      2 * MINUTE,
    );

    it(
      "uses the embedded backend where the project names no endpoint, and holds no key",
      async () => {
        const lines = await play("build/release", "run=autoload");
        expect(lines).toContain("server: agentvm-mock");
        expect(lines).toContain("key in the export: ");
      },
      2 * MINUTE,
    );

    it(
      "reaches a real server from the page",
      async () => {
        const url = await ask("serve", {});
        const lines = await play("build/release", `run=connecting&endpoint=${encodeURIComponent(url)}`);
        expect(lines).toContain("state: connected");
      },
      2 * MINUTE,
    );

    it.each(["debug", "release"])(
      "answers what work asks, and sees what it changed, in a %s build",
      async (kind) => {
        const endpoint = encodeURIComponent(await ask("desk", { speed: 20 }));
        const lines = await play(`build/${kind}`, `run=work&endpoint=${endpoint}`);
        expect(lines.filter((line) => ofWork.includes(line))).toEqual(ofWork);
      },
      2 * MINUTE,
    );

    it(
      "refuses an endpoint that is no URL, in a word",
      async () => {
        const lines = await play("build/debug", "run=insisting&endpoint=not%20a%20url");
        expect(lines).toContain("failed with: invalid_endpoint");
      },
      2 * MINUTE,
    );

    it(
      "is told of a wrong key by a real server, without the key",
      async () => {
        const endpoint = encodeURIComponent(await ask("serve", {}));
        const lines = await play("build/debug", `run=insisting&key=wrong-secret&endpoint=${endpoint}`);
        expect(lines).toContain("failed with: forbidden");
        expect(lines.filter((line) => line.includes("wrong-secret"))).toEqual([]);
      },
      2 * MINUTE,
    );

    it(
      "connects to a server that is down at the start once it is up",
      async () => {
        const url = await ask("serve", { max_agents: 10 });
        await ask("kill", { url });
        const game = await open("build/release", `run=insisting&endpoint=${encodeURIComponent(url)}`);
        try {
          expect(await game.line("failed with")).toBe("failed with: network_error");
          await ask("serve", { port: Number(new URL(url).port) });
          expect(await game.line("connected")).toBe("connected: true");
        } finally {
          await game.close();
        }
      },
      2 * MINUTE,
    );

    describe("what a game gives wrong", () => {
      let lines: readonly string[] = [];
      beforeAll(async () => {
        lines = await play("build/debug", "run=bad_calls");
      }, 2 * MINUTE);

      it.each([
        ["a task for an agent that is gone", '\\"\\" agent_not_found'],
        ["an empty prompt", '\\"\\" invalid_request'],
        ["a team of none", "Array[String]([]) invalid_request"],
        ["a team of a hundred", "Array[String]([]) invalid_request"],
      ])("ends %s with an empty value and a code", (what, end) => {
        expect(lines).toContain(`${what}: ${end}`);
      });

      it("leaves the next call as it was", () => {
        expect(lines).toContain("a good task: true");
      });

      it("gives a team of three on the first try, with nobody idle", () => {
        expect(lines).toContain("a team of three: 3");
      });
    });

    it(
      "ends calls of a manager that is not connected yet, or in the tree no more, and connects again",
      async () => {
        const lines = await play("build/release", "run=too_early_and_too_late");
        expect(lines).toContain('before: \\"\\" not_connected');
        expect(lines).toContain('outside: \\"\\" not_in_tree');
        expect(lines).toContain("code: cancelled");
        expect(lines).toContain("ended with: {  }");
        expect(lines).toContain("state: disconnected");
        expect(lines).toContain("connected again: true");
      },
      2 * MINUTE,
    );

    it(
      "runs under a content security policy that forbids eval",
      async () => {
        const headers = {
          "content-security-policy":
            "default-src 'self' blob: data:; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self' blob:",
        };
        expect(await play("build/release", "run=connecting", { headers })).toContain("state: connected");
      },
      2 * MINUTE,
    );

    it(
      "plays at a server with no backend in the page, neither loaded nor taken from the game",
      async () => {
        const url = await ask("serve", { max_agents: 10 });
        const game = await open("build/release", `run=connecting&endpoint=${encodeURIComponent(url)}`);
        try {
          expect(await game.line("state")).toBe("state: connected");
          const loaded = await game.page.evaluate(() =>
            performance.getEntriesByType("resource").map(({ name }) => name.replace(/^.*\//, "")),
          );
          expect(loaded).toContain("agentvm-godot.js");
          expect(loaded).not.toContain("agentvm-godot-backend.js");
          expect(await game.page.evaluate(() => "agentvmGodotBackend" in globalThis)).toBe(false);
        } finally {
          await game.close();
        }
      },
      2 * MINUTE,
    );

    it(
      "runs from the copies inside the game where the scripts beside the page are missing, or says what keeps it from that",
      async () => {
        cpSync(file("build/release"), file("build/bare"), { recursive: true });
        const headers = {
          "content-security-policy": "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
        };
        rmSync(join(file("build/bare"), "agentvm-godot-backend.js"));
        expect(await play("build/bare", "run=connecting")).toContain("state: connected");
        const without = (await play("build/bare", "run=connecting", { headers })).join("\n");
        expect(without).toContain("script_missing");
        expect(without).toContain("could not load agentvm-godot-backend.js");
        expect(without).toContain("keep that file beside the page");
        rmSync(join(file("build/bare"), "agentvm-godot.js"));
        expect(await play("build/bare", "run=connecting")).toContain("state: connected");
        const refused = (await play("build/bare", "run=connecting", { headers })).join("\n");
        expect(refused).toContain("connected: false");
        expect(refused).toContain("script_missing");
        expect(refused).toContain("Content-Security-Policy");
        expect(refused).toContain("shell");
      },
      2 * MINUTE,
    );

    it(
      "has the script once, however often it is exported",
      async () => {
        const again = await exportTo("build/debug", "debug");
        expect(again.errors).toEqual([]);
        const html = readFileSync(join(file("build/debug"), "index.html"), "utf8");
        expect(html.split("agentvm-godot.js").length - 1).toBe(1);
      },
      MINUTE * 2,
    );

    it(
      "puts the script into a shell of the developer's own and into the offline worker, and the key where it is wanted",
      async () => {
        const presets = before.get("export_presets.cfg")?.toString("utf8") ?? "";
        const settings = before.get("project.godot")?.toString("utf8") ?? "";
        const shell = readFileSync(join(file("build/debug"), "index.html"), "utf8")
          .replace(/<script src="agentvm-godot\.js"><\/script>\n/, "")
          .replace("</head>", "<!-- my own shell --></HEAD>")
          .replace(/const GODOT_CONFIG = .*/, "const GODOT_CONFIG = $GODOT_CONFIG;");
        writeFileSync(file("shell.html"), shell.replace('src="index.js"', 'src="$GODOT_URL"'));
        writeFileSync(
          file("export_presets.cfg"),
          presets
            .replace('html/custom_html_shell=""', 'html/custom_html_shell="res://shell.html"')
            .replace("progressive_web_app/enabled=false", "progressive_web_app/enabled=true"),
        );
        writeFileSync(
          file("project.godot"),
          settings.replace("connection/auto_connect", "export/ship_api_key=true\nconnection/auto_connect"),
        );
        const run = await exportTo("build/shell", "release");
        expect(run.errors).toEqual([]);
        const built = file("build/shell");
        expect(readFileSync(join(built, "index.html"), "utf8")).toMatch(
          /my own shell -->\s*<script src="agentvm-godot\.js"><\/script>\s*<\/HEAD>/,
        );
        expect(readFileSync(join(built, "index.service.worker.js"), "utf8")).toMatch(
          /CACHED_FILES = \["agentvm-godot\.js","agentvm-godot-backend\.js","index\.html"/,
        );
        expect(readFileSync(join(built, "index.pck")).includes(SECRET)).toBe(true);
        expect(run.output).toContain("can read the API key");
        expect(await play("build/shell", "run=connecting&endpoint=mock%3A%2F%2F")).toContain(
          "state: connected",
        );
      },
      3 * MINUTE,
    );

    it(
      "is played offline where it was installed",
      async () => {
        const site = await serveFolder(file("build/shell"));
        const url = `${site.url}/index.html`;
        // The engine's worker keeps the page by its plain address.
        const named = (): void => history.replaceState(null, "", "?run=connecting");
        const game = await openGame(browser, url, named);
        try {
          await game.line("the run is over");
          await game.page.evaluate(() => navigator.serviceWorker.ready);
          // Now by way of the worker, which keeps what it brings.
          await game.page.goto(url);
          await game.line("the run is over", MINUTE, 2);
          await site.close();
          await game.page.goto(url);
          await game.line("the run is over", MINUTE, 3);
          expect(game.lines.filter((line) => line === "state: connected")).toHaveLength(3);
        } finally {
          await game.close();
          await site.close();
        }
      },
      3 * MINUTE,
    );

    it(
      "touches no page when only the game's pack is exported",
      async () => {
        const run = await runEngine(project.folder, ["--export-pack", "Web", "build/only.pck"]);
        expect(run.errors).toEqual([]);
        expect(existsSync(file("build/only.pck"))).toBe(true);
        expect(existsSync(file("build/agentvm-godot.js"))).toBe(false);
      },
      2 * MINUTE,
    );
  },
);
