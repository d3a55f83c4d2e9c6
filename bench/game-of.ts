import { createMockBackend } from "oligarchy-agentvm/mock";
import type { MockBackend } from "oligarchy-agentvm/mock";
import { AgentVM } from "oligarchy-agentvm/slim";

/** A game in this process: the embedded backend, a client that is connected to it, and agents. */
export interface Game {
  readonly backend: MockBackend;
  readonly agentvm: AgentVM;
  readonly agents: readonly string[];
  /** Frames and requests that the client sent, and their bytes. */
  readonly traffic: { messages: number; bytes: number };
  close(): Promise<void>;
}

/** Begins a game of so many agents on the embedded backend, whose traffic is counted from then on. */
export async function gameOf(agents: number): Promise<Game> {
  const limits = { max_agents: Math.max(1, agents), rate_limit_per_minute: 1_000_000_000 };
  const backend = createMockBackend({ seed: 7, limits });
  const traffic = { messages: 0, bytes: 0 };
  const sent = (data: unknown): void => {
    traffic.messages += 1;
    traffic.bytes += typeof data === "string" ? Buffer.byteLength(data) : 0;
  };
  class Counted extends backend.WebSocket {
    override send(data: string): void {
      sent(data);
      super.send(data);
    }
  }
  const agentvm = new AgentVM({ ...backend.connection(), WebSocket: Counted });
  await agentvm.connect({ game_name: "Bench" });
  const ids: string[] = [];
  while (ids.length < agents) ids.push((await agentvm.agents.create("aider")).id);
  traffic.messages = 0;
  traffic.bytes = 0;
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
