import { isAgentVMError } from "oligarchy-agentvm/slim";
import type { AgentVM } from "oligarchy-agentvm/slim";
import { el } from "./dom.js";

/** Characters that stay on the screen. */
const CHARACTERS = 8_000;

/** What a task writes, line by line, while it is looked at. */
export class OutputView {
  readonly view = el("pre", { class: "output", tabindex: "0", "aria-label": "Output" });
  readonly #agentvm: AgentVM;
  #taskId: string | null = null;
  #reading = new AbortController();

  constructor(agentvm: AgentVM) {
    this.#agentvm = agentvm;
  }

  /** Reads a task's output from its beginning; null: none any more. What was read stays until another is. */
  follow(taskId: string | null): void {
    if (taskId === this.#taskId) return;
    this.#reading.abort();
    this.#taskId = taskId;
    if (taskId === null) return;
    this.#reading = new AbortController();
    this.view.replaceChildren();
    void this.#read(taskId, this.#reading.signal);
  }

  /** Forgets what was read, as when somebody else is looked at. */
  clear(): void {
    this.follow(null);
    this.view.replaceChildren();
  }

  async #read(taskId: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const { stream, text } of this.#agentvm.tasks.output(taskId, 0, { signal })) {
        if (signal.aborted) return;
        this.#append(text, stream);
      }
    } catch (error) {
      if (signal.aborted || !isAgentVMError(error)) return;
      this.#append(`The output could not be read on: ${error.message}\n`, "stderr");
    }
  }

  #append(text: string, stream: string): void {
    this.view.append(el("span", { class: stream }, text));
    while (this.view.textContent.length > CHARACTERS) this.view.firstElementChild?.remove();
    this.view.scrollTop = this.view.scrollHeight;
  }
}
