import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Changes } from "../../../src/slim.js";
import { describeError } from "../state/notices.js";
import { useConsole } from "./console-context.js";
import { DiffView } from "./diff-view.js";
import { ConfirmButton } from "./parts.js";

/** Files that are named one by one. */
const FILES_SHOWN = 50;

const REVIEWS: Readonly<Record<string, string>> = {
  open: "nobody has looked at it yet",
  accepted: "accepted",
  discarded: "discarded",
};

/** What a task has changed: its files, the diff, and the verdict. */
export function TaskChanges({ taskId, changes }: { readonly taskId: string; readonly changes: Changes }) {
  const { agentvm, act } = useConsole();
  const { branch, base, files, insertions, deletions, review } = changes;
  return (
    <section class="stack" aria-label="Changes">
      <h3>
        Changes <span class="soft">{REVIEWS[review] ?? review}</span>
      </h3>
      <p class="list-note">
        <code>{branch}</code> for <code>{base}</code>: +{insertions} −{deletions}
      </p>
      <ul aria-label="Files">
        {files.slice(0, FILES_SHOWN).map((file) => (
          <li key={file.path} class="file">
            <code>{file.path}</code>{" "}
            <span class="soft">{`${file.status}, +${file.insertions} \u2212${file.deletions}`}</span>
          </li>
        ))}
      </ul>
      {files.length > FILES_SHOWN ? (
        <p class="hint">{`${files.length - FILES_SHOWN} more files are not shown.`}</p>
      ) : null}
      <Diff key={taskId} taskId={taskId} />
      {review === "open" ? (
        <div class="row">
          <button
            type="button"
            class="primary"
            onClick={() =>
              void act("The changes were accepted.", () => agentvm.tasks.handle(taskId).accept())
            }
          >
            Accept
          </button>
          <ConfirmButton
            label="Discard"
            question="Really discard them?"
            onConfirm={() =>
              void act("The changes were discarded.", () => agentvm.tasks.handle(taskId).discard())
            }
          />
        </div>
      ) : null}
    </section>
  );
}

/** The diff is read when it is looked at. */
function Diff({ taskId }: { readonly taskId: string }) {
  const { agentvm } = useConsole();
  const diff = useSignal<string | null>(null);
  const problem = useSignal("");

  useEffect(() => {
    const stop = new AbortController();
    agentvm.tasks.diff(taskId, { signal: stop.signal }).then(
      (text) => {
        diff.value = text;
      },
      (error: unknown) => {
        if (!stop.signal.aborted) problem.value = describeError(error);
      },
    );
    return () => stop.abort();
  }, [taskId]);

  if (problem.value !== "") return <p class="hint">{`The diff cannot be read: ${problem.value}`}</p>;
  if (diff.value === null) return <p class="hint">The diff is being read …</p>;
  return <DiffView diff={diff.value} label="Diff" />;
}
