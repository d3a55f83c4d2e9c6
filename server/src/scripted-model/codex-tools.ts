import { randomUUID } from "node:crypto";
import type { Call, ToolUse } from "./call.js";
import type { ToolStep } from "./scenario.js";

/** The calls that do a step with codex's own tools, a shell and patches; null where those are not offered. */
export function codexToolUses(step: ToolStep, call: Call): readonly ToolUse[] | null {
  const shell = call.tools.find(({ name }) => name === "exec_command");
  if (shell === undefined) return null;
  const run = (cmd: string): readonly ToolUse[] => [use(shell.name, { cmd })];
  switch (step.kind) {
    case "read":
      return run(`cat -- '${step.path.replaceAll("'", "'\\''")}'`);
    case "write":
      return run(patch([`*** Add File: ${step.path}`, ...prefixed("+", step.content)]));
    case "edit":
      return run(
        patch([
          `*** Update File: ${step.path}`,
          "@@",
          ...prefixed("-", step.old),
          ...prefixed("+", step.new),
        ]),
      );
    case "delete":
      return run(patch([`*** Delete File: ${step.path}`]));
    case "run":
      return run(step.command);
    case "plan": {
      const tool = call.tools.find(({ name }) => name === "update_plan");
      const plan = step.entries.map(({ text, status }) => ({ step: text, status: STATUS[status] }));
      return tool === undefined ? null : [use(tool.name, { plan })];
    }
    case "ask":
    case "helper":
      return null;
  }
}

const STATUS = { pending: "pending", running: "in_progress", done: "completed" } as const;

function use(name: string, input: object): ToolUse {
  return { id: `call_${randomUUID()}`, name, input: JSON.stringify(input), format: "json" };
}

/** codex takes this command for itself, wherever the model writes it, and asks about the files as it would about a patch. */
function patch(lines: readonly string[]): string {
  return ["apply_patch <<'PATCH'", "*** Begin Patch", ...lines, "*** End Patch", "PATCH"].join("\n");
}

function prefixed(sign: string, text: string): readonly string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => sign + line);
}
