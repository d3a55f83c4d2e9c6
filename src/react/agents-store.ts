import type { Client } from "../client/client.js";
import type { LiveAgent } from "../client/stream/agents-model.js";
import type { LiveAgents } from "../client/stream/live-agents.js";

const NONE: readonly LiveAgent[] = [];

/** The agents of a client's game, kept current while a component looks at them. */
export class AgentsStore {
  readonly #client: Client | null;
  readonly #gameId: string | undefined;
  readonly #listeners = new Set<() => void>();
  #undo = (): void => undefined;
  #of: string | null = null;
  #live: LiveAgents | null = null;

  constructor(client: Client | null, gameId: string | undefined) {
    this.#client = client;
    this.#gameId = gameId;
  }

  /** The SDK's view of them, while a component looks at it and the game is known. */
  readonly live = (): LiveAgents | null => this.#live;

  readonly all = (): readonly LiveAgent[] => this.#live?.getSnapshot() ?? NONE;

  readonly subscribe = (listener: () => void): (() => void) => {
    // One of its own, so that a function that listens twice is called twice and ends once.
    const call = (): void => listener();
    if (this.#listeners.add(call).size === 1) this.#begin();
    return () => {
      this.#listeners.delete(call);
      if (this.#listeners.size === 0) this.#end();
    };
  };

  #begin(): void {
    // A tree that was hidden and comes back looks at the client of before, until its provider has made another.
    if (this.#client === null || this.#client.state.status === "closed") return;
    this.#undo = this.#client.on("connection", () => this.#follow(this.#client));
    this.#follow(this.#client);
  }

  /** Follows the game that the client is in by now. */
  #follow(client: Client | null): void {
    const gameId = this.#gameId ?? client?.gameId ?? null;
    if (client === null || gameId === null || gameId === this.#of) return;
    this.#live?.close();
    this.#of = gameId;
    this.#live = client.agents.live({ gameId });
    this.#live.subscribe(() => this.#tell());
    this.#tell();
  }

  #end(): void {
    this.#undo();
    this.#live?.close();
    this.#live = null;
    this.#of = null;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
