import type { AgentRecord } from "./agent-record.js";
import { chooseAgent } from "./chooser.js";
import type { Core } from "./core.js";
import { candidatesFor } from "./flow.js";
import { gameKey } from "./idle-pools.js";
import { inOrder } from "./queue.js";
import type { TaskRecord } from "./world.js";

/** A task that a worker could begin, and the agent that is seen at it. */
export interface Claimable {
  readonly record: TaskRecord;
  readonly agent: AgentRecord;
}

/**
 * What a worker that serves some types of agents does next. Games take turns: the one whose tasks fewest workers have, then the one that
 * has waited longest for its turn; of its tasks the one with the highest priority, then the oldest.
 */
export function nextClaimable(core: Core, serves: (type: string) => boolean): Claimable | undefined {
  let next: Claimable | undefined;
  for (const one of claimable(core, serves)) {
    if (next === undefined || before(core, one, next)) next = one;
  }
  return next;
}

/** The first task of each agent that is idle, and of each game that waits for any: nothing behind them could come before. */
function* claimable(core: Core, serves: (type: string) => boolean): Generator<Claimable> {
  const { queue } = core.indexes;
  const mayDo = (record: TaskRecord, { agent }: AgentRecord): boolean =>
    agent.state === "idle" && serves(agent.type) && core.work.kindOf(record.task, agent) === "worker";
  for (const record of queue.firstAssigned()) {
    const agent = core.world.agents.get(record.task.agent_id ?? "");
    if (agent && mayDo(record, agent)) yield { record, agent };
  }
  for (const record of queue.firstPending()) {
    const { task, preferred } = record;
    const able = [...candidatesFor(core, task.game_id)].filter((agent) => mayDo(record, agent));
    const agent = chooseAgent(able, task.task_type, preferred);
    if (agent) yield { record, agent };
  }
}

function before(core: Core, one: Claimable, other: Claimable): boolean {
  const { held } = core.indexes;
  const [key, against] = [keyOf(one), keyOf(other)];
  const turn = (game: string): number => core.world.turns.get(game) ?? -1;
  const order =
    held.count(key) - held.count(against) ||
    (key === against ? 0 : turn(key) - turn(against)) ||
    inOrder(one.record, other.record);
  return order < 0;
}

function keyOf({ record }: Claimable): string {
  return gameKey(record.task.game_id);
}
