import type * as z from "zod/mini";
import type { ErrorDetail } from "./error-body.js";

type Issue = z.core.$ZodIssue;

/** What zod/mini says of every issue, since it ships no language of its own. */
const UNTOLD = "Invalid input";

/**
 * Says what is wrong with one value, in a sentence that begins after the name of the field.
 * zod/mini leaves its messages out to stay small, so the issue's own data is put into words here.
 */
export function describeIssue(issue: Issue): string {
  if (issue.message !== UNTOLD) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `must be ${article(issue.expected)}`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return bounded(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum);
    case "too_big":
      return bounded(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum);
    case "unrecognized_keys":
      return `has the unknown field${issue.keys.length > 1 ? "s" : ""} ${issue.keys.map((key) => `'${key}'`).join(", ")}`;
    case "invalid_format":
      return `must be a valid ${issue.format}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_union":
      return "fits none of the forms that are allowed here";
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return "is not valid here";
  }
}

function article(expected: string): string {
  const name = expected === "int" ? "integer" : expected === "record" ? "object" : expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function bounded(origin: string, relation: string, bound: number | bigint): string {
  const plural = Number(bound) === 1 ? "" : "s";
  if (origin === "string") return `must be ${relation} ${bound} character${plural} long`;
  if (origin === "array") return `must have ${relation} ${bound} item${plural}`;
  return `must be ${relation} ${bound}`;
}

/**
 * The issues as the wire's `detail`: `loc` begins with `root` ("body", "query", "path"), then the path to the value.
 * An unknown field is named in its `loc`, one entry each.
 */
export function issuesToDetail(issues: readonly Issue[], root: string): ErrorDetail[] {
  return issues.flatMap((issue): ErrorDetail[] => {
    const loc = [root, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ loc: [...loc, key], msg: "is not a known field", type: issue.code }));
    }
    return [{ loc, msg: describeIssue(issue), type: issue.code }];
  });
}

/** A detail list as one line: `body.prompt must not be blank; body.agentid is not a known field`. */
export function describeDetail(detail: readonly ErrorDetail[]): string {
  return detail.map(({ loc, msg }) => `${loc.join(".")} ${msg}`).join("; ");
}
