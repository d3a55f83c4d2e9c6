import { readFile } from "node:fs/promises";
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import type * as z from "zod";
import { AgentError, EXIT } from "../agent-error.js";
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
  const lines = new LineCounter();
  const at = (offset: number | undefined, message: string): string => {
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return line === 0 ? `${file}: ${message}` : `${file}:${line}:${col}: ${message}`;
  };
  let document: Document.Parsed;
  let given: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const [syntax] = document.errors;
    // The later ones mostly follow from the first.
    if (syntax !== undefined) return { ok: false, problems: [at(syntax.pos[0], syntax.message)] };
    given = document.toJS();
  } catch {
    return {
      ok: false,
      problems: [`${file}: the values are nested too deep, or its aliases stand for too much`],
    };
  }
  const isNamed = isMap(document.contents) && document.has("scenarios");
  const list = isNamed && isObject(given) ? given["scenarios"] : given;
  const read = scenariosSchema.safeParse(list);
  if (read.success) return { ok: true, scenarios: read.data };
  const above = isNamed ? ["scenarios"] : [];
  const unknown = new Set(
    read.error.issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? [issue.path.join()] : [])),
  );
  const problems = read.error.issues
    // That a step does nothing follows from its name not being known.
    .filter((issue) => issue.code !== "custom" || !unknown.has(issue.path.join()))
    .flatMap((issue) => told(issue, above));
  const shown = problems.slice(0, PROBLEMS_TOLD).map((problem) => {
    const { path, message } = problem;
    return at(offsetOf(document, problem), `${path.join(".")} ${message}`.trim());
  });
  const left = problems.length - shown.length;
  return { ok: false, problems: left > 0 ? [...shown, `and ${left} more`] : shown };
}

interface Told {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Whether it is the name that is wrong, and not its value. */
  readonly isName?: boolean;
}

/** An issue of zod's in our words; of a value that may be one of several, what is nearest to fitting. */
function told(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly Told[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") {
    const nearest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0];
    if (nearest !== undefined) return nearest.flatMap((inner) => told(inner, path));
  }
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: "is not known here", isName: true }));
  return [{ path, message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length * 2 + (code === "invalid_type" ? 0 : 1)));
}

/** Where a value stands, or its name, or what comes nearest above it. */
function offsetOf(document: Document.Parsed, { path, isName = false }: Told): number | undefined {
  if (isName) {
    const map: unknown = document.getIn(path.slice(0, -1), true);
    const pairs = isMap(map) ? map.items : [];
    const key = pairs.map((pair) => pair.key).find((one) => isScalar(one) && one.value === path.at(-1));
    if (isScalar(key)) return key.range?.[0];
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== null && node.range !== undefined) return node.range[0];
  }
  return undefined;
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
