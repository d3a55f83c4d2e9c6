import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControl } from "./lib/control.js";
import type { Control } from "./lib/control.js";
import { copyProject, godot, root, runEngine, skipReason } from "./lib/engine.js";

const statusSchema = z.object({
  status: z.looseObject({ total_agents: z.number(), sessions: z.number(), active_tasks: z.number() }),
});

/** Milliseconds for what is left of a game to go: less than a session lives that nobody has ended. */
const PATIENCE_MS = 60_000;

describe.skipIf(skipReason !== null)(
  `a game that is started again and again on one server${skipReason === null ? "" : ` (${skipReason})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let control: Control;

    beforeAll(async () => {
      control = await startControl();
      project = await copyProject("test/godot/starts");
      const [, snippet = ""] =
        /^```gdscript\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, "addons/agentvm/README.md"), "utf8")) ??
        [];
      writeFileSync(join(project.folder, "readme.gd"), `extends Node\n\n\n${snippet}`);
      await runEngine(project.folder, ["--import"]);
    }, 200_000);

    afterAll(async () => {
      project.remove();
      await control.close();
    });

    /** A server with room for one such game, and no more. */
    async function serve(fields: object): Promise<string> {
      const body = JSON.stringify({ max_agents: 4, ...fields });
      const answer = await fetch(`${control.url}/serve`, { method: "POST", body });
      return z.object({ url: z.string() }).parse(await answer.json()).url;
    }

    async function play(url: string, way: string): Promise<string[]> {
      const run = await runEngine(project.folder, ["--", way], {
        timeoutMs: 60_000,
        env: { AGENTVM_TEST_SERVER: url, AGENTVM_TEST_ENGINE: godot ?? "" },
      });
      expect(run.errors).toEqual([]);
      return run.output.split("\n").filter((line) => line.startsWith("played"));
    }

    async function left(url: string) {
      const answer = await fetch(`${url}/system/status`, { headers: { "X-API-Key": "development-key" } });
      const { total_agents, sessions, active_tasks } = statusSchema.parse(await answer.json()).status;
      return { total_agents, sessions, active_tasks };
    }

    const nothing = { total_agents: 0, sessions: 0, active_tasks: 0 };

    it.each([
      ["quits", "quit", 1],
      ["has its window closed", "close", 1],
      ["starts itself anew", "restart", 2],
    ])(
      "has its room four times, and nothing of it is left when it %s",
      { timeout: 240_000 },
      async (_what, way, runs) => {
        const url = await serve({});
        for (let start = 0; start < 4 / runs; start += 1) {
          expect(await play(url, way)).toEqual(Array.from({ length: runs }, () => "played with 4"));
        }
        await expect.poll(() => left(url), { timeout: PATIENCE_MS, interval: 100 }).toEqual(nothing);
      },
    );

    it(
      "has its room four times when it is killed, and nothing of it is left once its session is over",
      { timeout: 240_000 },
      async () => {
        const url = await serve({ session_ttl: 300 });
        for (let start = 0; start < 4; start += 1) {
          expect(await play(url, "kill")).toEqual(["played with 4"]);
        }
        await expect.poll(() => left(url), { timeout: PATIENCE_MS, interval: 100 }).toEqual(nothing);
      },
    );
  },
);
