import type { WrittenScript } from "../controls/controls.js";
import { useConsole } from "./console-context.js";
import { Empty, Panel } from "./parts.js";
import { ScriptForm } from "./script-form.js";
import { TaskLink } from "./task-link.js";
import { useLooked } from "./use-looked.js";

const SHOWN_MAX = 100;

/** What happens to tasks that fit: the scripts there are, which tasks each was for, and how often it is still to be used. */
export function ScriptsView() {
  const { controls, act } = useConsole();
  const { seen, problem } = useLooked((signal) => controls.scripts(signal));
  const scripts = seen.value;
  return (
    <div class="scripts-view">
      <ScriptForm />
      <Panel
        title="Scripts"
        actions={
          <button
            type="button"
            disabled={scripts === null || scripts.length === 0}
            onClick={() => void act("There is no script any more.", () => controls.removeScripts())}
          >
            Take all away
          </button>
        }
      >
        {problem.value === "" ? null : (
          <p class="banner" role="alert">{`The scripts cannot be seen: ${problem.value}`}</p>
        )}
        {scripts === null ? (
          <p class="hint">The scripts are asked for …</p>
        ) : scripts.length === 0 ? (
          <Empty>No task goes by a script. The first one that fits a task, and is not used up, counts.</Empty>
        ) : (
          <ol class="stack" aria-label="Scripts">
            {scripts.slice(0, SHOWN_MAX).map((script) => (
              <li key={script.id} class="card">
                <ScriptCard script={script} />
              </li>
            ))}
          </ol>
        )}
        {scripts !== null && scripts.length > SHOWN_MAX ? (
          <p class="hint">{`${scripts.length - SHOWN_MAX} more are not shown.`}</p>
        ) : null}
      </Panel>
    </div>
  );
}

function ScriptCard({
  script: { id, name, script, uses, times, tasks, missed },
}: {
  readonly script: WrittenScript;
}) {
  const { controls, act } = useConsole();
  const { name: _name, ...says } = script;
  return (
    <>
      <div class="row">
        <h3 class="grow">{name}</h3>
        <button
          type="button"
          aria-label={`Take away ${name}`}
          onClick={() => void act("One script less.", () => controls.removeScripts(id))}
        >
          Take away
        </button>
      </div>
      <p class="soft">{useInWords(uses, times)}</p>
      <pre aria-label={`What ${name} says`} tabIndex={0}>
        {JSON.stringify(says, null, 2)}
      </pre>
      {tasks.length === 0 ? null : (
        <p>
          {"It was for "}
          {tasks.map((task, place) => (
            <>
              {place === 0 ? "" : ", "}
              <TaskLink key={task} taskId={task} />
            </>
          ))}
        </p>
      )}
      {missed === null ? null : (
        <p class="hint">
          {"It was not for "}
          <TaskLink taskId={missed.task_id} />
          {`: ${missed.why}`}
        </p>
      )}
    </>
  );
}

function useInWords(uses: number, times: number | null): string {
  const used = uses === 0 ? "not used yet" : uses === 1 ? "used once" : `used ${uses} times`;
  if (times === null) return `${used}, for any number of tasks`;
  return uses >= times ? `${used}, and used up` : `${used}, ${times - uses} left`;
}
