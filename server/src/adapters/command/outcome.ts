import type { Exit } from "../../processes/processes.js";
import type { AgentResult } from "../adapter.js";
import { endedWithoutResult, failed } from "../outcome.js";

/** Lines and characters of standard error that a failure tells. */
const LINES_MAX = 5;
const TEXT_MAX = 600;

/** What there is to judge by when a command has ended. */
export interface CommandEnding {
  /** What it said last of how far it is. */
  readonly message: string;
  readonly errorText: string;
}

/** What a run of a command came to: its exit code says it. */
export function outcomeOf(name: string, exit: Exit, { message, errorText }: CommandEnding): AgentResult {
  if (exit.kind !== "code") return endedWithoutResult(name, { exit, errorText });
  if (exit.code === 0) return { success: true, summary: message };
  const last = errorText.trim().split("\n").slice(-LINES_MAX).join("\n").slice(-TEXT_MAX);
  const said = last === "" ? "" : ` It said: ${last}`;
  return failed("command_failed", `${name} ended with exit code ${exit.code}.${said}`);
}
