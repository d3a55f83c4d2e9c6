import type { Clock } from "oligarchy-agentvm";
import type { Family } from "./family.js";

/** What is asked of programs that are to end, the last of which they cannot refuse. */
const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGKILL"];

/** Milliseconds between them. */
const STEP_MS = 2_000;

/** Looks after the last of them, after which nothing more can be done: who is left waits for a disk or a network for ever. */
const LAST_LOOKS = 120;

/** Looks at which nobody is seen, after which nobody is there: one who is just being born is not seen at every look. */
const EMPTY_LOOKS = 3;

/** Milliseconds between two looks at who is left. */
const LOOK_MS = { first: 10, most: 100 };

/** What ends a family. */
export interface EndingOptions {
  readonly family: Family;
  readonly clock: Clock;
  /** Who hears of the last signal alone: it ends by itself when the others have. */
  readonly spared: number | null;
  /** Resolves when the program itself has ended, so that one need not wait for the next look. */
  readonly ended: Promise<unknown>;
}

/** Ends a program and all that it has started: INT, TERM and KILL, two seconds apart. Resolves when none of them is left. */
export async function endFamily({ family, clock, spared, ended }: EndingOptions): Promise<void> {
  const others = [...SIGNALS];
  let signal = others.shift();
  let until = clock.now() + STEP_MS;
  let told = new Set<number>();
  let wait = LOOK_MS.first;
  const program = { ended: false };
  void ended.then(() => (program.ended = true));
  let lastLooks = LAST_LOOKS;
  for (let living = await look(family); living.length > 0; living = await look(family)) {
    if (others.length === 0) {
      lastLooks -= 1;
      if (lastLooks === 0) return;
    } else if (clock.now() >= until) {
      signal = others.shift();
      until = clock.now() + STEP_MS;
      told = new Set();
      wait = LOOK_MS.first;
    }
    for (const pid of living) {
      // A program may be in the middle of ending orderly: it is asked once. KILL is for whoever appears.
      if (told.has(pid) && signal !== "SIGKILL") continue;
      told.add(pid);
      if (pid !== spared || signal === "SIGKILL") send(pid, signal);
    }
    const pause = sleep(clock, Math.max(1, others.length === 0 ? wait : Math.min(wait, until - clock.now())));
    await (program.ended ? pause : Promise.race([pause, ended]));
    wait = Math.min(LOOK_MS.most, wait * 2);
  }
}

async function look(family: Family): Promise<readonly number[]> {
  for (let looks = 1; looks < EMPTY_LOOKS; looks += 1) {
    const living = await family.living();
    if (living.length > 0) return living;
  }
  return family.living();
}

function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, ms);
  });
}

/** Sends a signal to a process, or to the group that a negative number names. It may have ended meanwhile, or be another user's. */
function send(pid: number, signal: NodeJS.Signals | undefined): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Then there is nothing to be done, or nothing that one could do.
  }
}
