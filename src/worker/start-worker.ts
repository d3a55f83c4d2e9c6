import { systemClock } from "../contract/clock.js";
import type { ClaimedJob, NoticeData, NoticeName } from "../contract/index.js";
import { asyncDispose } from "../contract/dispose.js";
import { systemRandom } from "../clock.js";
import { safeLog } from "../client/http/logger.js";
import type { Log } from "../client/http/logger.js";
import { streamUrl } from "../client/stream/stream-url.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { AgentVM } from "../slim.js";
import { Bell } from "./bell.js";
import { keepOn } from "./keep-on.js";
import { NoticeStream } from "./notice-stream.js";
import { RemoteJob } from "./remote-job.js";
import { RemoteReviews } from "./remote-reviews.js";
import type { WorkByType } from "./types.js";
import { checkWorkerOptions, servedBy } from "./worker-options.js";
import type { WorkerOptions } from "./worker-options.js";

/** Milliseconds for which a claim waits for work, where no stream tells of it: less than what proxies take for dead. */
const CLAIM_WAIT_MS = 25_000;

/** Milliseconds that an answer to it may take beside. */
const CLAIM_GRACE_MS = 15_000;

/** Milliseconds that the event stream gets to stand before work is asked for without it. */
const STREAM_MS = 5_000;

/** Milliseconds that tasks get to end when a worker is stopped. */
const STOP_GRACE_MS = 30_000;

/** Milliseconds for a worker to say that it leaves. */
const LEAVE_MS = 5_000;

/** A worker that was started. */
export interface RunningWorker extends AsyncDisposable {
  /** The id that the server gave it; another one once it had to join again. */
  readonly id: string;
  readonly name: string;
  /** Tasks that it has now. */
  readonly busy: number;
  /** Whether it hears of work over the event stream now; where it does not, it asks for it. */
  readonly hears: boolean;
  /** Resolves when it was stopped; rejects when it had to end by itself, because its key is not taken any more. */
  readonly ended: Promise<void>;
  /**
   * Takes no more work, waits up to `graceMs` milliseconds (30000) for tasks and reviews to end, then leaves: what it still has goes to others, and
   * its functions are told by their signals. The second time it waits for the first.
   */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Joins a server as a worker, and does the work on tasks with a function, the same as `createMockBackend({ work })` takes. It is given when
 * the worker has joined. It lives through lost connections and servers that begin anew; a task whose lease was lost meanwhile is another's,
 * and its function is told by `job.signal`.
 *
 * @throws ConfigError for options that are wrong, and what a call throws: AuthenticationError, PermissionError, NetworkError.
 *
 * @example
 * const worker = await startWorker({
 *   endpoint: "http://localhost:8000",
 *   apiKey: "development-key",
 *   name: "desk-1",
 *   types: ["custom"],
 *   work: async (task, job) => {
 *     job.state("coding");
 *     await job.wait(2_000);
 *     return { output: `Done: ${task.prompt}` };
 *   },
 * });
 * await worker.stop();
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  checkWorkerOptions(options);
  const worker = new Worker(options);
  try {
    await worker.begin();
  } catch (error) {
    await worker.close();
    throw error;
  }
  return worker;
}

class Worker implements RunningWorker {
  readonly name: string;
  readonly ended: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #client: AgentVM;
  readonly #clock;
  readonly #random;
  readonly #log: Log | undefined;
  readonly #functions: WorkByType;
  readonly #agentTypes: string[];
  readonly #slots: number;
  readonly #bell: Bell;
  readonly #stream: NoticeStream | null;
  readonly #running = new Map<string, RemoteJob>();
  readonly #reviews: RemoteReviews | null;
  readonly #stopping = new AbortController();
  /** Whether a claim waits by HTTP. It stays when the stream is there again: what it was given must not be lost. */
  #isAsking = false;
  /** What came of the last one that failed. */
  #problem: Error | null = null;
  /** Whether this connection to the stream was told whom it speaks for. */
  #isKnown = false;
  #id = "";
  #leaseMs = 0;
  #stopped: Promise<void> | null = null;
  #idle: (() => void) | null = null;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve: ignore, reject: ignore };

