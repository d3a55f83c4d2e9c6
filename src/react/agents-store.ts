import type { Client } from "../client/client.js";
import type { LiveAgent } from "../client/stream/agents-model.js";
import type { LiveAgents } from "../client/stream/live-agents.js";
import { Listeners } from "./listeners.js";

const NONE: readonly LiveAgent[] = [];

/** The agents of a client's game, kept current while a component looks at them. */
export class AgentsStore {
  readonly #client: Client | null;
  readonly #gameId: string | undefined;
  readonly #listeners = new Listeners(() => this.#begin());
  #of: string | null = null;
  #live: LiveAgents | null = null;

  constructor(client: Client | null, gameId: string | undefined) {
    this.#client = client;
    this.#gameId = gameId;
  }

  readonly subscribe = this.#listeners.subscribe;

  /** The SDK's view of them, while a component looks at it and the game is known. */
  readonly live = (): LiveAgents | null => this.#live;

  readonly all = (): readonly LiveAgent[] => this.#live?.getSnapshot() ?? NONE;

  #begin(): () => void {
    const client = this.#client;
    // A tree that was hidden and comes back looks at the client of before, until its provider has made another.
    if (client === null || client.state.status === "closed") return () => undefined;
    const undo = client.on("connection", () => this.#follow(client));
    this.#follow(client);
    return () => {
      undo();
      this.#live?.close();
      this.#live = null;
      this.#of = null;
    };
  }

  /** Follows the game that the client is in by now. */
  #follow(client: Client): void {
    const gameId = this.#gameId ?? client.gameId;
    if (gameId === null || gameId === this.#of) return;
    this.#live?.close();
    this.#of = gameId;
    this.#live = client.agents.live({ gameId });
    this.#live.subscribe(() => this.#listeners.tell());
    this.#listeners.tell();
  }
}
