import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";

/** Frames a second. */
export const FRAME_RATE = 60;

/** Tells how many milliseconds the main thread has been busy since it was begun, whatever other threads did. */
export function busyTime(): () => number {
  const begun = performance.eventLoopUtilization();
  return () => performance.eventLoopUtilization(begun).active;
}

/**
 * Plays so many frames at their pace and gives, for each, the milliseconds for which the main thread was busy from its beginning to
 * the next one's: with what the frame did itself, all that came of it, and the collection of its garbage. What a busy machine keeps
 * from the thread counts too, so that a figure is rather too high.
 */
export async function playFrames(frames: number, play: (frame: number) => void): Promise<number[]> {
  const taken: number[] = [];
  const startedAt = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    const busy = busyTime();
    play(frame);
    const dueAt = startedAt + ((frame + 1) * 1_000) / FRAME_RATE;
    await delay(Math.max(0, dueAt - performance.now()));
    taken.push(busy());
  }
  return taken;
}
