import { FRAMES_PER_SECOND_MAX } from "../../contract/frames.js";

/** Frames that can be sent in one go after a pause. */
export const BURST_FRAMES = 2 * FRAMES_PER_SECOND_MAX;

/** Frames a second in the long run: with the burst, less than what a server allows over its ten seconds. */
export const STEADY_FRAMES_PER_SECOND = 0.75 * FRAMES_PER_SECOND_MAX;

/** Keeps a client under the server's limit of frames, since a server closes the connection of one that passes it. */
export class SendBudget {
  #left = BURST_FRAMES;
  #at = 0;

  /** Takes one frame off the budget; false when there is none left. */
  take(now: number): boolean {
    const gained = (Math.max(0, now - this.#at) / 1_000) * STEADY_FRAMES_PER_SECOND;
    this.#left = Math.min(BURST_FRAMES, this.#left + gained);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
