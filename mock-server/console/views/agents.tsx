import { AgentCreate } from "./agent-create.js";
import { AgentDetail } from "./agent-detail.js";
import { AgentMap } from "./agent-map.js";
import { useConsole } from "./console-context.js";
import { Chip, Empty, Panel, Progress } from "./parts.js";
import { initials, inkOn, nameOf } from "./texts.js";
import type { Agent } from "../../../src/slim.js";

/** All agents: as a list and on a map, one of them in full, and a form for another. */
export function AgentsView() {
  const { agents, selectedAgent, report } = useConsole();
  const selected = agents.value.find(({ id }) => id === selectedAgent.value);
  const max = report.value?.status.max_agents;
  return (
    <div class="agents-view">
      <div class="column">
        <Panel title="Agents" actions={<span class="count">{countOf(agents.value.length, max)}</span>}>
          <AgentCreate />
          {agents.value.length === 0 ? (
            <Empty>There is no agent yet. Create one above, or let the game do it.</Empty>
          ) : (
            <ul class="list">
              {agents.value.map((agent) => (
                <li key={agent.id}>
                  <AgentRow agent={agent} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
      <div class="column wide">
        <Panel title="Map" actions={<span class="hint">seen from above: x to the right, z down</span>}>
          <AgentMap />
        </Panel>
        {selected === undefined ? null : <AgentDetail key={selected.id} agent={selected} />}
      </div>
    </div>
  );
}

function countOf(count: number, max: number | undefined): string {
  return max === undefined ? String(count) : `${count}, at most ${max} in one game`;
}

function AgentRow({ agent }: { readonly agent: Agent }) {
  const { agents, selectedAgent, tasks } = useConsole();
  const { parent_agent_id } = agent;
  const helps = parent_agent_id === null ? "" : `, helps ${nameOf(agents.value, parent_agent_id)}`;
  const task = tasks.value.find(({ id }) => id === agent.current_task_id);
  const question = agent.state === "waiting" ? (task?.question ?? null) : null;
  const isSelected = selectedAgent.value === agent.id;
  return (
    <button
      type="button"
      class="list-row"
      aria-pressed={isSelected}
      onClick={() => {
        selectedAgent.value = isSelected ? null : agent.id;
      }}
    >
      <span class="avatar" aria-hidden="true" style={{ background: agent.color, color: inkOn(agent.color) }}>
        {initials(agent.name)}
      </span>
      <span class="list-main">
        <span class="list-title">
          {agent.name} <span class="soft">{`${agent.type}${helps}`}</span>
        </span>
        <span class="list-note">{task === undefined ? "has nothing to do" : task.prompt}</span>
        {question === null ? null : <span class="asks-note">{`Asks: ${question.text}`}</span>}
        {task === undefined ? null : <Progress value={task.progress} label={`Progress of ${agent.name}`} />}
      </span>
      <Chip kind={agent.state} />
    </button>
  );
}
