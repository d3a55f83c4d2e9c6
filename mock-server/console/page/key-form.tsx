import { useState } from "preact/hooks";
import { ControlError } from "../controls/remote-controls.js";
import { Form } from "../views/form.js";
import { Field, Panel } from "../views/parts.js";
import { textOf } from "../views/form-values.js";
import { describeError } from "../state/notices.js";

/** Asks for the server's API key. `onKey` resolves when the key is right. */
export function KeyForm(props: {
  readonly endpoint: string;
  readonly onKey: (key: string) => Promise<void>;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  return (
    <main class="key-page">
      <Panel title="AgentVM console">
        <Form
          class="stack"
          label="Open the console"
          onSend={(data) => {
            setBusy(true);
            setProblem(null);
            return props.onKey(textOf(data, "key")).catch((error: unknown) => {
              setBusy(false);
              setProblem(explain(error));
            });
          }}
        >
          <p class="soft">{`The backend at ${props.endpoint} is open to who has its API key.`}</p>
          <Field
            label="API key"
            hint="The one that the server was started with; development-key where it was told of none. It stays in this tab."
          >
            <input name="key" type="password" required autoComplete="off" spellcheck={false} />
          </Field>
          {problem === null ? null : (
            <p class="banner" role="alert">
              {problem}
            </p>
          )}
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? "Asking the server" : "Open"}
          </button>
        </Form>
      </Panel>
    </main>
  );
}

function explain(error: unknown): string {
  if (!(error instanceof ControlError)) return describeError(error);
  if (error.code === "forbidden") return "The server does not know this key.";
  if (error.code === "unreachable")
    return "The server cannot be reached. Start it with agentvm serve, then try again.";
  return error.message;
}
