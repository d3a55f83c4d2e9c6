import { IDEMPOTENCY_TTL_SECONDS } from "../../src/contract/limits.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { frozenData } from "./json-copy.js";
import { weigh } from "./weights.js";

/** Answers of one owner that are kept at the most; the oldest is forgotten for a new one. */
export const KEPT_ANSWERS_MAX = 10_000;

/** The part of what a game may hold, and of what all may, that answers have which are kept to give again. */
const KEPT_ANSWERS_PART = 8;

/**
 * The answers that were given to keyed requests, for 24 hours each, by owner and key. Whoever keeps many loses its own, and nobody
 * else's.
 */
export function answerCalls(core: Core): Engine["answers"] {
  const { world, ledger, indexes } = core;
  const ownBytes = core.limits.game_bytes / KEPT_ANSWERS_PART;
  const allBytes = core.totalBytes / KEPT_ANSWERS_PART;

  /** Forgets what is too old of this owner's, and the owners of whom all is. */
  function forgetOld(owner: string): void {
    for (const other of [owner, ...oldOwners()]) {
      for (const [key, { until }] of world.answers.get(other) ?? []) {
        if (until > ledger.now) break;
        ledger.note({ type: "answer.forgotten", owner: other, key });
      }
    }
  }

  function oldOwners(): string[] {
    const owners: string[] = [];
    for (const owner of world.answers.keys()) {
      if (indexes.answers.until(owner) > ledger.now) break;
      owners.push(owner);
    }
    return owners;
  }

  function hasTooMany(owner: string): boolean {
    const { answers } = indexes;
    const part = answers.bytes > allBytes ? allBytes / world.answers.size : Infinity;
    const count = world.answers.get(owner)?.size ?? 0;
    return count > KEPT_ANSWERS_MAX || answers.of(owner) > Math.min(ownBytes, part);
  }

  return {
    find(owner, key, fingerprint) {
      const kept = world.answers.get(owner)?.get(key);
      if (kept === undefined || kept.until <= ledger.now) return { kind: "new" };
      if (kept.fingerprint !== fingerprint) return { kind: "conflict" };
      return { kind: "replay", answer: kept.answer };
    },
    keep(owner, key, fingerprint, given) {
      const answer = frozenData(given);
      forgetOld(owner);
      const until = ledger.now + IDEMPOTENCY_TTL_SECONDS * 1_000;
      const bytes = weigh({ answer });
      ledger.note({ type: "answer.kept", owner, key, fingerprint, answer, bytes, until });
      if (!hasTooMany(owner)) return;
      for (const oldest of world.answers.get(owner)?.keys() ?? []) {
        if (!hasTooMany(owner)) break;
        // The newest stays, however large it is: its answer may not have arrived.
        if (oldest !== key) ledger.note({ type: "answer.forgotten", owner, key: oldest });
      }
    },
  };
}
