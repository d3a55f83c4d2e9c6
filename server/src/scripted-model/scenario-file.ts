import { readFile } from "node:fs/promises";
import { isMap } from "yaml";
import { AgentError, EXIT } from "../agent-error.js";
import { readYaml } from "../located-yaml.js";
import type { YamlProblem } from "../located-yaml.js";
import { scenariosSchema } from "./scenario.js";
import type { Scenario } from "./scenario.js";

/** Bytes that a file of scenarios may have. */
const FILE_MAX_BYTES = 4 * 2 ** 20;

/** Problems of a file that are told; past it their number is. */
const PROBLEMS_TOLD = 10;

/** Scenarios, or what is wrong: each problem a line with its place, `fix.yaml:3:9: say must be …`. */
export type ParsedScenarios =
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads a file of scenarios.
 *
 * @param file Shown as it is given.
 * @throws AgentError that names the file, the places and what to do.
 */
export async function readScenarios(file: string): Promise<readonly Scenario[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw scenariosError([`${file}: it cannot be read (${code})`], "Name a file of scenarios.");
  }
  if (bytes.length > FILE_MAX_BYTES)
    throw scenariosError(
      [`${file}: it has ${bytes.length} bytes; ${FILE_MAX_BYTES} are the most`],
      "Say less in it; flood says much with few words.",
    );
  const parsed = parseScenarios(file, bytes.toString("utf8"));
  if (parsed.ok) return parsed.scenarios;
  throw scenariosError(parsed.problems, "Correct what is named.");
}

/** Reads the text of a file of scenarios, in YAML or JSON, which YAML has in it. */
export function parseScenarios(file: string, text: string): ParsedScenarios {
  const at = ({ place, path, message }: YamlProblem): string =>
    `${file}${place === null ? "" : `:${place}`}: ${`${path} ${message}`.trim()}`;
  const source = readYaml(text);
  if (!source.ok) return { ok: false, problems: [at(source.problem)] };
  const { document, value: given } = source;
  const isNamed = isMap(document.contents) && document.has("scenarios");
  const list = isNamed && isObject(given) ? given["scenarios"] : given;
  const read = scenariosSchema.safeParse(list);
  if (read.success) return { ok: true, scenarios: read.data };
  const above = isNamed ? ["scenarios"] : [];
  const unknown = new Set(
    read.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? [issue.path.join()] : [])),
  );
  // That a step does nothing follows from its name not being known.
  const issues = read.error.issues.filter(
    (issue) => issue.code !== "custom" || !unknown.has(issue.path.join()),
  );
  const problems = source.problems(issues, above);
  const shown = problems.slice(0, PROBLEMS_TOLD).map(at);
  const left = problems.length - shown.length;
  return { ok: false, problems: left > 0 ? [...shown, `and ${left} more`] : shown };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function scenariosError(problems: readonly string[], remediation: string): AgentError {
  const [only = ""] = problems;
  const message =
    problems.length === 1
      ? `The scenarios cannot be used: ${only}`
      : `The scenarios cannot be used:\n${problems.map((line) => `  ${line}`).join("\n")}`;
  return new AgentError(message, { code: "scenarios", remediation, exitCode: EXIT.config });
}
