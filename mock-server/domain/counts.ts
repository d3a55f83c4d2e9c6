import type { Core } from "./core.js";
import type { Counts } from "./types.js";

/** The numbers of the domain; those of ended tasks count all that ever ended so, the forgotten ones too. */
export function countsOf({ world, limits }: Core): Counts {
  const { completed, failed, cancelled } = world.endings;
  const ended = completed + failed + cancelled;
  return {
    total_agents: world.agents.size,
    idle_agents: world.agentsByState.of("idle"),
    agents_by_state: world.agentsByState.toJSON(),
    active_tasks: world.tasksByStatus.of("running"),
    pending_tasks: world.tasksByStatus.of("pending", "assigned"),
    completed_tasks: completed,
    failed_tasks: failed,
    cancelled_tasks: cancelled,
    task_completion_rate: ended === 0 ? 0 : completed / ended,
    max_agents: limits.max_agents,
    auto_spawn: limits.auto_spawn,
    min_idle_agents: limits.min_idle_agents,
    sessions: world.sessions.size,
  };
}
