import type { Clock, TaskOutputLine } from "../contract/index.js";

/** Milliseconds to wait for the first line: a task that has not begun writes none. */
const FIRST_MS = 1_000;

/** Milliseconds of quiet after which what has come is the answer. */
const QUIET_MS = 150;

/** What a task has written up to now. */
export interface OutputNow {
  readonly text: string;
  readonly lines: readonly TaskOutputLine[];
  readonly next_offset: number;
  readonly done: boolean;
  /** Empty until the task is over. */
  readonly status: string;
}

/** Characters after which what has come is the answer; each line counts for some more. */
const ANSWER_MAX = 4_194_304;
const LINE_COST = 64;

/** Reads lines until the last one, or until no more come for a moment. `begin` starts to read and stops at its signal. */
export async function readOutputNow(
  begin: (signal: AbortSignal) => AsyncGenerator<TaskOutputLine, void>,
  { clock, offset }: { clock: Clock; offset: number },
): Promise<OutputNow> {
  const controller = new AbortController();
  const lines: TaskOutputLine[] = [];
  let text = "";
  let next = offset;
  let status = "";
  let cost = 0;
  const waited = { quiet: false };
  const beQuiet = (): void => {
    waited.quiet = true;
    controller.abort();
  };
  let cancelTimer = clock.setTimeout(beQuiet, FIRST_MS);
  try {
    for await (const line of begin(controller.signal)) {
      cancelTimer();
      if ("done" in line) {
        status = line.status;
        break;
      }
      lines.push(line);
      text += line.text;
      next = line.offset + new TextEncoder().encode(line.text).length;
      cost += line.text.length + LINE_COST;
      if (cost > ANSWER_MAX) break;
      cancelTimer = clock.setTimeout(beQuiet, QUIET_MS);
    }
  } catch (error) {
    if (!waited.quiet) throw error;
  } finally {
    cancelTimer();
    controller.abort();
  }
  return { text, lines, next_offset: next, done: status !== "", status };
}
