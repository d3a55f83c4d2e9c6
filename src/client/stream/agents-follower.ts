import type { Agent, CancelTimer, Cursor } from "../../contract/index.js";
import { isInSnapshot } from "./in-snapshot.js";
import type { SnapshotPlace } from "./in-snapshot.js";
import { ChangeLog } from "./agent-changes.js";
import type { LiveAgent, LiveAgentsParts } from "./agents-model.js";
import { LIVE_AGENTS_MAX } from "./agents-model.js";
import type { AgentsModel } from "./agents-model.js";
import { fullJitter } from "./backoff.js";
import type { GapEvent, LogEvent, StreamEvent } from "./stream-events.js";

/** Events that are held back while the first snapshot is taken, of an agent's moves the newest alone; past them it is taken anew. */
const JOIN_BUFFER_MAX = 10_000;

/** Keeps a model of the game's agents current: a snapshot, and the stream from there on. */
export class AgentsFollower {
  readonly #parts: LiveAgentsParts;
  readonly #model: AgentsModel;
  /** Which agents changed lately. */
  readonly log = new ChangeLog();
  readonly #undo: readonly (() => void)[];
  /** Events since the listening began, by what they are of, until the first snapshot is there; null afterwards. */
  #held: Map<string, LogEvent> | null = new Map();
  /** The last snapshot: what happened before it is in it. */
  #since: SnapshotPlace | null = null;
  #asked: AbortController | null = null;
  #retry: CancelTimer | null = null;
  #attempt = 0;

  constructor(parts: LiveAgentsParts, model: AgentsModel) {
    this.#parts = parts;
    this.#model = model;
    const { stream } = parts;
    this.#undo = [stream.on("*", (event) => this.#hear(event)), stream.on("connection", () => this.#join())];
    this.#join();
  }

  /** Whether the first snapshot is there. */
  get isReady(): boolean {
    return this.#held === null;
  }

  close(): void {
    this.#cancelJoin();
    for (const undo of this.#undo) undo();
  }

  #hear(event: StreamEvent): void {
    if (event.type === "gap") this.#hearGap(event);
    else if (this.#held === null) {
      // What stands beside the stream may be told after a snapshot that has it.
      const isOld = this.#since !== null && isInSnapshot(event, this.#since);
      if (!isOld && this.#apply(event)) this.#model.changed();
    } else {
      const subject =
        event.type === "agent.moved" ? `of ${event.data.agent_id}` : `at ${event.epoch} ${event.seq}`;
      // The newest goes behind what happened before it.
      this.#held.delete(subject);
      this.#held.set(subject, event);
      // Too long a wait for the snapshot: what was held is of no use without it.
      if (this.#held.size > JOIN_BUFFER_MAX) this.#joinAnew();
    }
  }

  #hearGap({ agents, to }: GapEvent): void {
    this.#cancelJoin();
    if (agents === null) this.#joinAnew();
    else this.#adopt(agents, to);
  }

  #joinAnew(): void {
    this.#held = new Map();
    this.#cancelJoin();
    this.#join();
  }

  /** Takes a snapshot, unless there is one. It is asked for while the stream is live, so it is no older than the stream's place. */
  #join(): void {
    const { stream, gameId } = this.#parts;
    if (this.#held === null || this.#asked !== null || stream.state.status !== "live") return;
    const asked = new AbortController();
    this.#asked = asked;
    const from = stream.cursor;
    this.#retry?.();
    this.#parts.snapshot(gameId, asked.signal).then(
      (taken) => {
        if (asked.signal.aborted) return;
        // A snapshot of another life of the log, or from before the stream's place, cannot be joined to it.
        const fits = from?.epoch === taken.cursor.epoch && taken.cursor.seq >= from.seq;
        if (fits) this.#adopt(taken.agents, taken.cursor);
        else this.#joinLater();
      },
      (error: unknown) => {
        if (asked.signal.aborted) return;
        this.#parts.report(error);
        this.#joinLater();
      },
    );
  }

  #joinLater(): void {
    const { clock, random } = this.#parts;
    this.#asked = null;
    this.#retry = clock.setTimeout(() => this.#join(), fullJitter(this.#attempt++, random()));
  }

  #cancelJoin(): void {
    this.#asked?.abort();
    this.#asked = null;
    this.#retry?.();
  }

  #adopt(snapshot: readonly Agent[], cursor: Cursor): void {
    const held = this.#held?.values() ?? [];
    const since = { cursor, agents: new Map(snapshot.map((agent) => [agent.id, agent])) };
    this.#since = since;
    this.#asked = null;
    this.#held = null;
    this.#attempt = 0;
    const { agents } = this.#model;
    const before = new Map(agents);
    agents.clear();
    for (const agent of snapshot.slice(0, LIVE_AGENTS_MAX)) {
      // How far a task is, is known from events alone: it is kept where the agent still has the same one.
      const task = before.get(agent.id)?.task ?? null;
      agents.set(agent.id, { ...agent, task: task?.id === agent.current_task_id ? task : null });
    }
    this.log.reset();
    for (const event of held) {
      if (event.epoch === cursor.epoch && !isInSnapshot(event, since)) this.#apply(event);
    }
    this.#model.changed();
  }

  /** Does what an event says; false when it says nothing of this game's agents. */
  #apply(event: LogEvent): boolean {
    if (event.game_id !== this.#parts.gameId) return false;
    switch (event.type) {
      case "agent.created": {
        const { agent } = event.data;
        const { agents } = this.#model;
        return (agents.size < LIVE_AGENTS_MAX || agents.has(agent.id)) && this.#set({ ...agent, task: null });
      }
      case "agent.removed": {
        const { agent_id } = event.data;
        if (!this.#model.agents.delete(agent_id)) return false;
        this.log.add(agent_id);
        return true;
      }
      case "agent.state_changed": {
        const { agent_id, state, task_id } = event.data;
        const task = this.#model.agents.get(agent_id)?.task ?? null;
        return this.#change(agent_id, {
          state,
          current_task_id: task_id,
          updated_at: event.timestamp,
          task: task?.id === task_id ? task : null,
        });
      }
      case "agent.moved": {
        const { agent_id, position, scene_id } = event.data;
        return this.#change(agent_id, { position, scene_id, updated_at: event.timestamp });
      }
      case "task.started": {
        const { agent_id, task_id } = event.data;
        return this.#change(agent_id, { task: { id: task_id, progress: 0, message: "" } });
      }
      case "task.progress": {
        const { agent_id, task_id, progress, message } = event.data;
        return this.#change(agent_id, { task: { id: task_id, progress, message } });
      }
      case "task.completed":
      case "task.failed":
      case "task.cancelled": {
        const { agent_id, task_id } = event.data;
        const agent = agent_id === null ? undefined : this.#model.agents.get(agent_id);
        return agent?.task?.id === task_id && this.#set({ ...agent, task: null });
      }
      default:
        return false;
    }
  }

  #change(id: string, change: Partial<LiveAgent>): boolean {
    const agent = this.#model.agents.get(id);
    return agent !== undefined && this.#set({ ...agent, ...change });
  }

  #set(agent: LiveAgent): true {
    this.#model.agents.set(agent.id, agent);
    this.log.add(agent.id);
    return true;
  }
}
