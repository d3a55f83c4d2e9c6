import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Task } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";

/** Who does the work on a task. The event that told of it does not say so, and then the task is asked for once. */
export function TaskWork({ task }: { readonly task: Task }) {
  const { agentvm } = useConsole();
  const asked = useSignal<Task["work"]>(undefined);
  const { id, work } = task;

  useEffect(() => {
    if (work !== undefined) return;
    const stop = new AbortController();
    agentvm.tasks.get(id, { signal: stop.signal }).then(
      (told) => {
        if (!stop.signal.aborted) asked.value = told.work;
      },
      () => undefined,
    );
    return () => stop.abort();
  }, [id, work]);

  return <>{work ?? asked.value ?? "not told"}</>;
}
