import type { Agent, Task, Usage } from "../../../src/slim.js";

/** The time of day of an ISO timestamp, in the place where it is read: 14:05:09. */
export function timeOf(timestamp: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleTimeString(undefined, { hour12: false });
}

/** Day and time of an ISO timestamp. */
export function dayAndTime(timestamp: string): string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium", hour12: false });
}

/** Seconds as a person says them: 4.2 s, 3 min 20 s, 2 h 5 min. */
export function seconds(value: number): string {
  if (value < 60) return `${Number(value.toFixed(1))} s`;
  if (value < 3_600) return `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
  return `${Math.floor(value / 3_600)} h ${Math.floor((value % 3_600) / 60)} min`;
}

/** Milliseconds, precise where they are few. */
export function milliseconds(value: number): string {
  return `${value < 10 ? Number(value.toFixed(2)) : Math.round(value)} ms`;
}

/** Bytes as a person says them. */
export function bytes(value: number): string {
  return value < 1_000_000 ? `${Math.round(value / 1_000)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** How long a task took, or has taken so far. */
export function tookOf(task: Task): string {
  if (task.result !== null) return seconds(task.result.execution_time);
  if (task.started_at === null || task.completed_at === null) return "";
  return seconds((Date.parse(task.completed_at) - Date.parse(task.started_at)) / 1_000);
}

/** That a task was begun before, by a worker that is gone; nothing for a first attempt, or for a function that went on from a snapshot. */
export function attemptInWords(attempt: unknown, work?: Task["work"]): string {
  const again = typeof attempt === "number" && attempt > 1;
  if (!again) return "";
  return work === undefined || work === "worker"
    ? `attempt ${attempt}, the worker was lost`
    : `attempt ${attempt}`;
}

/** What a task waits for that nobody works on yet; nothing for one that is under way, or over. */
export function waitsFor({ status, message }: Task): string {
  return status === "pending" || status === "assigned" ? message : "";
}

/** What a model has used for a task, as a person says it. */
export function usageInWords(usage: Usage | null): string {
  if (usage === null) return "nothing told";
  const { input_tokens, output_tokens, cost_usd, model } = usage;
  const tokens = `${input_tokens} tokens in, ${output_tokens} out`;
  const cost = cost_usd === null ? [] : [`$${Number(cost_usd.toFixed(4))}`];
  return [tokens, ...cost, ...(model === null ? [] : [model])].join(", ");
}

/** The name of an agent, or its id where it is gone. */
export function nameOf(agents: readonly Agent[], id: string): string {
  return agents.find((agent) => agent.id === id)?.name ?? id;
}

/** Up to two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const [first = "?", second] = words;
  return (second === undefined ? first.slice(0, 2) : `${first.charAt(0)}${second.charAt(0)}`).toUpperCase();
}

/** Black or white, whichever is read better on a colour like #0066CC. */
export function inkOn(color: string): "#000" | "#fff" {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
