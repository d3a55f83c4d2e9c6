import { setTimeout as delay } from "node:timers/promises";

/** Frames a second. */
export const FRAME_RATE = 60;

/**
 * Plays so many frames at their pace and gives, for each, the milliseconds of processor time that the process used from its beginning to the
 * next one's: what the frame did itself and all that came of it, however busy the machine is with other things.
 */
export async function playFrames(frames: number, play: (frame: number) => void): Promise<number[]> {
  const taken: number[] = [];
  const startedAt = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    const before = process.cpuUsage();
    play(frame);
    const dueAt = startedAt + ((frame + 1) * 1_000) / FRAME_RATE;
    await delay(Math.max(0, dueAt - performance.now()));
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1_000);
  }
  return taken;
}
