import type { Agent, CancelTimer, Clock, Cursor, Random } from "../contract/index.js";
import { ChangeLog } from "./agent-changes.js";
import { fullJitter } from "./backoff.js";
import type { AgentsSnapshot } from "./ports.js";
import type { ConnectionChange, ConnectionState, GapEvent, LogEvent, StreamEvent } from "./stream-events.js";
import { isUnknownEvent } from "./stream-events.js";

/** Agents that a view holds at the most; more than any server of the contract allows. */
export const LIVE_AGENTS_MAX = 10_000;

/** Events that are held back while the first snapshot is taken; past them it is taken anew. */
const JOIN_BUFFER_MAX = 1_000;

/** How far an agent's present task is. */
export interface LiveTask {
  readonly id: string;
  /** From 0 to 1. */
  readonly progress: number;
  readonly message: string;
}

/** An agent as it is now, and how far its task is; `task` is null while it works on none that was heard of. */
export interface LiveAgent extends Agent {
  readonly task: LiveTask | null;
}

/** What is new since a version. */
export interface AgentChanges {
  /** Ask with this number next time. */
  readonly version: number;
  /** Agents that appeared or changed, as they are now. */
  readonly changed: readonly LiveAgent[];
  /** The ids of agents that are gone. */
  readonly removed: readonly string[];
  /** Forget what you hold: `changed` is all there is. So it is the first time, after a gap, and for who asks too seldom. */
  readonly reset: boolean;
}

/** What a view needs of the stream. */
interface Source {
  readonly state: ConnectionState;
  readonly cursor: Cursor | null;
  on(name: "*", listener: (event: StreamEvent) => void): () => void;
  on(name: "connection", listener: (change: ConnectionChange) => void): () => void;
}

/** What a {@link LiveAgents} is made of. */
export interface LiveAgentsParts {
  readonly stream: Source;
  readonly gameId: string;
  snapshot(gameId: string, signal: AbortSignal): Promise<AgentsSnapshot>;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what the view lives on with: a snapshot that failed, a listener that threw. */
  report(error: unknown): void;
}

/**
 * A game's agents as a map that is always current: a snapshot, and the stream from there on.
 * The stream has to follow the whole game, not some types or agents of it.
 *
 * @example
 * const { version, changed, removed } = agents.changedSince(lastVersion);   // in a game loop
 * useSyncExternalStore(agents.subscribe, agents.getSnapshot);               // in React
 */
export class LiveAgents implements Iterable<LiveAgent> {
  readonly #parts: LiveAgentsParts;
  readonly #agents = new Map<string, LiveAgent>();
  readonly #log = new ChangeLog();
  readonly #listeners = new Set<() => void>();
  readonly #undo: (() => void)[] = [];
  /** Events since the listening began, until the first snapshot is there; null afterwards. */
  #held: LogEvent[] | null = [];
  #asked: AbortController | null = null;
  #retry: CancelTimer | null = null;
  #attempt = 0;
  #closed = false;
  #list: readonly LiveAgent[] | null = null;

  /** Begins at once; {@link close} ends it. */
  constructor(parts: LiveAgentsParts) {
    this.#parts = parts;
    const { stream } = parts;
    this.#undo.push(
      stream.on("*", (event) => this.#hear(event)),
      stream.on("connection", ({ current }) => {
        if (current.status === "live") this.#join();
        else if (current.status === "closed") this.close();
      }),
    );
    if (stream.state.status === "live") this.#join();
  }

  /** Whether the agents are known; false until the first snapshot is there. */
  get isReady(): boolean {
    return this.#held === null;
  }

  /** How many there are. */
  get size(): number {
    return this.#agents.size;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#log.version;
  }

  /** One agent; undefined when there is none of that id. */
  get(agentId: string): LiveAgent | undefined {
    return this.#agents.get(agentId);
  }

  /** All agents, older first. */
  values(): IterableIterator<LiveAgent> {
    return this.#agents.values();
  }

  [Symbol.iterator](): IterableIterator<LiveAgent> {
    return this.#agents.values();
  }

