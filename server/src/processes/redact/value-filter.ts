/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Characters of a value's beginning that are taken out at the end of a line, where the rest may stand on the next one. */
const BEGINNING_MIN = 8;

/**
 * A table by which texts are found in another one, all at once and in time that grows with that one alone, after Aho and Corasick: each
 * state is the longest end of what was read that one of the texts begins with.
 */
export class ValueTable {
  readonly #next: Map<number, number>[] = [new Map<number, number>()];
  readonly #fallback: number[] = [0];
  readonly #depth: number[] = [0];
  readonly #found: number[] = [0];

  constructor(texts: readonly string[]) {
    for (const text of texts) this.#add(text);
    this.#link();
  }

  /** The state after one more character. */
  step(state: number, character: number): number {
    let from = state;
    for (;;) {
      const to = this.#next[from]?.get(character);
      if (to !== undefined) return to;
      if (from === 0) return 0;
      from = this.#fallback[from] ?? 0;
    }
  }

  /** Characters at the end of what was read that may be the beginning of one of the texts. */
  depth(state: number): number {
    return this.#depth[state] ?? 0;
  }

  /** The length of the longest text that ends here; 0 where none does. */
  found(state: number): number {
    return this.#found[state] ?? 0;
  }

  #add(text: string): void {
    let state = 0;
    for (let place = 0; place < text.length; place += 1) {
      const character = text.charCodeAt(place);
      const known = this.#next[state]?.get(character);
      if (known !== undefined) {
        state = known;
        continue;
      }
      const made = this.#next.length;
      this.#next[state]?.set(character, made);
      this.#next.push(new Map());
      this.#fallback.push(0);
      this.#depth.push(place + 1);
      this.#found.push(0);
      state = made;
    }
    this.#found[state] = text.length;
  }

  /** Says for each state, the nearer to the beginning the earlier, where it goes on when the next character does not fit. */
  #link(): void {
    const queue = [...(this.#next[0]?.values() ?? [])];
    for (const state of queue) {
      for (const [character, child] of this.#next[state] ?? []) {
        const fallback = this.step(this.#fallback[state] ?? 0, character);
        this.#fallback[child] = fallback;
        this.#found[child] = Math.max(this.found(child), this.found(fallback));
        queue.push(child);
      }
    }
  }
}

/** Takes the texts of a table out of a text that comes in pieces. It keeps back no more than what may be the beginning of one. */
export class ValueFilter {
  readonly #table: ValueTable;
  #state = 0;
  /** What was read and not given yet. */
  #pending = "";
  /** Where in it a text was found whose beginning is not sure: a longer one may lie around it. */
  #open: { start: number; end: number } | null = null;
  /** Whether nothing was given since the last mark, so that a text that overlaps with the one before needs no other. */
  #marked = false;

  constructor(table: ValueTable) {
    this.#table = table;
  }

  /** Takes one more piece, without line ends, and gives what is sure by now. */
  push(text: string): string {
    const buffer = this.#pending + text;
    let given = "";
    let from = 0;
    const mark = ({ start, end }: { start: number; end: number }): void => {
      given += `${buffer.slice(from, Math.max(from, start))}${REDACTED}`;
      from = end;
      this.#marked = true;
      this.#open = null;
    };
    for (let place = this.#pending.length; place < buffer.length; place += 1) {
      this.#state = this.#table.step(this.#state, buffer.charCodeAt(place));
      const length = this.#table.found(this.#state);
      if (length === 0) continue;
      const end = place + 1;
      const start = end - length;
      if (this.#marked && start <= from) {
        from = end;
        this.#open = null;
      } else if (this.#open !== null && start <= this.#open.end) {
        this.#open = { start: Math.min(start, this.#open.start), end };
      } else {
        if (this.#open !== null) mark(this.#open);
        this.#open = { start, end };
      }
    }
    const sure = buffer.length - this.#table.depth(this.#state);
    if (this.#open !== null && this.#open.start < sure) mark(this.#open);
    if (from < sure) {
      given += buffer.slice(from, sure);
      from = sure;
      this.#marked = false;
    }
    this.#pending = buffer.slice(from);
    if (this.#open !== null) this.#open = { start: this.#open.start - from, end: this.#open.end - from };
    return given;
  }

  /** The line ends here: gives the rest. A value that goes on in the next line is found there, too. */
  endLine(): string {
    const pending = this.#pending;
    const open = this.#open;
    this.#pending = "";
    this.#open = null;
    this.#marked = false;
    if (this.#table.depth(this.#state) >= BEGINNING_MIN) return pending === "" ? "" : REDACTED;
    this.#state = 0;
    if (open === null) return pending;
    return `${pending.slice(0, Math.max(0, open.start))}${REDACTED}${pending.slice(open.end)}`;
  }
}
