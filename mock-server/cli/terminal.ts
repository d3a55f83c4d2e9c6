import picocolors from "picocolors";

/** The colour functions of picocolors, which do nothing where colour is off. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: text for people, or JSON for scripts. */
export interface Terminal {
  /** Colours for standard output. */
  readonly colors: Colors;
  /** Writes one line to standard output. */
  line(text?: string): void;
  /** Writes one JSON value, on one line, to standard output. */
  json(value: unknown): void;
  /** Writes one line to standard error. */
  problem(text: string): void;
}

interface Writable {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** A terminal over two streams, colourful where the first is a real one and the environment allows it. */
export function createTerminal(
  out: Writable,
  err: Writable,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  return {
    colors: picocolors.createColors(wantsColor(out, env)),
    line: (text = "") => void out.write(`${text}\n`),
    json: (value) => void out.write(`${JSON.stringify(value)}\n`),
    problem: (text) => void err.write(`${text}\n`),
  };
}

function wantsColor(out: Writable, env: Readonly<Record<string, string | undefined>>): boolean {
  // Any value but an empty one turns colour off: https://no-color.org
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return out.isTTY === true && env["TERM"] !== "dumb";
}
