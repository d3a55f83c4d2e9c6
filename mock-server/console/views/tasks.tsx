import { useState } from "preact/hooks";
import type { Task } from "../../../src/slim.js";
import { isOver } from "../state/world.js";
import { useConsole } from "./console-context.js";
import { Chip, Empty, Panel, Progress } from "./parts.js";
import { TaskDetail } from "./task-detail.js";
import { TaskForm } from "./task-form.js";
import { attemptInWords, nameOf, tookOf, waitsFor } from "./texts.js";

const SHOWN_MAX = 200;

const FILTERS = ["all", "open", "asks", "to review", "completed", "failed", "cancelled"] as const;
type Filter = (typeof FILTERS)[number];

/** All tasks, newest first, one of them in full, and a form for another. */
export function TasksView() {
  const { tasks, selectedTask } = useConsole();
  const [filter, setFilter] = useState<Filter>("all");
  const shown = tasks.value.filter((task) => fits(task, filter));
  const selected = tasks.value.find(({ id }) => id === selectedTask.value);
  return (
    <div class="tasks-view">
      <div class="column">
        <Panel title="Give a task">
          <TaskForm />
        </Panel>
        <Panel
          title="Tasks"
          actions={
            <div class="filters" role="group" aria-label="Show tasks">
              {FILTERS.map((name) => (
                <button
                  key={name}
                  type="button"
                  class="filter"
                  aria-pressed={filter === name}
                  onClick={() => setFilter(name)}
                >
                  {name}
                </button>
              ))}
            </div>
          }
        >
          {shown.length === 0 ? (
            <Empty>{tasks.value.length === 0 ? "No task was given yet." : "No task is like that."}</Empty>
          ) : (
            <ul class="list">
              {shown.slice(0, SHOWN_MAX).map((task) => (
                <li key={task.id}>
                  <TaskRow task={task} />
                </li>
              ))}
            </ul>
          )}
          {shown.length > SHOWN_MAX ? (
            <p class="hint">{`${shown.length - SHOWN_MAX} older ones are not shown.`}</p>
          ) : null}
        </Panel>
      </div>
      <div class="column wide">
        {selected === undefined ? (
          <Panel title="Task">
            <Empty>Choose a task to see what it writes.</Empty>
          </Panel>
        ) : (
          <TaskDetail key={selected.id} task={selected} />
        )}
      </div>
    </div>
  );
}

function fits(task: Task, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "asks") return task.question !== null;
  if (filter === "to review") return task.changes?.review === "open";
  return filter === "open" ? !isOver(task) : task.status === filter;
}

function TaskRow({ task }: { readonly task: Task }) {
  const { agents, selectedTask } = useConsole();
  const who = task.agent_id === null ? "" : nameOf(agents.value, task.agent_id);
  const toReview = task.changes?.review === "open" ? "changes to look at" : "";
  const team = task.team_id === null ? "" : "in a team";
  const again = attemptInWords(task.attempt, task.work);
  const notes = [toReview, who, waitsFor(task), again, team, tookOf(task)].filter(Boolean);
  return (
    <button
      type="button"
      class="list-row"
      aria-pressed={selectedTask.value === task.id}
      onClick={() => {
        selectedTask.value = task.id;
      }}
    >
      <span class="list-main">
        <span class="list-title clip">{task.prompt}</span>
        <span class="list-note">{notes.join(" · ")}</span>
        {task.question === null ? null : <span class="asks-note">{`Asks: ${task.question.text}`}</span>}
        {task.status === "running" ? (
          <Progress value={task.progress} label={`Progress of ${task.prompt}`} />
        ) : null}
      </span>
      <Chip kind={task.status} />
    </button>
  );
}
