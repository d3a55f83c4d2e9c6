import type { ErrorDetail } from "../contract/index.js";
import { ConfigError } from "../errors/config-error.js";
import type { ConfigProblem } from "./problem.js";
import { describeProblem } from "./problem.js";

/** Problems that one error lists; a file with more is mostly not a profile at all. */
const PROBLEMS_MAX = 20;

/** One error for all problems: each is a line of its message and an entry of its detail. */
export function configError(problems: readonly ConfigProblem[]): ConfigError {
  const shown = problems.slice(0, PROBLEMS_MAX);
  const lines = shown.map(describeProblem);
  const left = problems.length - shown.length;
  if (left > 0) lines.push(`and ${left} more`);
  const [only] = lines;
  const message =
    lines.length === 1 && only !== undefined
      ? `The configuration is not right: ${only}`
      : `The configuration is not right in ${problems.length} places:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  return new ConfigError(message, {
    code: "config",
    outcome: "not_sent",
    remediation: "Correct what is named; the environments guide lists every key and variable.",
    detail: shown.map(detailOf),
  });
}

function detailOf(found: ConfigProblem): ErrorDetail {
  const loc = [found.file, found.line, found.column, found.key, found.variable].filter(
    (part): part is string | number => part !== null,
  );
  return { loc, msg: found.message, type: "config" };
}
