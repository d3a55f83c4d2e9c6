import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Problem } from "../../../src/contract/schema.js";
import { placeProblem, readText } from "../state/script-text.js";
import type { TextProblem } from "../state/script-text.js";
import { useConsole } from "./console-context.js";
import { Form } from "./form.js";
import { Field, Panel } from "./parts.js";

/** What is often wanted, to begin with. */
const EXAMPLES: readonly (readonly [name: string, script: object])[] = [
  ["fails", { takes: 3, times: 1, fails: { code: "tests_failed", message: "3 tests fail." } }],
  [
    "asks",
    {
      prompt: "/jump|run/i",
      asks: { kind: "permission", text: "May I write player.ts?", options: ["allow", "deny"] },
      takes: 3,
      output: "patched player.ts",
    },
  ],
  [
    "changes",
    {
      takes: 3,
      output: "patched player.ts",
      changes: { diff: "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jump\n+jump()\n" },
    },
  ],
];

/** Adds a script that is written as JSON, and says at the place what is wrong with one. */
export function ScriptForm() {
  const { controls, act, notices } = useConsole();
  const problems = useSignal<readonly TextProblem[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);

  const tell = (found: readonly TextProblem[]): void => {
    problems.value = found;
    const [first] = found;
    if (first === undefined) return;
    field.current?.focus();
    field.current?.setSelectionRange(first.from, first.to);
  };
  const send = async (): Promise<void> => {
    const text = field.current?.value ?? "";
    const read = readText(text);
    if (!read.ok) {
      tell([read.problem]);
      return;
    }
    let found: readonly Problem[] = [];
    const isDone = await act("", async () => {
      found = await controls.addScript(read.value);
    });
    tell(found.map((one) => placeProblem(text, one)));
    if (!isDone || found.length > 0) return;
    notices.done("The script was added.");
    if (field.current !== null) field.current.value = "";
  };
  const isWrong = problems.value.length > 0;
  return (
    <Panel title="Add a script">
      <Form class="stack" label="Add a script" onSend={send}>
        <div class="filters" role="group" aria-label="Begin with a task that">
          <span class="field-label">Begin with a task that</span>
          {EXAMPLES.map(([name, script]) => (
            <button
              key={name}
              type="button"
              class="filter"
              onClick={() => {
                problems.value = [];
                if (field.current !== null) field.current.value = JSON.stringify(script, null, 2);
              }}
            >
              {name}
            </button>
          ))}
        </div>
        <Field
          label="Script, as JSON"
          hint="A prompt between strokes, /like this/i, is a pattern. The guide to scripts has all fields."
        >
          <textarea
            ref={field}
            class="code"
            rows={12}
            required
            spellcheck={false}
            autocomplete="off"
            aria-invalid={isWrong}
            aria-describedby={isWrong ? "script-problems" : undefined}
          />
        </Field>
        <div id="script-problems" role="alert">
          {isWrong ? (
            <ul class="banner">
              {problems.value.map(({ message }) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          ) : null}
        </div>
        <div class="row">
          <button type="submit" class="primary">
            Add
          </button>
        </div>
      </Form>
    </Panel>
  );
}
