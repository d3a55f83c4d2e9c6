import { createMockBackend } from "oligarchy-agentvm/mock";
import type { MockBackend } from "oligarchy-agentvm/mock";
import { AgentVM } from "oligarchy-agentvm/slim";

/** A game in this process: the embedded backend, a client that is connected to it, and agents. */
export interface Game {
  readonly backend: MockBackend;
  readonly agentvm: AgentVM;
  readonly agents: readonly string[];
  /** Messages that the client sent as text, and their bytes. */
  readonly traffic: { messages: number; bytes: number };
  close(): Promise<void>;
}

/** How a {@link Game} is set up. */
export interface GameOptions {
  /** Whether all that is sent is text, as it is to a server; else positions are handed over as they are. */
  readonly asText?: boolean;
}

/** Begins a game of so many agents on the embedded backend, whose traffic is counted from then on. */
export async function gameOf(agents: number, { asText = false }: GameOptions = {}): Promise<Game> {
  const limits = { max_agents: Math.max(1, agents), rate_limit_per_minute: 1_000_000_000 };
  const backend = createMockBackend({ seed: 7, limits });
  const traffic = { messages: 0, bytes: 0 };
  const { WebSocket } = asText ? countedTexts(backend, traffic) : backend;
  const agentvm = new AgentVM({ ...backend.connection(), WebSocket });
  await agentvm.connect({ game_name: "Bench" });
  const ids: string[] = [];
  while (ids.length < agents) ids.push((await agentvm.agents.create("aider")).id);
  Object.assign(traffic, { messages: 0, bytes: 0 });
  return {
    backend,
    agentvm,
    agents: ids,
    traffic,
    async close() {
      await agentvm.close();
      backend.close();
    },
  };
}

/** A socket to the backend that is like any other's: it has no way but text. */
function countedTexts(backend: MockBackend, traffic: Game["traffic"]) {
  return {
    WebSocket: class {
      readonly #socket: WebSocket;

      constructor(url: string) {
        this.#socket = new backend.WebSocket(url);
      }

      get bufferedAmount(): number {
        return this.#socket.bufferedAmount;
      }

      set onopen(listener: WebSocket["onopen"]) {
        this.#socket.onopen = listener;
      }

      set onmessage(listener: WebSocket["onmessage"]) {
        this.#socket.onmessage = listener;
      }

      set onclose(listener: WebSocket["onclose"]) {
        this.#socket.onclose = listener;
      }

      set onerror(listener: WebSocket["onerror"]) {
        this.#socket.onerror = listener;
      }

      send(data: string): void {
        traffic.messages += 1;
        traffic.bytes += Buffer.byteLength(data);
        this.#socket.send(data);
      }

      close(code?: number, reason?: string): void {
        this.#socket.close(code, reason);
      }
    },
  };
}

/** Where a character is, as engines keep it: one vector that every frame changes. */
export class Vector {
  x = 0;
  y = 0;
  z = 0;
}

/** Moves a character on: each walks a circle of its own, on a floor that grows with their number. */
export function walk(vector: Vector, index: number, frame: number): Vector {
  const angle = frame / 30 + index;
  vector.x = (index % 100) * 4 + Math.cos(angle);
  vector.z = Math.floor(index / 100) * 4 + Math.sin(angle);
  return vector;
}
