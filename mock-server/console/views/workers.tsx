import type { Task } from "../../../src/slim.js";
import type { ListedWorker } from "../controls/controls.js";
import { useConsole } from "./console-context.js";
import { Chip, Empty, Facts, Panel } from "./parts.js";
import { TaskLink } from "./task-link.js";
import { dayAndTime, seconds, timeOf } from "./texts.js";
import { useLooked } from "./use-looked.js";

/** Workers and tasks that are shown, each. */
const SHOWN_MAX = 100;

/** Who does the work on tasks from a process of its own, what each has, and what waits for one. */
export function WorkersView() {
  const { controls, tasks } = useConsole();
  const { seen, problem } = useLooked((signal) => controls.workers(signal));
  const workers = seen.value;
  return (
    <div class="column">
      {problem.value === "" ? null : (
        <p class="banner" role="alert">{`The workers cannot be seen: ${problem.value}`}</p>
      )}
      <Panel title="Workers">
        {workers === null ? (
          <p class="hint">The workers are asked for …</p>
        ) : workers.length === 0 ? (
          <Empty>
            No worker is there. Where tasks are for workers, they wait until one joins; elsewhere the backend
            works by itself.
          </Empty>
        ) : (
          <ul class="cards" aria-label="Workers">
            {workers.slice(0, SHOWN_MAX).map((worker) => (
              <li key={worker.worker_id} class="card">
                <WorkerCard worker={worker} />
              </li>
            ))}
          </ul>
        )}
        {workers !== null && workers.length > SHOWN_MAX ? (
          <p class="hint">{`${workers.length - SHOWN_MAX} more are not shown.`}</p>
        ) : null}
      </Panel>
      <WaitingPanel waiting={tasks.value.filter(waitsForWorker)} />
    </div>
  );
}

function WorkerCard({ worker }: { readonly worker: ListedWorker }) {
  const { report } = useConsole();
  const { name, worker_id, agent_types, slots, busy, version, labels, tasks } = worker;
  const now = Date.parse(report.value?.time ?? worker.last_seen_at);
  const silent = Math.max(0, now - Date.parse(worker.last_seen_at)) / 1_000;
  const more = Object.entries(labels);
  return (
    <>
      <div class="row">
        <h3 class="grow">{name}</h3>
        <Chip kind={busy === 0 ? "idle" : "running"} />
      </div>
      <div class="row tags">
        {agent_types.map((type) => (
          <span key={type} class="tag">
            {type === "*" ? "every type" : type}
          </span>
        ))}
      </div>
      <Facts
        facts={[
          ["Slots", `${busy} of ${slots} in use`],
          [
            "Heard of",
            <time dateTime={worker.last_seen_at} title={timeOf(worker.last_seen_at)}>
              {silent < 1 ? "just now" : `${seconds(Math.floor(silent))} ago`}
            </time>,
          ],
          ["Joined", dayAndTime(worker.joined_at)],
          ["Id", <code>{worker_id}</code>],
          ...(version === null ? [] : [["Version", version] as const]),
          ...more,
        ]}
      />
      {tasks.length === 0 ? (
        <p class="hint">It has nothing to do.</p>
      ) : (
        <ul class="list" aria-label={`Tasks of ${name}`}>
          {tasks.map(({ task_id, attempt }) => (
            <li key={task_id}>
              <TaskLink taskId={task_id} /> <span class="soft">{`attempt ${attempt}`}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function WaitingPanel({ waiting }: { readonly waiting: readonly Task[] }) {
  if (waiting.length === 0) return null;
  return (
    <Panel title="Waiting for a worker">
      <ul class="list">
        {waiting.slice(0, SHOWN_MAX).map(({ id, message, attempt }) => (
          <li key={id}>
            <TaskLink taskId={id} />{" "}
            <span class="soft">{attempt > 1 ? `${message} It is attempt ${attempt}.` : message}</span>
          </li>
        ))}
      </ul>
      {waiting.length > SHOWN_MAX ? (
        <p class="hint">{`${waiting.length - SHOWN_MAX} more are not shown.`}</p>
      ) : null}
    </Panel>
  );
}

/** The backend says of such a task which worker is missing. */
function waitsForWorker({ status, message }: Task): boolean {
  return (status === "pending" || status === "assigned") && message.startsWith("Waiting for a worker");
}
