import type { Task } from "../../../src/slim.js";
import { isOver } from "../state/world.js";
import { useConsole } from "./console-context.js";
import { Chip, Facts, Panel, Progress } from "./parts.js";
import { TaskChanges } from "./task-changes.js";
import { TaskQuestion } from "./task-question.js";
import { TaskOutput } from "./task-output.js";
import { TaskWork } from "./task-work.js";
import { attemptInWords, dayAndTime, nameOf, tookOf, usageInWords } from "./texts.js";

/** One task in full, with what it writes as it is written. */
export function TaskDetail({ task }: { readonly task: Task }) {
  const { agentvm, agents, act, selectedAgent, selectedTask, view } = useConsole();
  const { agent_id, continues } = task;
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
      {task.result?.error ? null : <p class="list-note">{task.message}</p>}
      {task.question === null ? null : (
        <TaskQuestion key={task.question.question_id} task={task} question={task.question} />
      )}
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
          ["Attempt", attemptInWords(task.attempt, task.work).replace("attempt ", "") || task.attempt],
          ["Used", usageInWords(task.usage)],
          [
            "Goes on with",
            continues === null ? (
              "no other task"
            ) : (
              <button
                type="button"
                class="link"
                onClick={() => {
                  selectedTask.value = continues;
                }}
              >
                {continues}
              </button>
            ),
          ],
        ]}
      />
      {task.result?.error ? (
        <p class="banner">{`${task.result.error.code}: ${task.result.error.message}`}</p>
      ) : null}
      {task.changes === null ? null : <TaskChanges taskId={task.id} changes={task.changes} />}
      <TaskOutput taskId={task.id} />
    </Panel>
  );
}
