import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createMockBackend } from "../../../mock-server/index.js";
import type { AgentResult, AgentRun, Adapter } from "../../../server/src/adapters/adapter.js";
import { DEFAULT_RULES } from "../../../server/src/permissions/rules.js";
import type { TaskProcesses } from "../../../server/src/processes/create-processes.js";
import { agentWork } from "../../../server/src/worker/agent-work.js";
import type { AgentWorkParts } from "../../../server/src/worker/agent-work.js";
import { Conversations } from "../../../server/src/worker/conversations.js";
import type { PlaceChanges, Workspace } from "../../../server/src/workspace/workspace.js";
import { all, work } from "../../domain/support.js";

/** What a task of the rig has changed, where it is to have changed something. */
export const CHANGES: PlaceChanges = {
  branch: "agentvm/task",
  base: "main",
  commit: "0123456789abcdef0123456789abcdef01234567",
  files: [{ path: "player.ts", status: "modified", insertions: 1, deletions: 1 }],
  insertions: 1,
  deletions: 1,
  diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jmp\n+jump\n",
};

/** Starts nothing: the agents of the rig are functions. */
const noProcesses: TaskProcesses = {
  close: async () => undefined,
  start() {
    throw new Error("The rig has no programs.");
  },
};

/**
 * A backend on the manual clock whose tasks are done by an agent that is a function here, in a workspace that tells what was done with its
 * places.
 */
export function agentRig(
  run: (run: AgentRun) => Promise<AgentResult>,
  {
    changes = null,
    ...more
  }: { readonly changes?: PlaceChanges | null } & Partial<
    Pick<AgentWorkParts, "rules" | "redact" | "workspace" | "setUp" | "processesFor">
  > = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "agentvm-rig-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const done: string[] = [];
  const runs: AgentRun[] = [];
  const workspace: Workspace = {
    root: folder,
    base: "main",
    open: async () => ({
      directory: folder,
      branch: "agentvm/task",
      commit: async (message, author) => {
        done.push(`${author} commits: ${message}`);
        return changes;
      },
      remove: async () => void done.push("removed"),
    }),
    review: async () => [],
    settle: async () => undefined,
    close: async () => undefined,
  };
  const adapter: Adapter = {
    name: "stand-in",
    program: "stand-in",
    types: ["claude"],
    variables: [],
    known: [],
    look: async () => ({ found: true, path: "stand-in", version: null, login: null }),
    run: (one) => {
      runs.push(one);
      return run(one);
    },
  };
  const conversations = new Conversations(join(folder, "state/conversations.json"));
  const backend = createMockBackend({
    seed: 7,
    clock: "manual",
    work: (task, job) =>
      agentWork(
        { adapter, program: "stand-in", args: [], model: null, environment: {} },
        {
          workspace,
          conversations,
          processesFor: () => noProcesses,
          setUp: null,
          rules: DEFAULT_RULES,
          askSeconds: 60,
          redact: (text) => text,
          clock: backend.wallClock,
          ...more,
        },
      )(task, job),
  });
  onTestFinished(() => backend.close());
  const agent = backend.engine.agents.create(all, { agent_type: "claude", name: "Ada" });
  const now = (id: string) => backend.engine.tasks.get(all, id);
  return {
    backend,
    agent,
    folder,
    conversations,
    /** What was done with the places of tasks. */
    done,
    runs,
    assign: (prompt = "Fix the jump", continues?: string) =>
      backend.engine.tasks.assign(
        all,
        work({ prompt, agent_id: agent.id, ...(continues !== undefined && { continues }) }),
      ).id,
    now,
    agentNow: () => backend.engine.agents.get(all, agent.id),
    helpers: () =>
      backend.engine.agents.list(all, {}).items.filter(({ parent_agent_id }) => parent_agent_id === agent.id),
    answer: (id: string, answer: { readonly choice?: string; readonly text?: string }) =>
      backend.engine.tasks.answer(all, id, {
        question_id: now(id).question?.question_id ?? "none",
        ...answer,
      }),
    /** Lets what was begun go on until it waits for something; files and promises alone are waited for. */
    settled: async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    },
  };
}
