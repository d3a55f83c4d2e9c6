import type { Agent, Clock, Cursor, Random } from "../../contract/index.js";
import type { AgentsSnapshot } from "./ports.js";
import type { ConnectionChange, ConnectionState, StreamEvent } from "./stream-events.js";

/** Agents that a view holds at the most; more than any server of the contract allows. */
export const LIVE_AGENTS_MAX = 10_000;

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

/** What a view of the agents holds, as the one who keeps it current sees it. */
export interface AgentsModel {
  readonly agents: Map<string, LiveAgent>;
  /** Says that it has been brought up to date. */
  changed(): void;
}

/** What a view of the agents needs of the stream. */
export interface AgentsSource {
  readonly state: ConnectionState;
  readonly cursor: Cursor | null;
  on(name: "*", listener: (event: StreamEvent) => void): () => void;
  on(name: "connection", listener: (change: ConnectionChange) => void): () => void;
}

/** What a view of the agents is made of. */
export interface LiveAgentsParts {
  readonly stream: AgentsSource;
  readonly gameId: string;
  snapshot(gameId: string, signal: AbortSignal): Promise<AgentsSnapshot>;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what the view lives on with: a snapshot that failed, a listener that threw. */
  report(error: unknown): void;
}
