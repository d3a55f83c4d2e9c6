import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProcesses } from "../../../server/src/processes/create-processes.js";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import { all } from "../../domain/support.js";
import { agentRig } from "./agent-rig.js";

/** A task whose worktree is made ready by a command, in a repository that does not see `node_modules`. */
function readied(command: string) {
  const rig = agentRig(async () => ({ success: true, summary: "Done." }), {
    setUp: { command, environment: { PATH: "/usr/bin:/bin" } },
    processesFor: ({ id }, directory, scratch) =>
      createProcesses({ task: id, directories: [directory, scratch], redactor: createRedactor({}) }),
  });
  execFileSync("git", ["init", "--quiet"], { cwd: rig.folder });
  writeFileSync(join(rig.folder, ".gitignore"), "node_modules\nstate\n.gitignore\n");
  const id = rig.assign();
  const ended = async () => {
    await expect.poll(() => rig.now(id).result, { timeout: 10_000 }).not.toBeNull();
    return rig.now(id).result;
  };
  return { rig, id, ended };
}

describe("a worktree that is set up", () => {
  it("is ready when the agent comes, and what the command said is output of the task", async () => {
    const { rig, ended } = readied("mkdir node_modules && touch node_modules/here && echo added 1 package");
    expect(await ended()).toMatchObject({
      success: true,
      output: expect.stringContaining("added 1 package"),
    });
    expect(rig.runs).toHaveLength(1);
  });

  it("fails the task where the command fails, with what it said last, before the agent has begun", async () => {
    const { rig, ended } = readied("echo looking; echo no such registry >&2; exit 7");
    expect(await ended()).toMatchObject({
      success: false,
      error: { code: "setup_failed", message: expect.stringMatching(/failed:\nlooking\nno such registry\n/) },
    });
    expect(rig.runs).toEqual([]);
    expect(rig.done).toContain("removed");
  });

  it("fails the task where it has made what would be taken for the agent's work", async () => {
    const { ended } = readied("touch package-lock.json");
    expect(await ended()).toMatchObject({
      error: { code: "setup_failed", message: expect.stringContaining("package-lock.json") },
    });
  });

  it("is ended with the task", async () => {
    const { rig, id } = readied("echo begun; sleep 1000");
    await expect.poll(() => rig.now(id).message, { timeout: 10_000 }).toContain("Sets up");
    rig.backend.engine.tasks.cancel(all, id, "enough");
    expect(rig.now(id).status).toBe("cancelled");
    await expect.poll(() => rig.done, { timeout: 10_000 }).toContain("removed");
  });
});
