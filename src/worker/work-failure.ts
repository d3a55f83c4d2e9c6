import type { Fault } from "../contract/index.js";
import type { WorkResult } from "./types.js";

const NAME = "WorkFailure";

/**
 * Fails a task in words of one's own: thrown by a {@link Work} function, its code and message are what the task's error says. What else a
 * function throws fails its task too, with the code `work_failed`.
 */
export class WorkFailure extends Error {
  override readonly name = NAME;
  /** What programs tell it by: a word like `tests_failed`. */
  readonly code: string;
  /** What it came to all the same: output, changes that may be looked at, what was used. */
  readonly result: WorkResult;

  constructor(code: string, message: string, result: WorkResult = {}) {
    super(message);
    this.code = code;
    this.result = result;
  }
}

/** Characters of an error's message; who needs more of it has the output. */
const MESSAGE_MAX = 1_000;

/** What stands before a secret in what programs say of their calls, and what such secrets begin with. */
const SECRETS =
  /\b(?:Bearer|Basic)\s+\S+|\b(?:sk|pk|ghp|gho|xox[a-z])[-_][\w-]{8,}|(:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g;

/**
 * The task's error for what a function threw. It says the message alone: no stack, no key, and of what is no error at all nothing.
 *
 * @param keys Keys and tokens that the message must not tell.
 */
export function faultOf(thrown: unknown, keys: readonly string[] = []): Fault {
  const { code = "work_failed", message = "" } = thrown instanceof Error ? partsOf(thrown) : {};
  let told = message.slice(0, MESSAGE_MAX).replace(SECRETS, "$1[redacted]");
  for (const key of keys) if (key !== "") told = told.replaceAll(key, "[redacted]");
  return { code, message: told || "The work failed." };
}

/** A failure is known by its name and not by its class, of which a program has two when it loads the package as ESM and as CommonJS. */
function partsOf(error: Error): Partial<Fault> {
  const { name, message } = error;
  if (name !== NAME || !("code" in error) || typeof error.code !== "string") return { message };
  return { code: error.code, message };
}

/** What a failure came to all the same. */
export function resultOf(thrown: unknown): WorkResult {
  const isFailure = thrown instanceof Error && thrown.name === NAME && "result" in thrown;
  return isFailure && typeof thrown.result === "object" && thrown.result !== null ? thrown.result : {};
}
