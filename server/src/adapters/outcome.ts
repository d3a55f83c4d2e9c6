import type { Exit } from "../processes/processes.js";
import type { AgentResult } from "./adapter.js";

const LINE_MAX = 300;

/** A failure in words for a player. */
export function failed(code: string, message: string): AgentResult {
  return { success: false, code, message };
}

/** The first line of a text, as long as a message may repeat it. */
export function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").slice(0, LINE_MAX);
}

/** What it means that an agent has ended and has not said what its work came to. */
export function endedWithoutResult(
  agent: string,
  { exit, errorText }: { readonly exit: Exit; readonly errorText: string },
): AgentResult {
  const last = firstLine(errorText.trim().split("\n").at(-1) ?? "");
  const said = last === "" ? "" : ` It said: ${last}`;
  switch (exit.kind) {
    case "unstartable":
      return failed(
        "not_installed",
        `${agent} cannot be started: ${exit.message} Install it, or name it in the profile.`,
      );
    case "hung":
      return failed(
        "hung",
        `${agent} said nothing for ${Math.round(exit.silentMs / 60_000)} minutes and was ended. Give the task again.`,
      );
    case "code":
      return failed(
        "crashed",
        exit.code === 0
          ? `${agent} ended without a result.${said} See whether it runs in a terminal.`
          : `${agent} ended with exit code ${exit.code}.${said}`,
      );
    case "signal":
      return failed("crashed", `${agent} was ended from outside (${exit.signal}).${said}`);
    case "stopped":
      return failed("crashed", `${agent} was stopped before it had a result.${said}`);
  }
}

/** Things that were not allowed and are remembered. */
const DENIED_MAX = 100;

/** Remembers what was not allowed, in a line. */
export function noteDenied(denied: string[], wanted: string): void {
  if (denied.length < DENIED_MAX) denied.push(wanted);
}

/** What it means that an agent was allowed nothing of what it wanted, and so has done nothing. */
export function wasDenied(wanted: readonly string[]): AgentResult {
  return failed(
    "denied",
    `It was not allowed to do what it wanted (${wanted.slice(0, 3).join("; ")}), and has done nothing. Give the task again and allow it, or say how else to do it.`,
  );
}
