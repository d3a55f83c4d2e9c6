/** Changes that are remembered for those who ask what is new. */
export const CHANGES_MAX = 1_024;

/** Which agents changed lately, in order, by number: asking for what is new costs no more than what is new. */
export class ChangeLog {
  readonly #ids: string[] = [];
  /** The version before the first remembered change. */
  #base = 0;
  #version = 0;

  /** Grows by one with each change. */
  get version(): number {
    return this.#version;
  }

  add(id: string): void {
    // Twice the number is kept before the older half goes, so that letting go costs next to nothing a change.
    if (this.#ids.length >= 2 * CHANGES_MAX) {
      this.#ids.splice(0, CHANGES_MAX);
      this.#base += CHANGES_MAX;
    }
    this.#ids.push(id);
    this.#version += 1;
  }

  /** Everything is new. */
  reset(): void {
    this.#ids.length = 0;
    this.#version += 1;
    this.#base = this.#version;
  }

  /** The ids that changed after `version`, each once; null at version 0, where all is new, and where it is no longer known. */
  since(version: number): ReadonlySet<string> | null {
    if (version === 0 || version < this.#base || version > this.#version) return null;
    const ids = new Set<string>();
    for (let index = version - this.#base; index < this.#ids.length; index += 1) {
      const id = this.#ids[index];
      if (id !== undefined) ids.add(id);
    }
    return ids;
  }
}
