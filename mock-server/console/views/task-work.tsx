import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Task } from "../../../src/slim.js";
import type { WrittenScript } from "../controls/controls.js";
import { useConsole } from "./console-context.js";

/**
 * Who does the work on a task, and by which script or why by none. The event that told of the task does not say who works; then the task is
 * asked for once.
 */
export function TaskWork({ task }: { readonly task: Task }) {
  const { agentvm, controls, view } = useConsole();
  const asked = useSignal<Task["work"]>(undefined);
  const scripts = useSignal<readonly WrittenScript[]>([]);
  const { id, work, status } = task;

  useEffect(() => {
    const stop = new AbortController();
    const later = async (): Promise<void> => {
      const told = work ?? (await agentvm.tasks.get(id, { signal: stop.signal })).work;
      const known = await controls.scripts(stop.signal);
      if (stop.signal.aborted) return;
      asked.value = told;
      scripts.value = known;
    };
    // What cannot be told is left out: the notices have told of a server that is away.
    later().catch(() => undefined);
    return () => stop.abort();
    // Which script it is may be another one until it begins.
  }, [id, work, status]);

  const goes = scripts.value.find(({ tasks }) => tasks.includes(id));
  const missed = scripts.value.filter((script) => script !== goes && script.missed?.task_id === id);
  return (
    <>
      {work ?? asked.value ?? "not told"}
      {goes === undefined ? null : (
        <>
          {" by "}
          <button
            type="button"
            class="link"
            onClick={() => {
              view.value = "scripts";
            }}
          >
            {goes.name}
          </button>
        </>
      )}
      {missed.map(({ id: key, name, missed: why }) => (
        <p key={key} class="hint">{`Not ${name}. ${why?.why ?? ""}`}</p>
      ))}
    </>
  );
}
