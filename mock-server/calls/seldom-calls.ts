import { EngineError } from "../domain/index.js";
import { loadCode } from "./load-code.js";
import type { metricsText } from "./metrics.js";
import type { endBatch, runBatch } from "./batch.js";
import type { createMatcher, Matcher } from "./matcher.js";
import type { createOutputStreams, OutputStreams } from "./output-streams.js";
import type { createReviews, Reviews } from "./reviews.js";
import type { createWorkerDesk, WorkerDesk, WorkerDeskParts } from "./workers/worker-desk.js";

/** The code that answers the calls that few pages make. */
export interface SeldomCode {
  readonly createMatcher: typeof createMatcher;
  readonly createOutputStreams: typeof createOutputStreams;
  readonly metricsText: typeof metricsText;
  readonly runBatch: typeof runBatch;
  readonly endBatch: typeof endBatch;
  readonly createWorkerDesk: typeof createWorkerDesk;
  readonly createReviews: typeof createReviews;
}

/** The same for one backend, with the streams of task output that are open. */
export interface SeldomParts {
  readonly code: SeldomCode;
  readonly streams: OutputStreams;
  /** Finds what the requests of a batch call. */
  readonly match: Matcher;
  /** Answers the calls of workers. */
  readonly workers: WorkerDesk;
  /** Waits for reviews. */
  readonly reviews: Reviews;
}

/** Gets hold of it. */
export interface SeldomCalls {
  /** @throws EngineError `unavailable` when the code cannot be loaded, and once it is closed. */
  get(): Promise<SeldomParts>;
  /** Breaks off the streams that are open. */
  close(): void;
}

/** The seldom parts of one backend's answers, whose code is loaded when the first call needs it. */
export function createSeldomCalls(work: WorkerDeskParts, load: () => Promise<SeldomCode>): SeldomCalls {
  let parts: SeldomParts | null = null;
  let closed = false;
  return {
    async get() {
      const code = parts?.code ?? (await loadCode("this call", load));
      if (closed) throw new EngineError("unavailable", "The server is closed.");
      return (parts ??= {
        code,
        streams: code.createOutputStreams(work.engine),
        match: code.createMatcher(),
        workers: code.createWorkerDesk(work),
        reviews: code.createReviews(work.engine),
      });
    },
    close() {
      closed = true;
      parts?.streams.close();
      parts?.workers.close();
      parts?.reviews.close();
    },
  };
}
