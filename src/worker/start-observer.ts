import { asyncDispose } from "../contract/dispose.js";
import { systemClock } from "../contract/clock.js";
import type { AnswerOf, ClaimedJob } from "../contract/index.js";
import { systemRandom } from "../clock.js";
import { safeLog } from "../client/http/logger.js";
import type { Log } from "../client/http/logger.js";
import { isAgentVMError } from "../errors/agentvm-error.js";
import { AgentVM } from "../slim.js";
import { Bell } from "./bell.js";
import { keepOn } from "./keep-on.js";
import { RemoteJob } from "./remote-job.js";
import type { Work } from "./types.js";
import type { WorkerOptions } from "./worker-options.js";

/** The type by which an observer joins: it does the tasks of no agent. */
const NOBODYS = "observed";

/** Sessions that are seen at the same time; of more the oldest are not. */
const SEEN_MAX = 64;

/** Milliseconds for an observer to say that it leaves. */
const LEAVE_MS = 5_000;

/** What an observer is started with; all that a worker has too is the same there. */
export interface ObserverOptions extends Pick<
  WorkerOptions,
  | "endpoint"
  | "apiKey"
  | "name"
  | "environment"
  | "fetch"
  | "clock"
  | "random"
  | "logger"
  | "version"
  | "labels"
> {
  /** The game in which sessions are seen. Default: the newest that is connected. */
  readonly gameId?: string | undefined;
  /** Sessions that are there already, as one that was started anew knows them. */
  readonly sessions?: readonly SeenSession[] | undefined;
}

/** A session that somebody runs elsewhere. */
export interface SeenSession {
  /** A name of its own, the same when the observer is started anew. */
  readonly id: string;
  /** The type of its agent, such as `claude`. */
  readonly agentType: string;
  /** What its agent is called. */
  readonly name: string;
}

/** One turn of a session: what was wanted, until it is done. */
export interface SeenTurn {
  readonly prompt: string;
  /**
   * Tells what is done, to its end. It is called when the server has a task for the turn, and once more where that is another one by now, as
   * when the session is seen in another game from now on.
   */
  readonly work: Work;
}

/** An observer that was started. */
export interface RunningObserver extends AsyncDisposable {
  readonly name: string;
  /** Resolves when it was stopped; rejects when its key is not taken any more. */
  readonly ended: Promise<void>;
  /** A session is there, or is as it says now. */
  see(session: SeenSession): void;
  /**
   * A turn of a session begins; the one before is over with it. Gives what tells that this one is over, whose function ends by itself.
   */
  begin(id: string, turn: SeenTurn): () => void;
  /** A session is there no more. */
  leave(id: string): void;
  /** All sessions leave. */
  stop(): Promise<void>;
}

interface Turn extends SeenTurn {
  readonly number: number;
  isOver: boolean;
}

interface Known {
  session: SeenSession;
  number: number;
  turn: Turn | null;
  next: Turn | null;
  job: RemoteJob | null;
}

/**
 * Joins a server to show sessions that it does not work in: each is an agent, and each of its turns a task with `work: "observed"`. It lives
 * through lost connections and servers that begin anew.
 *
 * @throws what a call throws: ConfigError, AuthenticationError, PermissionError, NetworkError.
 *
 * @example
 * const observer = await startObserver({ endpoint, apiKey, name: "watch" });
 * observer.see({ id: "7f3a", agentType: "claude", name: "my-game" });
 * const end = observer.begin("7f3a", { prompt: "Fix the jump", work: async (_task, job) => void job.state("coding") });
 * end();
 */
export async function startObserver(options: ObserverOptions): Promise<RunningObserver> {
  const observer = new Observer(options);
  try {
    await observer.open();
  } catch (error) {
    await observer.close();
    throw error;
  }
  return observer;
}

class Observer implements RunningObserver {
  readonly name: string;
  readonly ended: Promise<void>;
  readonly #options: ObserverOptions;
  readonly #client: AgentVM;
  readonly #clock;
  readonly #random;
  readonly #log: Log | undefined;
  readonly #bell: Bell;
  readonly #known = new Map<string, Known>();
  readonly #stopping = new AbortController();
  #id = "";
  #leaseMs = 0;
  #stopped: Promise<void> | null = null;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve: ignore, reject: ignore };

