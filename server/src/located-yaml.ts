import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import type * as z from "zod";

/** A text in YAML, or in JSON, which YAML has in it. */
export type LocatedYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly document: Document.Parsed;
      /** What is wrong with the value, in the order of a schema's issues, each with its place. */
      problems(issues: readonly z.core.$ZodIssue[], above?: readonly PropertyKey[]): readonly YamlProblem[];
    }
  | { readonly ok: false; readonly problem: YamlProblem };

/** One thing that is wrong with a text. */
export interface YamlProblem {
  /** Its line and column, `3:9`; null where it has none. */
  readonly place: string | null;
  /** Where it stands in the value, `scenarios.0.steps`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** Reads a text in YAML, so that what is wrong with it, or with what it says, can be told to the place. */
export function readYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const placeOf = (offset: number | undefined): string | null => {
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return line === 0 ? null : `${line}:${col}`;
  };
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const [syntax] = document.errors;
    // The later ones mostly follow from the first.
    if (syntax !== undefined)
      return { ok: false, problem: { place: placeOf(syntax.pos[0]), path: "", message: syntax.message } };
    value = document.toJS();
  } catch {
    const message = "the values are nested too deep, or its aliases stand for too much";
    return { ok: false, problem: { place: null, path: "", message } };
  }
  return {
    ok: true,
    value,
    document,
    problems: (issues, above = []) =>
      issues
        .flatMap((issue) => told(issue, above))
        .map((one) => ({
          place: placeOf(offsetOf(document, one)),
          path: one.path.join("."),
          message: one.message,
        })),
  };
}

/** One thing that is wrong, and where it stands in the value. */
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
