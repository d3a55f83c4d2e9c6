import type { Clock } from "../../../src/slim.js";
import { useConsole } from "./console-context.js";
import { Field, Panel } from "./parts.js";

/** Saves all that there is into a file, and goes back to such a file. */
export function SnapshotPanel() {
  const { controls, act, report, clock } = useConsole();
  return (
    <Panel title="Snapshot">
      <p>
        A snapshot holds all agents, tasks, outputs and what is left of running work. It holds no key and no
        token.
      </p>
      <button
        type="button"
        class="primary"
        onClick={() =>
          void act("The snapshot was saved.", async () => {
            const name = `agentvm-${(report.value?.time ?? "").replace(/\D/g, "")}.json`;
            download(await controls.saveSnapshot(), name, clock);
          })
        }
      >
        Save a snapshot
      </button>
      <Field
        label="Go back to a saved snapshot"
        hint="What is there now is let go, once the file was found to be whole."
      >
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const input = event.currentTarget;
            const [file] = input.files ?? [];
            if (file === undefined) return;
            void act(`The backend is as it was in ${file.name}.`, async () => {
              await controls.restart({ snapshot: parsed(await file.text(), file.name) });
            }).then(() => {
              // So that the same file can be chosen again.
              input.value = "";
            });
          }}
        />
      </Field>
    </Panel>
  );
}

/** @throws Error that says what to do about a file that is no JSON. */
function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      `${name} is no snapshot, or was cut short: it is not JSON to its end. Choose a file that was saved here.`,
    );
  }
}

/** Milliseconds that a browser has to begin a download. */
const DOWNLOAD_MS = 10_000;

function download(text: string, name: string, clock: Clock): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  clock.setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MS);
}
