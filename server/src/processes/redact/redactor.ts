import type { Variables } from "../environment.js";
import { secretForms } from "./secret-values.js";
import { ShapeFilter } from "./shape-filter.js";
import { ValueFilter, ValueTable } from "./value-filter.js";

export { REDACTED } from "./value-filter.js";

/**
 * Takes secrets out of everything that leaves the machine: those whose value is known, also in base64, in URLs and in JSON, and what looks
 * like a key. `[redacted]` stands in their place.
 */
export interface Redactor {
  /** A whole text without its secrets. */
  redact(text: string): string;
  /** For a text that comes in pieces. */
  stream(): RedactedText;
  /** Whether there is a secret in a text. */
  finds(text: string): boolean;
}

/** A text that comes in pieces, and leaves without the secrets that lie over the borders of these. */
export interface RedactedText {
  /** Takes one more piece, and gives what is sure by now: all but an end that could be the beginning of a secret. */
  push(text: string): string;
  /** Gives the rest: nothing more comes, or a line is over. */
  flush(): string;
}

/**
 * Makes a redactor.
 *
 * @param environment The variables of this process, also those that no agent gets: the values of those that are named `…_KEY`, `…_TOKEN`,
 *   `…_SECRET`, `…PASSWORD` and the like are known then.
 * @param more Other secrets.
 */
export function createRedactor(environment: Variables, more: readonly string[] = []): Redactor {
  const table = new ValueTable(secretForms(environment, more));
  const stream = (): RedactedText => redactedText(table);
  const redact = (text: string): string => {
    const pieces = stream();
    return pieces.push(text) + pieces.flush();
  };
  return { redact, stream, finds: (text) => redact(text) !== text };
}

function redactedText(table: ValueTable): RedactedText {
  const values = new ValueFilter(table);
  const shapes = new ShapeFilter();
  const endLine = (text: string): string => shapes.endLine(values.push(text) + values.endLine());
  return {
    push: (text) => {
      const lines = text.split("\n");
      const last = lines.pop() ?? "";
      return lines.map((line) => `${endLine(line)}\n`).join("") + shapes.push(values.push(last));
    },
    flush: () => endLine(""),
  };
}