  constructor(options: WorkerOptions) {
    const { endpoint, apiKey, name, slots = 1, websocketUrl, events = true } = options;
    const { environment, fetch, logger, clock = systemClock(), random = systemRandom() } = options;
    this.#options = options;
    this.name = name;
    this.#slots = slots;
    this.#clock = clock;
    this.#random = random;
    const connection = { endpoint, websocketUrl, apiKey, environment, fetch, WebSocket: options.WebSocket };
    this.#client = new AgentVM({ ...connection, clock, random, logger, batching: false });
    this.#log = safeLog(logger, () => [apiKey]);
    this.#reviews =
      options.review === undefined
        ? null
        : new RemoteReviews({
            calls: this.#client.workers,
            review: options.review,
            keys: [apiKey],
            warn: (message) => this.#warn(message),
            idle: () => this.#rest(),
          });
    const { functions, agentTypes } = servedBy(options);
    this.#functions = functions;
    this.#agentTypes = agentTypes;
    this.#bell = new Bell(clock);
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not wait for it is told by the log.
    this.ended.catch(ignore);
    this.#stream = events
      ? new NoticeStream({
          url: websocketUrl ?? streamUrl(endpoint.replace(/\/+$/, ""), null),
          apiKey,
          WebSocket: options.WebSocket,
          clock,
          random,
          heard: (data) => this.#heard(data),
          changed: () => {
            this.#isKnown = false;
            this.#bell.ring();
          },
          warn: (message) => this.#warn(message),
        })
      : null;
  }

  get id(): string {
    return this.#id;
  }

  get busy(): number {
    return this.#running.size;
  }

  get hears(): boolean {
    return this.#stream?.isLive === true && this.#isKnown;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async begin(): Promise<void> {
    await this.#join();
    void this.#stream?.open();
    void this.#work();
  }

