import type { Task } from "../../../src/slim.js";
import { isOver } from "../state/world.js";
import { useConsole } from "./console-context.js";
import { Chip, Facts, Panel, Progress } from "./parts.js";
import { TaskOutput } from "./task-output.js";
import { TaskWork } from "./task-work.js";
import { dayAndTime, nameOf, tookOf } from "./texts.js";

/** One task in full, with what it writes as it is written. */
export function TaskDetail({ task }: { readonly task: Task }) {
  const { agentvm, agents, act, selectedAgent, view } = useConsole();
  const { agent_id } = task;
  return (
    <Panel
      title="Task"
      actions={
        <>
          <Chip kind={task.status} />
          {isOver(task) ? null : (
            <button
              type="button"
              class="danger"
              onClick={() =>
                void act("The task was cancelled.", () => agentvm.tasks.cancel(task.id, "At the console"))
              }
            >
              Cancel the task
            </button>
          )}
        </>
      }
    >
      <p class="prompt">{task.prompt}</p>
      <Progress value={task.progress} label="Progress" />
      <p class="list-note">{task.message}</p>
      <Facts
        facts={[
          [
            "Agent",
            agent_id === null ? (
              "nobody yet"
            ) : (
              <button
                type="button"
                class="link"
                onClick={() => {
                  selectedAgent.value = agent_id;
                  view.value = "agents";
                }}
              >
                {nameOf(agents.value, agent_id)}
              </button>
            ),
          ],
          ["Kind", task.task_type],
          ["Work", <TaskWork key={task.id} task={task} />],
          ["Priority", task.priority],
          ["Limit", `${task.timeout} s`],
          ["Id", <code>{task.id}</code>],
          ["Team", task.team_id === null ? "none" : <code>{task.team_id}</code>],
          ["Given", dayAndTime(task.created_at)],
          ["Took", tookOf(task) || "not over yet"],
        ]}
      />
      {task.result?.error ? (
        <p class="banner">{`${task.result.error.code}: ${task.result.error.message}`}</p>
      ) : null}
      <TaskOutput taskId={task.id} />
    </Panel>
  );
}
