import type { TaskReviewBody } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { Engine, Scope } from "../domain/index.js";
import { slowReviews } from "../domain/slow-reviews.js";

/** Waits for reviews that somebody carries out. */
export interface Reviews {
  /** Begins a review, and comes back when it is over and done. Rejects with what kept it from being done. */
  carryOut(scope: Scope, taskId: string, body: TaskReviewBody): Promise<void>;
  /** Nobody waits any more. */
  close(): void;
}

/** Makes it for an engine. Each call that waits is a listener, of which there are only so many. */
export function createReviews(engine: Pick<Engine, "extend">): Reviews {
  const reviews = engine.extend(slowReviews);
  const stops = new Set<() => void>();
  return {
    carryOut: (scope, taskId, body) =>
      new Promise((resolve, reject) => {
        const end = (error: EngineError | null): void => {
          forget();
          stops.delete(stop);
          if (error === null) resolve();
          else reject(error);
        };
        const stop = (): void => end(new EngineError("unavailable", "The server is closed."));
        // From before it begins: it may be over at once.
        const forget = reviews.onNews((news) => {
          if (news.task_id === taskId && "error" in news) end(news.error);
        });
        stops.add(stop);
        try {
          if (!reviews.begin(scope, taskId, body)) end(null);
        } catch (error) {
          forget();
          stops.delete(stop);
          throw error;
        }
      }),
    close() {
      for (const stop of stops) stop();
    },
  };
}
