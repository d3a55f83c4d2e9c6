import { isAbsolute, join } from "node:path";
import type { Call, OfferedTool, ToolUse } from "./call.js";
import { newCallId, quoted } from "./calling.js";
import { codexToolUses } from "./codex-tools.js";
import type { PlanStep, ToolStep } from "./scenario.js";

/**
 * The calls that do a step with the tools that are offered, one list for each answer that it takes: those of claude, of opencode and of codex
 * have other names and other fields. Null where none of them can.
 */
export function toolRounds(step: ToolStep, call: Call): readonly (readonly ToolUse[])[] | null {
  const own = codexToolUses(step, call);
  if (own !== null) return own;
  const uses = toolUses(step, call);
  return uses === null ? null : [uses];
}

function toolUses(step: ToolStep, call: Call): readonly ToolUse[] | null {
  const tools = new Map(call.tools.map((tool) => [tool.name.toLowerCase(), tool]));
  const use = (names: readonly string[], fields: Fields): readonly ToolUse[] | null => {
    const tool = names.map((name) => tools.get(name)).find((found) => found !== undefined);
    return tool === undefined ? null : [jsonUse(tool, fields)];
  };
  const place = (path: string): string =>
    isAbsolute(path) || call.directory === null ? path : join(call.directory, path);
  switch (step.kind) {
    case "read":
      return use(["read"], { path: place(step.path) });
    case "write":
      return use(["write"], { path: place(step.path), content: step.content });
    case "edit":
      return use(["edit"], { path: place(step.path), old: step.old, new: step.new });
    case "delete":
      return use(["bash"], { command: `rm -- ${quoted(step.path)}`, description: "Delete a file" });
    case "run":
      return use(["bash"], { command: step.command, description: "Run a command" });
    case "ask":
      return use(["askuserquestion", "question"], {
        questions: [
          {
            question: step.question,
            header: "Question",
            options: step.options.map((label) => ({ label, description: label })),
          },
        ],
      });
    case "helper":
      return use(["agent", "task"], {
        description: step.name,
        prompt: step.prompt,
        agent: call.tools.some(({ name }) => name === "Agent" || name === "Task")
          ? "general-purpose"
          : "general",
        background: false,
      });
    case "plan":
      return use(["todowrite"], { todos: step.entries.map(todo) }) ?? taskList(step.entries, tools);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** What the fields of this file are called in the tools of one agent or another. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  path: ["file_path", "filePath", "path"],
  old: ["old_string", "oldString"],
  new: ["new_string", "newString"],
  agent: ["subagent_type"],
  background: ["run_in_background"],
};

/** A call of a tool, with those fields that it has, by its own names for them. */
export function jsonUse(tool: OfferedTool, fields: Fields): ToolUse {
  const input: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const found = (NAMES[field] ?? [field]).find((name) => tool.fields.has(name));
    if (found !== undefined) input[found] = value;
  }
  const { name, namespace } = tool;
  return { id: newCallId(), name, namespace, input: JSON.stringify(input), format: "json" };
}

const STATUS = { pending: "pending", running: "in_progress", done: "completed" } as const;

function todo({ text, status }: PlanStep, place: number): Fields {
  return {
    id: String(place + 1),
    content: text,
    status: STATUS[status],
    activeForm: text,
    priority: "medium",
  };
}

/** A plan with the tools that keep one task at a time: each is made, and set where it is no more to be begun. */
function taskList(
  entries: readonly PlanStep[],
  tools: ReadonlyMap<string, OfferedTool>,
): readonly ToolUse[] | null {
  const create = tools.get("taskcreate");
  const update = tools.get("taskupdate");
  if (create === undefined || update === undefined) return null;
  return [
    ...entries.map(({ text }) => jsonUse(create, { subject: text, description: text, activeForm: text })),
    ...entries.flatMap(({ status }, place) =>
      status === "pending" ? [] : [jsonUse(update, { taskId: String(place + 1), status: STATUS[status] })],
    ),
  ];
}
