import type { AgentsFollower } from "./agents-follower.js";
import type { AgentsModel, AgentsSource, LiveAgent, LiveAgentsParts } from "./agents-model.js";

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

/** The stream, and what is loaded with it that keeps agents current. */
interface Source extends AgentsSource {
  readonly core: {
    readonly AgentsFollower: new (parts: LiveAgentsParts, model: AgentsModel) => AgentsFollower;
  } | null;
}

/**
 * A game's agents as a map that is always current: a snapshot, and the stream from there on.
 * The stream has to follow the whole game, not some types or agents of it.
 *
 * @example
 * const { version, changed, removed } = agents.changedSince(lastVersion);   // in a game loop
 * useSyncExternalStore(agents.subscribe, agents.getSnapshot, agents.getSnapshot);   // in React, on a server too
 */
export class LiveAgents implements Iterable<LiveAgent> {
  readonly #parts: LiveAgentsParts & { readonly stream: Source };
  readonly #agents = new Map<string, LiveAgent>();
  readonly #listeners = new Set<() => void>();
  readonly #undo: () => void;
  #follower: AgentsFollower | null = null;
  #closed = false;
  #list: readonly LiveAgent[] | null = null;

  /** Resolves when the agents are known for the first time, or when the listening has ended before: {@link isReady} tells which. */
  readonly ready: Promise<void>;
  #known: () => void = () => undefined;

  /** Begins at once, or when the stream is opened; {@link close} ends it. */
  constructor(parts: LiveAgentsParts & { readonly stream: Source }) {
    this.#parts = parts;
    this.ready = new Promise((resolve) => (this.#known = resolve));
    this.#undo = parts.stream.on("connection", ({ current }) => {
      if (current.status === "closed") this.close();
      else this.#follow();
    });
    this.#follow();
  }

  /** Whether the agents are known; false until the first snapshot is there. */
  get isReady(): boolean {
    return this.#follower?.isReady === true;
  }

  /** How many there are. */
  get size(): number {
    return this.#agents.size;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#follower?.log.version ?? 0;
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
    return this.values();
  }

  /** Calls `listener` after each change, until what is returned is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own, so that a function that listens twice is called twice and ends once.
    const call = (): void => listener();
    if (!this.#closed) this.#listeners.add(call);
    return () => this.#listeners.delete(call);
  };

  /** All agents as an array that is never changed: the same one until something changes. */
  readonly getSnapshot = (): readonly LiveAgent[] => {
    return (this.#list ??= Object.freeze([...this.#agents.values()]));
  };

  /** What is new since `version`, which is 0 the first time. It costs no more than what is new. */
  changedSince(version: number): AgentChanges {
    const ids = this.#follower?.log.since(version) ?? null;
    const changed: LiveAgent[] = [];
    const removed: string[] = [];
    for (const id of ids ?? []) {
      const agent = this.#agents.get(id);
      if (agent) changed.push(agent);
      else removed.push(id);
    }
    const reset = ids === null;
    return { version: this.version, changed: reset ? this.getSnapshot() : changed, removed, reset };
  }

  /** Ends the listening. The agents can still be read, as they were last. */
  close(): void {
    this.#closed = true;
    this.#known();
    this.#undo();
    this.#follower?.close();
    this.#listeners.clear();
  }

  #follow(): void {
    const { core } = this.#parts.stream;
    if (core === null || this.#follower !== null) return;
    const changed = () => this.#tell();
    this.#follower = new core.AgentsFollower(this.#parts, { agents: this.#agents, changed });
  }

  #tell(): void {
    this.#list = null;
    if (this.isReady) this.#known();
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#parts.report(error);
      }
    }
  }
}
