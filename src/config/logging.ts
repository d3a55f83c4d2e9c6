import { asBoolean } from "./found.js";
import type { Variables } from "./expand.js";
import { variable } from "./expand.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";

/** How much is logged: each level also logs what is more serious; `silent` logs nothing. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What is logged when nothing is said. */
export const DEFAULT_LOG_LEVEL: LogLevel = "warn";

/** Reads `LOG_LEVEL` and `DEBUG`; `DEBUG` alone means the level `debug`, and `LOG_LEVEL` wins where both are set. */
export function readLogging(
  env: Variables,
  problems: ConfigProblem[],
): { readonly logLevel: LogLevel; readonly debug: boolean } {
  const debug = readDebug(env, problems);
  const level = variable(env, "LOG_LEVEL")?.trim().toLowerCase();
  if (level === undefined) return { logLevel: debug ? "debug" : DEFAULT_LOG_LEVEL, debug };
  const known = LOG_LEVELS.find((candidate) => candidate === level);
  if (known === undefined)
    problems.push(
      problem({
        variable: "LOG_LEVEL",
        message: `expected one of ${LOG_LEVELS.join(", ")}, found other text`,
      }),
    );
  return { logLevel: known ?? DEFAULT_LOG_LEVEL, debug };
}

/** `DEBUG` is shared with other tools, which put lists of names into it (`DEBUG=vite:*,agentvm`); those are no fault. */
function readDebug(env: Variables, problems: ConfigProblem[]): boolean {
  const text = variable(env, "DEBUG");
  if (text === null) return false;
  const known = asBoolean(text);
  if (known !== null) return known;
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.some((name) => name === "*" || /^agentvm(:.*)?$/.test(name))) return true;
  if (names.length > 1 || text.includes(":") || text.includes("*")) return false;
  problems.push(
    problem({
      variable: "DEBUG",
      message: "expected true or false, or names as in agentvm:*, found other text",
    }),
  );
  return false;
}
