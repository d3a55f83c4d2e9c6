import type { AgentVM, Clock, StreamEvent } from "../../../src/slim.js";
import { EventLog } from "./event-log.js";
import { applyEvent, emptyWorld, trim } from "./world.js";
import type { World } from "./world.js";

/** Milliseconds that changes are gathered before they are told, so that a fast backend does not draw with every event. */
const GATHER_MS = 80;

/** Milliseconds until a snapshot that could not be had is asked for again. */
const AGAIN_MS = 2_000;

/** Items of a list that are asked for at once: the contract's most. */
const PAGE = 500;

/** What a follower works with. */
export interface FollowerParts {
  readonly agentvm: AgentVM;
  readonly clock: Clock;
  /** Told after changes, some of them at once. */
  readonly changed: () => void;
  /** Told when everything was read anew: the types of agent may be others too. */
  readonly loaded: () => void;
  readonly failed: (error: unknown) => void;
}

/** Keeps all of a backend's agents and tasks current: lists at the beginning and after every loss, events from there on. */
export class Follower {
  readonly log = new EventLog();
  readonly #parts: FollowerParts;
  readonly #undo: readonly (() => void)[];
  readonly #stop = new AbortController();
  #world = emptyWorld();
  /** Events since the lists were asked for; null while there is nothing to wait for. */
  #held: StreamEvent[] | null = null;
  #cancelGather: (() => void) | null = null;
  #cancelAgain: (() => void) | null = null;
  #loading = 0;
  #isFailing = false;
  #isLoaded = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    const { agentvm } = parts;
    this.#undo = [
      agentvm.on("*", (event) => this.#hear(event)),
      agentvm.on("connection", ({ current }) => {
        this.#tell();
        if (current.status === "live" && !(current.recovered && this.#isLoaded)) void this.#load();
      }),
    ];
    agentvm.openEvents({}, { signal: this.#stop.signal }).then(
      () => {
        // Without the stream there is at least what is so now.
        if (agentvm.state.status !== "live") void this.#load();
      },
      (error: unknown) => {
        if (!this.#stop.signal.aborted) parts.failed(error);
      },
    );
  }

  get world(): World {
    return this.#world;
  }

  clearLog(): void {
    this.log.clear();
    this.#tell();
  }

  /** Reads all anew where no events come that would tell: a browser without WebSocket, a stream that was stopped. */
  refresh(): void {
    if (this.#parts.agentvm.state.status !== "live" && this.#held === null) void this.#load();
  }

  close(): void {
    this.#stop.abort();
    for (const undo of this.#undo) undo();
    this.#cancelGather?.();
    this.#cancelAgain?.();
  }

  #hear(event: StreamEvent): void {
    this.log.add(event);
    if (event.type === "gap") void this.#load();
    else {
      this.#held?.push(event);
      applyEvent(this.#world, event);
    }
    this.#tell();
  }

  /** Reads all anew; what happens meanwhile is done to it afterwards once more, which changes nothing that is right. */
  async #load(): Promise<void> {
    const loading = (this.#loading += 1);
    const { agentvm, clock, failed, loaded } = this.#parts;
    const { signal } = this.#stop;
    const held: StreamEvent[] = [];
    this.#held = held;
    this.#cancelAgain?.();
    const world = emptyWorld();
    try {
      for await (const agent of agentvm.agents.list({ limit: PAGE }, { signal }))
        world.agents.set(agent.id, agent);
      for await (const task of agentvm.tasks.list({ limit: PAGE }, { signal })) {
        world.tasks.set(task.id, task);
        trim(world.tasks);
      }
    } catch (error) {
      if (signal.aborted || loading !== this.#loading) return;
      if (!this.#isFailing) failed(error);
      this.#isFailing = true;
      this.#cancelAgain = clock.setTimeout(() => void this.#load(), AGAIN_MS);
      return;
    }
    if (signal.aborted || loading !== this.#loading) return;
    for (const event of held) applyEvent(world, event);
    this.#world = world;
    this.#held = null;
    this.#isFailing = false;
    this.#isLoaded = true;
    loaded();
    this.#tell();
  }

  #tell(): void {
    this.#cancelGather ??= this.#parts.clock.setTimeout(() => {
      this.#cancelGather = null;
      this.#parts.changed();
    }, GATHER_MS);
  }
}
