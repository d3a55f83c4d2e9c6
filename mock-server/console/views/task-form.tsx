import { useState } from "preact/hooks";
import type { Agent } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { optionalNumber, optionalText, textOf } from "./form-values.js";
import { Field } from "./parts.js";

const KINDS = [
  "general",
  "debugging",
  "bug_fix",
  "testing",
  "refactoring",
  "optimization",
  "feature_development",
  "code_generation",
  "system_design",
  "code_review",
  "documentation",
  "explanation",
  "teaching",
];

/** Gives work: to the agent that it stands with, else to whoever is chosen, a team among them. */
export function TaskForm({ agent }: { readonly agent?: Agent }) {
  const { agentvm, agents, act, selectedTask } = useConsole();
  const [who, setWho] = useState("best");
  const assign = async (data: FormData): Promise<void> => {
    const priority = optionalNumber(data, "priority");
    const timeout = optionalNumber(data, "timeout");
    const task_type = optionalText(data, "task_type");
    const work = {
      prompt: textOf(data, "prompt"),
      ...(task_type === undefined ? {} : { task_type }),
      ...(priority === undefined ? {} : { priority }),
      ...(timeout === undefined ? {} : { timeout }),
    };
    if (agent === undefined && who === "team") {
      const team = await agentvm.tasks.assignTeam({
        ...work,
        team_size: optionalNumber(data, "team_size") ?? 2,
      });
      selectedTask.value = team.tasks[0]?.id ?? null;
      return;
    }
    const agent_id = agent?.id ?? (who === "best" ? undefined : who);
    const task = await agentvm.tasks.assign({ ...work, ...(agent_id === undefined ? {} : { agent_id }) });
    selectedTask.value = task.id;
  };
  return (
    <Form
      class="task-form"
      label={agent === undefined ? "Give a task" : `Give ${agent.name} a task`}
      onSend={(data, form) => {
        return act(
          who === "team" && agent === undefined ? "A team has the work." : "The task was given.",
          () => assign(data),
        ).then((worked) => {
          if (worked) form.reset();
        });
      }}
    >
      <Field label="Task" class="grow">
        <textarea name="prompt" rows={2} required placeholder="Fix the jump at the edge of a platform" />
      </Field>
      <div class="inline-form">
        {agent === undefined ? (
          <Field label="Who">
            <select value={who} onChange={({ currentTarget }) => setWho(currentTarget.value)}>
              <option value="best">whoever fits best</option>
              <option value="team">a team</option>
              {agents.value.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </Field>
        ) : null}
        {agent === undefined && who === "team" ? (
          <Field label="Members" class="narrow">
            <input name="team_size" type="number" min={2} max={10} defaultValue="2" required />
          </Field>
        ) : null}
        <Field label="Kind">
          <input
            name="task_type"
            list="agentvm-task-kinds"
            pattern="[A-Za-z0-9_\-]{1,64}"
            placeholder="general"
          />
        </Field>
        <datalist id="agentvm-task-kinds">
          {KINDS.map((kind) => (
            <option key={kind} value={kind} />
          ))}
        </datalist>
        <Field label="Priority" class="narrow">
          <input name="priority" type="number" min={0} max={100} placeholder="1" />
        </Field>
        <Field label="Limit in s" class="narrow">
          <input name="timeout" type="number" min={1} max={86_400} placeholder="600" />
        </Field>
        <button type="submit" class="primary">
          Give
        </button>
      </div>
    </Form>
  );
}
