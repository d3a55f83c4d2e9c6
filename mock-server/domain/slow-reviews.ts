import type { TaskReviewBody } from "../../src/contract/index.js";
import type { Reviewed } from "../work/work.js";
import { REVIEW_MS } from "./bounds.js";
import type { Core } from "./core.js";
import { EngineError } from "./errors.js";
import { Listeners } from "./listeners.js";
import { conflictOf, reviewable, settleReview, wordOf } from "./reviews.js";
import type { ReviewNews, SlowReviews } from "./review-news.js";
import type { Scope } from "./types.js";
import type { ReviewRecord } from "./world.js";

type Asked = Omit<ReviewRecord, "review_id">;

/** Those of an engine. The first time, reviews that were under way in its snapshot are asked for once more. */
export function slowReviews(core: Core): SlowReviews {
  if (core.slow.reviews !== null) return core.slow.reviews;
  const reviews = new CoreReviews(core);
  core.slow.reviews = reviews;
  reviews.resume();
  return reviews;
}

class CoreReviews implements SlowReviews {
  readonly #core: Core;
  readonly #news: Listeners<[ReviewNews]>;

  constructor(core: Core) {
    this.#core = core;
    this.#news = new Listeners(core.report);
  }

  onNews(listener: (news: ReviewNews) => void): () => void {
    return this.#news.add(listener);
  }

  begin(scope: Scope, taskId: string, { verdict, message }: TaskReviewBody): boolean {
    return this.#core.command(() => {
      const core = this.#core;
      const found = reviewable(core, scope, taskId, verdict);
      if (!("task" in found)) return false;
      const before = core.world.reviews.get(taskId);
      if (before?.verdict === verdict) return true;
      if (before !== undefined) throw underWay(taskId, before);
      const reviewer = core.world.leases.get(taskId)?.reviewer;
      const worker_id = reviewer === undefined ? null : this.#reviewerOf(taskId);
      if (reviewer !== undefined && worker_id === null) throw failed(taskId, missing(reviewer.name));
      core.agenda.schedule("review", taskId, core.ledger.now + REVIEW_MS);
      const asked = { verdict, message: message ?? null, worker_id };
      const reviewId = this.#ask(taskId, asked);
      if (worker_id === null) this.#haveDone(taskId, reviewId, asked);
      return true;
    });
  }

  end(taskId: string, reviewId: string, outcome: Reviewed): boolean {
    return this.#core.command(() => {
      const core = this.#core;
      const review = core.world.reviews.get(taskId);
      const task = core.world.tasks.get(taskId)?.task;
      if (review?.review_id !== reviewId || !task?.changes) return false;
      const found = { task, changes: task.changes };
      core.agenda.cancel("review", taskId);
      core.ledger.note({ type: "review.over", task_id: taskId });
      let error: EngineError | null = null;
      if ("error" in outcome) error = failed(taskId, outcome.error);
      else if (outcome.conflicts.length > 0) error = conflictOf(found, outcome.conflicts);
      else settleReview(core, found, review.verdict);
      this.#tell({ task_id: taskId, error });
      return true;
    });
  }

  expired(taskId: string): void {
    const isThere = this.#core.world.tasks.has(taskId);
    this.#tell({ task_id: taskId, error: isThere ? silent(taskId) : null });
  }

  passOn(workerId: string, name: string): void {
    const asked = [...this.#core.world.reviews].filter(([, { worker_id }]) => worker_id === workerId);
    // The order in which they were asked for is not that of a snapshot.
    for (const [taskId, { review_id, verdict, message }] of asked.sort(([a], [b]) => (a < b ? -1 : 1))) {
      const worker_id = this.#reviewerOf(taskId);
      if (worker_id !== null) this.#ask(taskId, { verdict, message, worker_id });
      else this.end(taskId, review_id, { error: lost(name) });
    }
  }

  /** Workers are told of theirs when they come back. */
  resume(): void {
    for (const [taskId, review] of [...this.#core.world.reviews]) {
      if (review.worker_id === null)
        this.#core.command(() => this.#haveDone(taskId, review.review_id, review));
    }
  }

  /** Has whoever works in this process carry it out; where nobody does any more, it is done. */
  #haveDone(taskId: string, reviewId: string, { verdict, message }: Asked): void {
    const { work, world } = this.#core;
    const task = world.tasks.get(taskId)?.task;
    if (task === undefined) return;
    const ended = (outcome: Reviewed): boolean => this.end(taskId, reviewId, outcome);
    if (work.reviewsLater?.(task) === true) work.carryOut?.(task, verdict, message, ended);
    else ended({ conflicts: [] });
  }

  #ask(task_id: string, asked: Asked): string {
    const review_id = this.#core.ids.next("review");
    this.#core.ledger.note({ type: "review.asked", task_id, review_id, ...asked });
    this.#tell({ task_id, begun: { review_id, ...asked } });
    return review_id;
  }

  #tell(news: ReviewNews): void {
    this.#core.after(() => this.#news.tell(news));
  }

  /** The worker that reviews what a task has changed: who did it, or the last that joined in its place; null where neither is there. */
  #reviewerOf(taskId: string): string | null {
    const { workers, leases } = this.#core.world;
    const lease = leases.get(taskId);
    if (lease === undefined || workers.has(lease.worker_id)) return lease?.worker_id ?? null;
    let found: string | null = null;
    for (const { worker, owner } of workers.values()) {
      const isOfName = worker.name === lease.reviewer?.name && owner === lease.reviewer.owner;
      if (isOfName && worker.reviews === true) found = worker.worker_id;
    }
    return found;
  }
}

function underWay(taskId: string, { verdict }: ReviewRecord): EngineError {
  return new EngineError(
    "review_under_way",
    `What the task '${taskId}' has changed is being ${wordOf(verdict)}, and nothing else can be said of it until that is over.`,
  );
}

function failed(taskId: string, why: string): EngineError {
  return new EngineError(
    "review_failed",
    `What the task '${taskId}' has changed could not be reviewed: ${why}`,
  );
}

function missing(name: string): string {
  return `The worker '${name}', which did the task and keeps what it has changed, is not there. Start it again, and review again.`;
}

function lost(name: string): string {
  return `The worker '${name}' was lost while it reviewed. It may be done or not; start the worker again, and review again.`;
}

function silent(taskId: string): EngineError {
  const seconds = REVIEW_MS / 1_000;
  return new EngineError(
    "review_timeout",
    `Whoever reviews what the task '${taskId}' has changed has said nothing for ${seconds} s. It may be done or not; it is open here as before.`,
    { retryAfterSeconds: seconds },
  );
}
