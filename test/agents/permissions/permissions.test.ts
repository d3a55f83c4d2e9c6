import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { PermissionRequest } from "../../../server/src/agent-events.js";
import { TaskPermissions } from "../../../server/src/permissions/permissions.js";
import type { AskedPermission, Said } from "../../../server/src/permissions/permissions.js";
import { reachOf } from "../../../server/src/permissions/reach.js";
import { DEFAULT_RULES } from "../../../server/src/permissions/rules.js";

/** A task's permissions, with a player who says what is given, one after the other. */
function asking(...answers: readonly Partial<Said>[]) {
  const root = mkdtempSync(join(tmpdir(), "agentvm-ask-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const asked: AskedPermission[] = [];
  const left = [...answers];
  const permissions = new TaskPermissions(DEFAULT_RULES, reachOf(root), async (question) => {
    asked.push(question);
    return { choice: null, text: null, by: "player", ...left.shift() };
  });
  return { permissions, asked };
}

function request(more: Partial<PermissionRequest>): PermissionRequest {
  return {
    kind: "permission",
    tool: "edit",
    tool_name: "Edit",
    title: "Edit player.ts",
    paths: ["player.ts"],
    command: null,
    diff: null,
    ...more,
  };
}

describe("what an agent may do", () => {
  it("is asked of the player with what it wants, where no rule says it", async () => {
    const { permissions, asked } = asking({ choice: "once" });
    const diff = "--- a/player.ts\n+++ b/player.ts\n";
    expect(await permissions.permit(request({ diff }))).toEqual({ verdict: "once", reason: null });
    expect(asked).toEqual([
      {
        text: "May I change player.ts?",
        options: [
          { id: "once", label: "Once" },
          {
            id: "always",
            label: "Always for this task",
            hint: "Every change in the project, until the task is over.",
          },
          { id: "no", label: "No" },
        ],
        about: { tool: "edit", title: "Edit player.ts", path: "player.ts", diff },
      },
    ]);
  });

  it("is looking at the project without a question, and nothing else", async () => {
    const { permissions, asked } = asking({ choice: "no" });
    expect((await permissions.permit(request({ tool: "read" }))).verdict).toBe("once");
    expect(asked).toEqual([]);
    expect((await permissions.permit(request({ tool: "read", paths: ["/etc/hosts"] }))).verdict).toBe("no");
    expect(asked[0]?.text).toBe("May I read /etc/hosts, outside of the project?");
  });

  it("is not asked again where it was allowed for the whole task", async () => {
    const { permissions, asked } = asking({ choice: "always" }, { choice: "always" }, { choice: "no" });
    expect((await permissions.permit(request({}))).verdict).toBe("always");
    expect((await permissions.permit(request({ tool: "delete", paths: ["level.ts"] }))).verdict).toBe("once");
    const test = request({ tool: "execute", paths: [], command: "npm test" });
    await permissions.permit(test);
    expect((await permissions.permit(test)).verdict).toBe("once");
    expect((await permissions.permit({ ...test, command: "npm test; rm x" })).verdict).toBe("no");
    expect(asked.map(({ text }) => text)).toEqual([
      "May I change player.ts?",
      "May I run this command? npm test",
      "May I run this command? npm test; rm x",
    ]);
  });

  it("is asked for the project as a whole where that is what it wants", async () => {
    const { permissions, asked } = asking({ choice: "once" });
    await permissions.permit(request({ paths: ["."] }));
    expect(asked[0]?.text).toBe("May I change any file of the project?");
  });

  it("cannot be allowed for the whole task where it is outside of the project", async () => {
    const { permissions, asked } = asking({ choice: "always" }, { choice: "no" });
    expect((await permissions.permit(request({ paths: ["../x"] }))).verdict).toBe("no");
    expect(asked[0]?.options.map(({ id }) => id)).toEqual(["once", "no"]);
  });

  it.each([
    [{ choice: "no" }, "The player said no."],
    [{ choice: "no", text: "Use level.ts" }, "The player said no: Use level.ts"],
    [{ by: "time" as const }, "Nobody answered in time, so it may not be done."],
    [{ by: "worker" as const }, "It was not decided, so it may not be done."],
  ])("is denied with a reason that the agent can read: %j", async (said, reason) => {
    expect(await asking(said).permissions.permit(request({}))).toMatchObject({ verdict: "no", reason });
  });

  it("is shown no longer than a question may be", async () => {
    const { permissions, asked } = asking({ choice: "no" });
    const long = "x".repeat(100_000);
    await permissions.permit(request({ tool: "execute", command: long, title: long, diff: long, paths: [] }));
    expect(asked[0]?.text).toHaveLength(4_000);
    expect(asked[0]?.about.command).toHaveLength(4_000);
    expect(asked[0]?.about.title).toHaveLength(1_000);
    expect(asked[0]?.about.diff).toHaveLength(65_536);
  });
});