  stop({ graceMs = STOP_GRACE_MS }: { readonly graceMs?: number } = {}): Promise<void> {
    return (this.#stopped ??= this.#stop(graceMs));
  }

  [asyncDispose](): Promise<void> {
    return this.stop();
  }

  async close(): Promise<void> {
    this.#takeNoMore();
    this.#stream?.close();
    await this.#client.close();
  }

  async #join(): Promise<void> {
    const { version, labels } = this.#options;
    const { worker_id, lease_seconds } = await this.#client.workers.join(
      {
        name: this.name,
        agent_types: this.#agentTypes,
        slots: this.#slots,
        ...(version !== undefined && { version }),
        ...(labels !== undefined && { labels: { ...labels } }),
        ...(this.#reviews !== null && { reviews: true }),
      },
      { signal: this.#stopping.signal },
    );
    this.#id = worker_id;
    this.#isKnown = false;
    this.#leaseMs = lease_seconds * 1_000;
  }

  /** Takes work for as long as it is not stopped. */
  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    // The first question goes by the stream where there is one.
    if (this.#stream !== null) await this.#bell.wait(STREAM_MS);
    const failed = (message: string): void => this.#warn(`Work could not be asked for: ${message}`);
    const how = { clock: this.#clock, random: this.#random, signal, failed };
    await keepOn(() => this.#take(), how).catch((error: unknown) => this.#fail(error));
  }

  /** Asks for work once, by the better way, and waits until it is worth it to ask again. */
  async #take(): Promise<void> {
    const free = Math.max(0, this.#slots - this.#running.size);
    const stream = this.#stream;
    if (stream?.isLive === true) {
      if (free === 0 && this.#isKnown) return this.#bell.wait(null);
      const told = await stream.claim(this.#id, Math.max(1, free));
      if (told !== null) this.#isKnown = true;
      // Where the stream is there and gives nothing, the same call by HTTP says why.
      const isIdle = this.#beginAll(told ?? (await this.#claim(Math.max(1, free), 0)));
      // A question about nothing is asked now and then where the stream tells of work: it keeps the lease.
      if (isIdle) await this.#bell.wait(this.#leaseMs / 3);
      return;
    }
    // Reviews are asked for in the same way, whether there is a slot free or not.
    if ((free > 0 || this.#reviews !== null) && !this.#isAsking) void this.#waitForWork(Math.max(1, free));
    await this.#bell.wait(null);
    const problem = this.#problem;
    this.#problem = null;
    if (problem !== null) throw problem;
  }

  /** It never rejects. */
  async #waitForWork(slots: number): Promise<void> {
    this.#isAsking = true;
    this.#problem = null;
    try {
      this.#beginAll(await this.#claim(slots, CLAIM_WAIT_MS));
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error("Work could not be asked for.");
    }
    this.#isAsking = false;
    this.#bell.ring();
  }

  /** Whether there was nothing to begin. What comes after the worker was stopped goes back with its leaving. */
  #beginAll(jobs: readonly ClaimedJob[] | null): boolean {
    if (this.#isStopping) return true;
    for (const job of jobs ?? []) this.#begin(job);
    return jobs?.length === 0;
  }

  /** Null for a worker that the server did not know, and that has joined again. */
  async #claim(slots: number, wait_ms: number): Promise<ClaimedJob[] | null> {
    const { signal } = this.#stopping;
    const ms = wait_ms + CLAIM_GRACE_MS;
    const id = this.#id;
    try {
      const { jobs, reviews = [] } = await this.#client.workers.claimAll(
        id,
        { slots, wait_ms, ...(this.#reviews !== null && { reviews: this.#reviews.ids }) },
        { signal, timeoutMs: ms, totalTimeoutMs: ms },
      );
      if (!this.#isStopping) for (const review of reviews) this.#reviews?.take(review);
      return jobs;
    } catch (error) {
      if (!isAgentVMError(error) || error.code !== "worker_not_found") throw error;
      if (id !== this.#id) return null;
      this.#warn("The server does not know this worker any more: it joins again.");
      await this.#join();
      return null;
    }
  }

  #begin(claimed: ClaimedJob): void {
    const { id } = claimed.task;
    const before = this.#running.get(id);
    // An answer that may have been lost is given again.
    if (before?.attempt === claimed.attempt) return;
    before?.end(new DOMException("The task is in its next attempt.", "AbortError"));
    const job = new RemoteJob(claimed, {
      calls: this.#client.workers,
      clock: this.#clock,
      random: this.#random,
      leaseMs: this.#leaseMs,
      functions: this.#functions,
      keys: [this.#options.apiKey],
      hears: () => this.hears,
      warn: (message) => this.#warn(`${id}: ${message}`),
      over: (over) => {
        if (this.#running.get(id) === over) this.#running.delete(id);
        this.#bell.ring();
        this.#rest();
      },
    });
    this.#running.set(id, job);
    void job.run();
  }

  #heard(data: NoticeData[NoticeName]): void {
    if ("review_id" in data) {
      if (!this.#isStopping) this.#reviews?.take(data);
      return;
    }
    if (!("task_id" in data)) return this.#bell.ring();
    const job = this.#running.get(data.task_id);
    if (data.attempt !== job?.attempt) return;
    if (!("reason" in data)) return job.answered(data);
    job.end(
      data.reason === "timeout"
        ? new DOMException("The task took too long.", "TimeoutError")
        : new DOMException(`The task was ended: ${data.reason}.`, "AbortError"),
    );
  }

  async #stop(graceMs: number): Promise<void> {
    this.#takeNoMore();
    if (!this.#isResting) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.setTimeout(resolve, graceMs);
        this.#idle = () => {
          cancel();
          resolve();
        };
      });
    }
    const wasId = this.#id;
    await this.#client.workers
      .leave(wasId, { totalTimeoutMs: LEAVE_MS })
      .catch((error: unknown) => this.#warn(`It could not say that it leaves: ${String(error)}`));
    this.#endAll("The worker was stopped.");
    await this.close();
    this.#settle.resolve();
  }

  get #isResting(): boolean {
    return this.#running.size === 0 && this.#reviews?.isIdle !== false;
  }

  #rest(): void {
    if (this.#isResting) this.#idle?.();
  }

  #takeNoMore(): void {
    this.#stopping.abort();
    this.#bell.ring();
  }

  async #fail(error: unknown): Promise<void> {
    this.#warn(`The worker ends: ${String(error)}`);
    this.#stopped ??= this.close();
    this.#endAll("The worker may not go on.");
    await this.#stopped;
    this.#settle.reject(error);
  }

  #endAll(why: string): void {
    for (const job of [...this.#running.values()]) job.end(new DOMException(why, "AbortError"));
  }

  #warn(message: string): void {
    this.#log?.("warn", `Worker '${this.name}': ${message}`);
  }
}

function ignore(): void {
  // Nothing to do.
}
