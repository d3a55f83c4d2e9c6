import { check, describeProblems } from "../../src/contract/index.js";
import type { Output, Schema } from "../../src/contract/index.js";

/** The value as its schema reads it; fails the test where it does not fit. */
export function read<S extends Schema>(schema: S, value: unknown): Output<S> {
  const checked = check(schema, value, "value");
  if (checked.ok) return checked.value;
  throw new Error(describeProblems(checked.problems));
}
