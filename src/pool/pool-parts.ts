import type { Agent, BodyOf, Clock, Random } from "../contract/index.js";
import type { AgentVMError } from "../errors/index.js";
import type { Lifetime } from "../lifetime.js";
import type { Listener } from "../client/stream/listeners.js";
import type { TaskHandle } from "../client/resources/task-handle.js";

/** What a pool hears of. */
type Heard = "agent.removed" | "agent.state_changed";

/** What a pool does its work with. */
export interface PoolParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly lifetime: Lifetime;
  create(body: BodyOf<"agentCreate">): Promise<Agent>;
  /** Removes an agent, also when the client is closed already. */
  remove(agentId: string): Promise<unknown>;
  assign(task: BodyOf<"taskAssign">): Promise<TaskHandle>;
  on<N extends Heard>(name: N, listener: Listener<N>): () => void;
  /** What went wrong in work that nobody waits for. */
  report(error: AgentVMError): void;
}
