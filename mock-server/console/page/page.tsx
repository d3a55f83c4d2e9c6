import { useEffect, useState } from "preact/hooks";
import type { Clock } from "../../../src/slim.js";
import { AgentVM } from "../../../src/slim.js";
import { ControlError, remoteControls } from "../controls/remote-controls.js";
import { createConsoleState } from "../state/console-state.js";
import type { ConsoleState } from "../state/console-state.js";
import { ConsoleProvider } from "../views/console-context.js";
import { Icon } from "../views/icons.js";
import { Shell } from "../views/shell.js";
import { keptKey } from "./kept-key.js";
import { KeyForm } from "./key-form.js";

/** The page that `agentvm serve` serves: it asks for the key once a tab, then shows the console. */
export function Page({ endpoint, clock }: { readonly endpoint: string; readonly clock: Clock }) {
  const [state, setState] = useState<ConsoleState | null>(null);
  const [isAsking, setAsking] = useState(keptKey.read() !== null);

  const open = async (apiKey: string): Promise<void> => {
    if (!/^[\x21-\x7e]+$/.test(apiKey))
      throw new ControlError("invalid_key", "A key is visible ASCII characters.");
    const controls = remoteControls({ endpoint, apiKey });
    await controls.report(0);
    keptKey.write(apiKey);
    setState(createConsoleState({ agentvm: new AgentVM({ endpoint, apiKey, clock }), controls, clock }));
  };
  const leave = (): void => {
    keptKey.forget();
    state?.close();
    setState(null);
  };

  useEffect(() => {
    const key = keptKey.read();
    if (key === null) return;
    open(key)
      .catch((error: unknown) => {
        // The server may have been started with another key since.
        if (error instanceof ControlError && error.code === "forbidden") keptKey.forget();
      })
      .finally(() => setAsking(false));
  }, []);

  if (state === null)
    return isAsking ? <p class="empty">Asking the server …</p> : <KeyForm endpoint={endpoint} onKey={open} />;
  return (
    <ConsoleProvider value={state}>
      <Shell
        end={
          <button
            type="button"
            class="icon-button"
            aria-label="Forget the key"
            title="Forget the key"
            onClick={leave}
          >
            <Icon name="leave" />
          </button>
        }
      />
    </ConsoleProvider>
  );
}