  constructor(options: ObserverOptions) {
    const { endpoint, apiKey, environment, fetch, logger } = options;
    const { clock = systemClock(), random = systemRandom() } = options;
    this.name = options.name;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#client = new AgentVM({
      endpoint,
      apiKey,
      environment,
      fetch,
      clock,
      random,
      logger,
      batching: false,
    });
    this.#log = safeLog(logger, () => [apiKey]);
    this.#bell = new Bell(clock);
    for (const session of options.sessions ?? []) this.see(session);
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not wait for it is told by the log.
    this.ended.catch(ignore);
  }

  async open(): Promise<void> {
    await this.#join();
    void this.#work();
  }

  see(session: SeenSession): void {
    const known = this.#known.get(session.id);
    if (known) known.session = session;
    else this.#known.set(session.id, { session, number: 0, turn: null, next: null, job: null });
    this.#bell.ring();
  }

  begin(id: string, { prompt, work }: SeenTurn): () => void {
    const known = this.#known.get(id);
    if (known === undefined) return ignore;
    const turn = { prompt, work, number: (known.number += 1), isOver: false };
    if (known.turn === null) known.turn = turn;
    else {
      known.turn.isOver = true;
      // Of turns that nobody could see meanwhile the newest is enough.
      known.next = turn;
    }
    this.#bell.ring();
    return () => {
      turn.isOver = true;
      this.#bell.ring();
    };
  }

  leave(id: string): void {
    this.#known.get(id)?.job?.end(new DOMException("The session is over.", "AbortError"));
    if (this.#known.delete(id)) this.#bell.ring();
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  [asyncDispose](): Promise<void> {
    return this.stop();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#bell.ring();
    for (const { job } of this.#known.values())
      job?.end(new DOMException("The observer was stopped.", "AbortError"));
    await this.#client.close();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#client.workers
      .leave(this.#id, { totalTimeoutMs: LEAVE_MS })
      .catch((error: unknown) => this.#warn(`It could not say that it leaves: ${String(error)}`));
    await this.close();
    this.#settle.resolve();
  }

  async #join(): Promise<void> {
    const { name, version, labels } = this.#options;
    const { worker_id, lease_seconds } = await this.#client.workers.join(
      {
        name,
        agent_types: [NOBODYS],
        slots: SEEN_MAX,
        ...(version !== undefined && { version }),
        ...(labels !== undefined && { labels: { ...labels } }),
      },
      { signal: this.#stopping.signal },
    );
    this.#id = worker_id;
    this.#leaseMs = lease_seconds * 1_000;
  }

  /** Tells what is seen whenever that has changed, and now and then, since that keeps the lease. */
  async #work(): Promise<void> {
    const { signal } = this.#stopping;
    const failed = (message: string): void => this.#warn(`What is seen could not be told: ${message}`);
    const once = async (): Promise<void> => {
      await this.#tell();
      await this.#bell.wait(this.#leaseMs / 6);
    };
    try {
      await keepOn(once, { clock: this.#clock, random: this.#random, signal, failed });
    } catch (error) {
      this.#warn(`The observer ends: ${String(error)}`);
      await this.close();
      this.#settle.reject(error);
    }
  }

  async #tell(): Promise<void> {
    const { gameId } = this.#options;
    const told = new Map([...this.#known].slice(-SEEN_MAX).map(([id, { turn }]) => [id, turn]));
    const sessions = Array.from(told, ([id, turn]) => {
      const { agentType: agent_type = "", name = "" } = this.#known.get(id)?.session ?? {};
      const { number, prompt } = turn ?? {};
      const now = number === undefined || prompt === undefined ? {} : { turn: { number, prompt } };
      return { session: id, agent_type, name, ...now };
    });
    let answer: AnswerOf<"workerObserve">;
    try {
      const { signal } = this.#stopping;
      answer = await this.#client.workers.observe(
        this.#id,
        { sessions, ...(gameId !== undefined && { game_id: gameId }) },
        { signal },
      );
    } catch (error) {
      if (!isAgentVMError(error) || error.code !== "worker_not_found") throw error;
      this.#warn("The server does not know this observer any more: it joins again.");
      await this.#join();
      this.#bell.ring();
      return;
    }
    for (const { session, job } of answer.sessions) {
      const known = this.#known.get(session);
      const turn = told.get(session) ?? null;
      if (known === undefined || turn === null || known.turn !== turn) continue;
      if (job !== null && job.task.id !== known.job?.task.id) this.#start(known, turn, job);
      this.#goOn(known);
    }
  }

  #start(known: Known, turn: Turn, claimed: ClaimedJob): void {
    known.job?.end(new DOMException("The session is seen elsewhere.", "AbortError"));
    const { id } = claimed.task;
    const job = new RemoteJob(claimed, {
      calls: this.#client.workers,
      clock: this.#clock,
      random: this.#random,
      leaseMs: this.#leaseMs,
      functions: { "*": turn.work },
      keys: [this.#options.apiKey],
      hears: () => false,
      warn: (message) => this.#warn(`${id}: ${message}`),
      over: (over) => {
        if (known.job !== over) return;
        known.job = null;
        this.#goOn(known);
      },
    });
    known.job = job;
    void job.run();
  }

  /** What comes after a turn that is over, and that nobody tells of any more. */
  #goOn(known: Known): void {
    if (known.turn?.isOver !== true || known.job !== null) return;
    known.turn = known.next;
    known.next = null;
    if (known.turn !== null) this.#bell.ring();
  }

  #warn(message: string): void {
    this.#log?.("warn", `Observer '${this.name}': ${message}`);
  }
}

function ignore(): void {
  // Nothing to do.
}
