import type { AskedReview, BodyOf } from "../contract/index.js";
import type { Workers } from "../client/resources/workers.js";
import { reviewedBy } from "./run-review.js";
import type { WorkReview } from "./types.js";

/** What a worker of today can be asked for. */
const VERDICTS = ["accept", "discard"] as const;

/** What reviews for a server are made of. */
export interface RemoteReviewsParts {
  readonly calls: Pick<Workers, "reviewed">;
  readonly review: WorkReview;
  /** What errors must not tell. */
  readonly keys: readonly string[];
  readonly warn: (message: string) => void;
  /** Told when nothing is in hand any more. */
  readonly idle: () => void;
}

/** The reviews that a worker was asked for: each is carried out once, those of one task one after the other, and told to the server. */
export class RemoteReviews {
  readonly #parts: RemoteReviewsParts;
  readonly #inHand = new Set<string>();
  /** The last one of each task. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(parts: RemoteReviewsParts) {
    this.#parts = parts;
  }

  /** The ids of those that are not over. */
  get ids(): string[] {
    return [...this.#inHand];
  }

  get isIdle(): boolean {
    return this.#inHand.size === 0;
  }

  /** Begins one; it may be told several times. */
  take({ review_id, task, verdict, message }: AskedReview): void {
    if (this.#inHand.has(review_id)) return;
    this.#inHand.add(review_id);
    const before = this.#last.get(task.id) ?? Promise.resolve();
    const own = before.then(() => this.#carryOut({ review_id, task, verdict, message }));
    this.#last.set(task.id, own);
    void own.then(() => {
      this.#inHand.delete(review_id);
      if (this.#last.get(task.id) === own) this.#last.delete(task.id);
      if (this.#inHand.size === 0) this.#parts.idle();
    });
  }

  /** It never rejects. */
  async #carryOut({ review_id, task, verdict, message }: AskedReview): Promise<void> {
    const { calls, review, keys, warn } = this.#parts;
    let body: BodyOf<"taskReviewed">;
    const known = VERDICTS.find((one) => one === verdict);
    if (known !== undefined) {
      const outcome = await reviewedBy(review, { task, verdict: known, message }, keys);
      body =
        "error" in outcome
          ? { review_id, error: { message: outcome.error } }
          : { review_id, conflicts: outcome.conflicts };
    } else body = { review_id, error: { message: `The verdict '${verdict}' is not known to this worker.` } };
    try {
      await calls.reviewed(task.id, body);
    } catch (error) {
      warn(`${task.id}: what came of a review could not be told: ${String(error)}`);
    }
  }
}
