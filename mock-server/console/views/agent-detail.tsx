import type { Agent } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalNumber } from "./form-values.js";
import { Chip, ConfirmButton, Facts, Field, Panel } from "./parts.js";
import { Personality } from "./personality.js";
import { TaskForm } from "./task-form.js";
import { dayAndTime, nameOf } from "./texts.js";

const AXES = ["x", "y", "z"] as const;

/** One agent in full, with a task for it, its place and its end. */
export function AgentDetail({ agent }: { readonly agent: Agent }) {
  const { agentvm, agents, act, selectedAgent, selectedTask, tasks, view } = useConsole();
  const { parent_agent_id } = agent;
  const task = tasks.value.find(({ id }) => id === agent.current_task_id);
  return (
    <Panel
      title={agent.name}
      actions={
        <>
          <Chip kind={agent.state} />
          <ConfirmButton
            label="Remove"
            question={`Really remove ${agent.name}?`}
            onConfirm={() =>
              void act(`${agent.name} was removed.`, async () => {
                await agentvm.agents.remove(agent.id);
                selectedAgent.value = null;
              })
            }
          />
        </>
      }
    >
      <Facts
        facts={[
          ["Type", agent.type],
          ["Id", <code>{agent.id}</code>],
          ["Game", agent.game_id ?? "none"],
          ["Scene", agent.scene_id ?? "none"],
          [
            "Helps",
            parent_agent_id === null ? (
              "nobody"
            ) : (
              <button
                type="button"
                class="link"
                onClick={() => {
                  selectedAgent.value = parent_agent_id;
                }}
              >
                {nameOf(agents.value, parent_agent_id)}
              </button>
            ),
          ],
          ["Since", dayAndTime(agent.created_at)],
          ["Can", agent.capabilities.join(", ") || "nothing in particular"],
        ]}
      />
      {task === undefined ? null : (
        <p class="row">
          {task.question === null ? "Works on" : "Asks something about"}
          <button
            type="button"
            class="link"
            onClick={() => {
              selectedTask.value = task.id;
              view.value = "tasks";
            }}
          >
            {task.prompt}
          </button>
        </p>
      )}
      <TaskForm agent={agent} />
      <Form
        class="inline-form"
        label={`Move ${agent.name}`}
        onSend={(data) => {
          const [x = 0, y = 0, z = 0] = AXES.map((axis) => optionalNumber(data, axis));
          return act(`${agent.name} was moved.`, async () => agentvm.agents.move(agent.id, { x, y, z }));
        }}
      >
        {AXES.map((axis) => (
          <Field key={`${axis}${agent.position[axis]}`} label={axis} class="narrow">
            <input
              name={axis}
              type="number"
              step="any"
              min={-100_000}
              max={100_000}
              required
              defaultValue={String(Math.round(agent.position[axis] * 100) / 100)}
            />
          </Field>
        ))}
        <button type="submit">Move</button>
      </Form>
      <Personality personality={agent.personality} />
    </Panel>
  );
}
