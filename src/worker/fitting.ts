import { check, describeProblems } from "../contract/schema.js";
import type { Schema } from "../contract/schema.js";

/** What a function reports, as the contract has it. @throws TypeError that says what it must be. */
export function fitting<T>(schema: Schema<T>, value: unknown, name: string): T {
  const checked = check(schema, value, name);
  if (checked.ok) return checked.value;
  throw new TypeError(`A report is wrong: ${describeProblems(checked.problems)}.`);
}