  /** Calls `listener` after each change, until what is returned is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#closed) return () => undefined;
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** All agents as an array that is never changed: the same one until something changes. */
  readonly getSnapshot = (): readonly LiveAgent[] => {
    return (this.#list ??= Object.freeze([...this.#agents.values()]));
  };

  /** What is new since `version`, which is 0 the first time. It costs no more than what is new. */
  changedSince(version: number): AgentChanges {
    const ids = version === 0 ? null : this.#log.since(version);
    if (ids === null) {
      return { version: this.version, changed: this.getSnapshot(), removed: [], reset: true };
    }
    const changed: LiveAgent[] = [];
    const removed: string[] = [];
    for (const id of ids) {
      const agent = this.#agents.get(id);
      if (agent) changed.push(agent);
      else removed.push(id);
    }
    return { version: this.version, changed, removed, reset: false };
  }

  /** Ends the listening. The agents can still be read, as they were last. */
  close(): void {
    this.#closed = true;
    this.#cancelJoin();
    for (const undo of this.#undo.splice(0)) undo();
    this.#listeners.clear();
    this.#held?.splice(0);
  }

  #hear(event: StreamEvent): void {
    if (event.type === "gap") this.#hearGap(event);
    else if (this.#held === null) {
      if (this.#apply(event)) this.#tell();
    } else if (this.#held.push(event) > JOIN_BUFFER_MAX) {
      // Too long a wait for the snapshot: what was held is of no use without it.
      this.#held = [];
      this.#cancelJoin();
      this.#join();
    }
  }

  #hearGap({ agents }: GapEvent): void {
    this.#cancelJoin();
    if (agents === null) {
      this.#held = [];
      this.#join();
    } else {
      this.#adopt(agents);
    }
  }

  /** Takes a snapshot, unless there is one. It is asked for while the stream is live, so it is no older than the stream's place. */
  #join(): void {
    const { stream, gameId, clock, random } = this.#parts;
    if (this.#closed || this.#held === null || this.#asked !== null || stream.state.status !== "live") return;
    const asked = new AbortController();
    this.#asked = asked;
    const from = stream.cursor;
    const again = () => {
      this.#asked = null;
      this.#retry = clock.setTimeout(
        () => {
          this.#retry = null;
          this.#join();
        },
        fullJitter(this.#attempt++, random()),
      );
    };
    this.#retry?.();
    this.#parts.snapshot(gameId, asked.signal).then(
      (taken) => {
        if (asked.signal.aborted) return;
        // A snapshot of another life of the log, or from before the stream's place, cannot be joined to it.
        const fits = from?.epoch === taken.cursor.epoch && taken.cursor.seq >= from.seq;
        if (fits) this.#adopt(taken.agents, taken.cursor);
        else again();
      },
      (error: unknown) => {
        if (asked.signal.aborted) return;
        this.#parts.report(error);
        again();
      },
    );
  }

  #cancelJoin(): void {
    this.#asked?.abort();
    this.#asked = null;
    this.#retry?.();
    this.#retry = null;
  }

  #adopt(agents: readonly Agent[], cursor?: Cursor): void {
    const held = this.#held ?? [];
    this.#asked = null;
    this.#held = null;
    this.#attempt = 0;
    const before = new Map(this.#agents);
    this.#agents.clear();
    for (const agent of agents.slice(0, LIVE_AGENTS_MAX)) {
      // How far a task is, is known from events alone: it is kept where the agent still has the same one.
      const task = before.get(agent.id)?.task ?? null;
      this.#agents.set(agent.id, { ...agent, task: task?.id === agent.current_task_id ? task : null });
    }
    this.#log.reset();
    if (cursor !== undefined) {
      for (const event of held)
        if (event.epoch === cursor.epoch && event.seq > cursor.seq) this.#apply(event);
    }
    this.#tell();
  }

  /** Does what an event says; false when it says nothing of this game's agents. */
  #apply(event: LogEvent): boolean {
    if (isUnknownEvent(event) || event.game_id !== this.#parts.gameId) return false;
    switch (event.type) {
      case "agent.created":
        return this.#create(event.data.agent);
      case "agent.removed":
        return this.#remove(event.data.agent_id);
      case "agent.state_changed": {
        const { agent_id, state, task_id } = event.data;
        return this.#change(agent_id, (agent) => ({
          state,
          current_task_id: task_id,
          updated_at: event.timestamp,
          task: agent.task?.id === task_id ? agent.task : null,
        }));
      }
      case "agent.moved": {
        const { agent_id, position, scene_id } = event.data;
        return this.#change(agent_id, () => ({ position, scene_id, updated_at: event.timestamp }));
      }
      case "task.started": {
        const { agent_id, task_id } = event.data;
        return this.#change(agent_id, () => ({ task: { id: task_id, progress: 0, message: "" } }));
      }
      case "task.progress": {
        const { agent_id, task_id, progress, message } = event.data;
        return this.#change(agent_id, () => ({ task: { id: task_id, progress, message } }));
      }
      case "task.completed":
      case "task.failed":
      case "task.cancelled": {
        const { agent_id, task_id } = event.data;
        return (
          agent_id !== null &&
          this.#change(agent_id, (agent) => (agent.task?.id === task_id ? { task: null } : null))
        );
      }
      default:
        return false;
    }
  }

  #create(agent: Agent): boolean {
    if (this.#agents.size >= LIVE_AGENTS_MAX && !this.#agents.has(agent.id)) return false;
    this.#agents.set(agent.id, { ...agent, task: null });
    this.#log.add(agent.id);
    return true;
  }

  #remove(id: string): boolean {
    if (!this.#agents.delete(id)) return false;
    this.#log.add(id);
    return true;
  }

  #change(id: string, to: (agent: LiveAgent) => Partial<LiveAgent> | null): boolean {
    const agent = this.#agents.get(id);
    const changed = agent === undefined ? null : to(agent);
    if (agent === undefined || changed === null) return false;
    this.#agents.set(id, { ...agent, ...changed });
    this.#log.add(id);
    return true;
  }

  #tell(): void {
    this.#list = null;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#parts.report(error);
      }
    }
  }
}
