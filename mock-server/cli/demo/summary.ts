import { table } from "../table.js";
import type { Colors } from "../terminal.js";
import { duration, plain } from "../text.js";
import type { DemoEnding } from "./events.js";

/** The demo's tasks as a table: who did what, how it ended, and the last word of its output. */
export function summaryOf(
  tasks: readonly DemoEnding[],
  nameOf: (agentId: string | null) => string,
  colors: Colors,
): string[] {
  const paint = { completed: colors.green, failed: colors.red, cancelled: colors.yellow };
  return table(
    [
      { title: "Agent" },
      { title: "Task" },
      { title: "Ended" },
      { title: "Took", align: "right" },
      { title: "Result" },
    ],
    tasks.map((task) => [
      nameOf(task.agent_id),
      `${task.part === "team" ? "team: " : ""}${task.task_type.replaceAll("_", " ")}`,
      paint[task.status](task.status),
      duration(task.result.execution_time),
      plain(task.result.error?.message ?? lastLine(task.result.output), 60),
    ]),
    colors,
  );
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1) ?? "";
}
