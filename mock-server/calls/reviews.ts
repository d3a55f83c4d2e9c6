import { EngineError } from "../domain/index.js";
import type { Engine } from "../domain/index.js";

/** Those who wait for the end of reviews that somebody carries out. */
export interface Reviews {
  /** Comes back when the review of a task is over that is under way. Rejects with what kept it from being done. */
  readonly over: (taskId: string) => Promise<void>;
  /** Nobody waits any more. */
  readonly close: () => void;
}

/** Makes it for an engine. Each call that waits is a listener of the engine, of which there are only so many. */
export function createReviews({ onReview }: Pick<Engine, "onReview">): Reviews {
  const stops = new Set<() => void>();
  return {
    over: (taskId) =>
      new Promise((resolve, reject) => {
        const end = (error: EngineError | null): void => {
          forget();
          stops.delete(stop);
          if (error === null) resolve();
          else reject(error);
        };
        const stop = (): void => end(new EngineError("unavailable", "The server is closed."));
        const forget = onReview((news) => {
          if (news.task_id === taskId && "error" in news) end(news.error);
        });
        stops.add(stop);
      }),
    close: () => {
      for (const stop of stops) stop();
    },
  };
}
