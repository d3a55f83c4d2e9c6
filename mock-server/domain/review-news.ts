import type { TaskReviewBody } from "../../src/contract/index.js";
import type { Reviewed } from "../work/work.js";
import type { EngineError } from "./errors.js";
import type { Scope } from "./types.js";
import type { ReviewRecord } from "./world.js";

/** A review of a task begins, or is over: `error` says what kept it from being done, null that nothing did, or that there is no such task. */
export type ReviewNews =
  | { readonly task_id: string; readonly begun: ReviewRecord }
  | { readonly task_id: string; readonly error: EngineError | null };

/** The reviews that somebody carries out and takes time for. One of them begins and ends in commands of its own, and stands in the world between. */
export interface SlowReviews {
  /**
   * Begins a review. False where the same was said of the changes already; who comes while it is under way waits for the same end.
   *
   * @throws EngineError `review_under_way` for another verdict meanwhile, `review_failed` where nobody is there to carry it out.
   */
  begin(scope: Scope, taskId: string, body: TaskReviewBody): boolean;
  /** Ends one. False, and nothing happens, where it is over. */
  end(taskId: string, reviewId: string, outcome: Reviewed): boolean;
  /** One was given up. */
  expired(taskId: string): void;
  /** A worker is there no more: another one of its name is asked in its place; where there is none the review has failed. */
  passOn(workerId: string, name: string): void;
  /** Calls `listener` when one begins or is over. Gives its own undo. */
  onNews(listener: (news: ReviewNews) => void): () => void;
}
