import { onAbort } from "../../../src/contract/on-abort.js";
import type { Clock } from "../../../src/contract/index.js";
import { abortReason } from "../../calls/abort-reason.js";
import type { Rule } from "./rule.js";

/**
 * Waits for as long as a fault holds a call up: `ms` milliseconds, or without end for Infinity. It goes on when all faults are gone that hold it
 * up, and rejects with the caller's reason when that has given up.
 */
export async function heldUp(
  ms: number,
  rules: readonly Rule[],
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const undo: (() => void)[] = [];
  await new Promise<void>((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    let holding = rules.length;
    undo.push(onAbort(signal, resolve));
    if (ms < Infinity) undo.push(clock.setTimeout(resolve, ms));
    for (const rule of rules) {
      undo.push(
        rule.hold(() => {
          holding -= 1;
          if (holding === 0) resolve();
        }),
      );
    }
  });
  for (const one of undo) one();
  if (signal?.aborted === true) throw abortReason(signal);
}
