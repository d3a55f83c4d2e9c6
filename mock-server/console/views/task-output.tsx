import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { describeError } from "../state/notices.js";
import { useConsole } from "./console-context.js";

/** Characters that are kept of an output; of more, the beginning goes. */
const OUTPUT_MAX = 100_000;

/** What a task writes, as it is written. It follows the end until somebody scrolls back. */
export function TaskOutput({ taskId }: { readonly taskId: string }) {
  const { agentvm } = useConsole();
  const text = useSignal("");
  const state = useSignal("is being read");
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);

  useEffect(() => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const line of agentvm.tasks.output(taskId, 0, { signal: stop.signal })) {
        text.value = `${text.value}${line.text}`.slice(-OUTPUT_MAX);
      }
      state.value = "is complete";
    };
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) state.value = `cannot be read: ${describeError(error)}`;
    });
    return () => stop.abort();
  }, [taskId]);

  useLayoutEffect(() => {
    if (follows.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [text.value]);

  return (
    <div class="output">
      <h3>
        Output <span class="soft">{state.value}</span>
      </h3>
      <pre
        ref={box}
        tabIndex={0}
        role="log"
        aria-label="Output of the task"
        aria-live="off"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {text.value === "" ? "nothing written yet" : text.value}
      </pre>
    </div>
  );
}
