import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startControl } from "./lib/control.js";
import type { Control } from "./lib/control.js";
import { copyProject, root, runEngine, skipReason } from "./lib/engine.js";
import type { EngineRun } from "./lib/engine.js";

describe.skipIf(skipReason !== null)(
  `the dock in the editor${skipReason === null ? "" : ` (${skipReason})`}`,
  () => {
    let project: Awaited<ReturnType<typeof copyProject>>;
    let control: Control;
    let visit: EngineRun;

    beforeAll(async () => {
      control = await startControl();
      project = await copyProject("test/godot/editor");
      copyFileSync(join(root, "test/godot/project/control.gd"), join(project.folder, "control.gd"));
      await runEngine(project.folder, ["--import"]);
      visit = await runEngine(project.folder, ["--editor"], {
        timeoutMs: 150_000,
        env: { AGENTVM_TEST_CONTROL: control.url },
      });
    }, 200_000);

    afterAll(async () => {
      project.remove();
      await control.close();
    });

    /** What the visitor of `test/godot/editor` printed under a name. */
    const seen = (what: string): string =>
      visit.output
        .split("\n")
        .find((line) => line.startsWith(`${what}: `))
        ?.slice(what.length + 2) ?? `nothing in:\n${visit.output}`;

    it("is there, prints no error, and is not connected at first", () => {
      expect(visit.errors).toEqual([]);
      expect(visit.output).toContain("the visit is over");
      expect(seen("dock")).toBe("true");
      expect(seen("at first")).toBe("○ disconnected | http://localhost:8000");
      expect(seen("test can be pressed")).toBe("false");
    });

    it("says that the server is down, and what to do", () => {
      expect(seen("while it connects")).toMatch(
        /^◔ connecting \| http:\/\/127\.0\.0\.1:\d+ \| Connecting …$/,
      );
      expect(seen("with the server down")).toContain("○ disconnected | http://127.0.0.1:");
      expect(seen("with the server down")).toContain("npx oligarchy-agentvm serve");
    });

    it("shows the connection once the server is up", () => {
      expect(seen("with the server up")).toMatch(/^● connected \| http:\/\/127\.0\.0\.1:\d+$/);
    });

    it("tries the server out at the press of a button, and leaves no agent behind", () => {
      expect(seen("after the test")).toMatch(/All is well: agentvm-mock \S+ is healthy, and took a task\.$/);
      expect(seen("agents after the test")).toBe("");
    });

    it("shows the agents and tasks of a game that runs", () => {
      expect(seen("agents of a game")).toMatch(/^Ada \(aider\) \| (thinking|coding|moving|speaking)$/);
      expect(seen("tasks of a game")).toMatch(/Fix the jump \| running \d+ %/);
    });

    it("shows that the server has gone, and lets go of it", () => {
      expect(seen("with the server gone")).toContain("◑ reconnecting");
      expect(seen("in the end")).toContain("○ disconnected");
    });
  },
);
