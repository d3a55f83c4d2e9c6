import type { PlanEntry } from "../../agent-events.js";
import { createdTask, todosOf } from "./messages.js";
import { textIn } from "./tools.js";
import type { ToolInput } from "./tools.js";

/** Entries that a plan may have; past them new ones are not taken. */
const ENTRIES_MAX = 100;

/** The agent's plan, put together from the tools by which it keeps it: one that tells it whole, and those that keep an entry at a time. */
export class ClaudePlan {
  readonly #entries = new Map<string, PlanEntry>();

  /** Takes what a tool has done. Gives the plan where that has changed it, else null. */
  take(name: string, input: ToolInput, result: unknown): readonly PlanEntry[] | null {
    if (name === "TodoWrite") return this.#whole(input);
    if (name === "TaskCreate") return this.#create(result);
    return name === "TaskUpdate" ? this.#update(input) : null;
  }

  #whole(input: ToolInput): readonly PlanEntry[] | null {
    const todos = todosOf(input["todos"]);
    if (todos === null) return null;
    this.#entries.clear();
    for (const [place, { content, status }] of todos.slice(0, ENTRIES_MAX).entries())
      this.#entries.set(String(place), { text: content, status: statusOf(status) });
    return [...this.#entries.values()];
  }

  #create(result: unknown): readonly PlanEntry[] | null {
    const task = createdTask(result);
    if (task === null || this.#entries.size >= ENTRIES_MAX) return null;
    this.#entries.set(task.id, { text: task.subject, status: "pending" });
    return [...this.#entries.values()];
  }

  #update(input: ToolInput): readonly PlanEntry[] | null {
    const id = textIn(input, "taskId") ?? "";
    const entry = this.#entries.get(id);
    const status = textIn(input, "status");
    if (entry === undefined) return null;
    if (status === "deleted") this.#entries.delete(id);
    else
      this.#entries.set(id, {
        text: textIn(input, "subject") ?? entry.text,
        status: status === null ? entry.status : statusOf(status),
      });
    return [...this.#entries.values()];
  }
}

/** Whether a tool keeps the plan, and does nothing else. */
export function keepsPlan(name: string): boolean {
  return ["TodoWrite", "TaskCreate", "TaskUpdate", "TaskGet", "TaskList"].includes(name);
}

function statusOf(status: string): PlanEntry["status"] {
  return status === "completed" ? "done" : status === "in_progress" ? "running" : "pending";
}
