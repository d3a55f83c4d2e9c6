import { render } from "preact";
import { systemClock } from "../../../src/contract/clock.js";
import { AgentVM } from "../../../src/slim.js";
import type { MockBackend } from "../../hosts/in-page/index.js";
import { localControls } from "../controls/local-controls.js";
import { createConsoleState } from "../state/console-state.js";
import { consoleStyle } from "../styles/index.js";
import { overlay } from "../styles/overlay.js";
import { ConsoleProvider } from "../views/console-context.js";
import { Overlay } from "./overlay.js";
import type { Corner } from "./overlay.js";

/** How the console stands over a page. Every option may be left out. */
export interface ConsoleOptions {
  /** What the console is put into, an element. Default: the page's body. */
  readonly parent?: { append(console: never): void };
  /** Where its button is. Default `"bottom-right"`. */
  readonly corner?: Corner;
  /** Whether it is open from the beginning. Default false. */
  readonly open?: boolean;
  /** Default `"auto"`: as the system has it. */
  readonly theme?: "auto" | "light" | "dark";
}

/** A console that stands over a page. */
export interface MountedConsole {
  /** Takes the console away, with all that it listens to. The backend goes on. The second time it does nothing. */
  close(): void;
}

/** Events that would otherwise reach the game below, which moves a player with the same keys. */
const OWN_EVENTS = ["keydown", "keyup", "keypress", "pointerdown", "wheel", "contextmenu"] as const;

/**
 * Puts the console over a page that uses the embedded backend: a button in a corner opens it. It has a shadow root of its own, so
 * that neither's style touches the other, and asks no server for anything. From now on it follows what happens, also while it is shut.
 *
 * @example
 * ```ts
 * import { createMockBackend } from "oligarchy-agentvm/mock";
 * import { mountConsole } from "oligarchy-agentvm/mock/console";
 *
 * const backend = createMockBackend();
 * const overlay = mountConsole(backend, { corner: "top-left" });
 * overlay.close();
 * ```
 */
export function mountConsole(backend: MockBackend, options: ConsoleOptions = {}): MountedConsole {
  const { corner = "bottom-right", open = false, theme = "auto" } = options;
  const parent: Pick<Element, "append"> = options.parent ?? document.body;
  const host = document.createElement("div");
  host.dataset["agentvmConsole"] = "";
  const shadow = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = consoleStyle + overlay;
  const root = document.createElement("div");
  root.className = "console-root overlay-root";
  if (theme !== "auto") root.dataset["theme"] = theme;
  shadow.append(style, root);
  for (const type of OWN_EVENTS) host.addEventListener(type, (event) => event.stopPropagation());

  const controls = localControls(backend);
  // The machine's clock, since a backend whose time stands still must be watched too.
  const clock = systemClock();
  const state = createConsoleState({
    agentvm: new AgentVM({ ...backend.connection(), clock }),
    controls,
    clock,
  });
  render(
    <ConsoleProvider value={state}>
      <Overlay corner={corner} startsOpen={open} />
    </ConsoleProvider>,
    root,
  );
  parent.append(host);
  let closed = false;
  return {
    close() {
      if (closed) return;
      closed = true;
      render(null, root);
      state.close();
      controls.close();
      host.remove();
    },
  };
}
