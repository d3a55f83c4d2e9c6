/** Agents and tasks that are remembered at the most; the oldest are forgotten first. */
const REMEMBERED_MAX = 10_000;

/** Remembers by id, up to a limit. */
export class Remembered<T> {
  readonly #values = new Map<string, T>();

  get(id: string): T | undefined {
    return this.#values.get(id);
  }

  set(id: string, value: T): void {
    this.#values.delete(id);
    this.#values.set(id, value);
    if (this.#values.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }

  /** Takes what was remembered. */
  take(id: string): T | undefined {
    const value = this.#values.get(id);
    this.#values.delete(id);
    return value;
  }
}
