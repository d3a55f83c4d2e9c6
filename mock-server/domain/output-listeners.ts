import type { Outputs } from "./log-port.js";
import { Listeners } from "./listeners.js";

/** Who follows which task's output. */
export class OutputListeners implements Outputs {
  readonly #byTask = new Map<string, Listeners<[]>>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  subscribe(taskId: string, listener: () => void): () => void {
    let listeners = this.#byTask.get(taskId);
    if (listeners === undefined) this.#byTask.set(taskId, (listeners = new Listeners(this.#report)));
    const followed = listeners;
    const undo = followed.add(listener);
    return () => {
      undo();
      if (followed.size === 0 && this.#byTask.get(taskId) === followed) this.#byTask.delete(taskId);
    };
  }

  has(taskId: string): boolean {
    return this.#byTask.has(taskId);
  }

  tell(taskId: string): void {
    this.#byTask.get(taskId)?.tell();
  }
}
