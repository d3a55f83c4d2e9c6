import { randomBytes } from "node:crypto";
import { createIds } from "../domain/index.js";
import type { Ids } from "../domain/index.js";

/**
 * Ids from a seed, but for the epoch of the event log, which is another each time: a client that comes back to a
 * server which was restarted with the same seed must not take the new log for the old one.
 */
export function idsWithFreshEpoch(seed: number): Ids {
  const ids = createIds(seed);
  return {
    ...ids,
    next: (kind) => (kind === "epoch" ? `epoch_${randomBytes(8).toString("hex")}` : ids.next(kind)),
  };
}
