import { TASK_OUTPUT_MAX_BYTES } from "../../src/contract/task-output.js";
import type { OutputLine, OutputStream } from "./types.js";
import { splitAtByte, utf8Length } from "./utf8.js";
import { weightOfLine } from "./weights.js";

/** The last line of output that did not fit. */
export const OUTPUT_CUT_NOTICE = "[output limit reached; what follows is dropped]\n";

/** What one task has written. It is bounded: past the bound a last line says so and the rest is dropped. */
export class OutputBuffer {
  readonly #lines: OutputLine[] = [];
  readonly #maximum: number;
  #size = 0;
  #weight = 0;
  #full = false;

  constructor(maximum: number = TASK_OUTPUT_MAX_BYTES) {
    this.#maximum = maximum - utf8Length(OUTPUT_CUT_NOTICE);
  }

  /** Bytes written and kept. */
  get size(): number {
    return this.#size;
  }

  /** What all of it weighs. */
  get weight(): number {
    return this.#weight;
  }

  get lines(): readonly OutputLine[] {
    return this.#lines;
  }

  /** Whether something was dropped. */
  get full(): boolean {
    return this.#full;
  }

  /** Takes over what another buffer held. */
  restore(lines: readonly { readonly stream: OutputStream; readonly text: string }[], full: boolean): void {
    for (const { stream, text } of lines) this.#append(stream, text);
    this.#full = full;
  }

  write(stream: OutputStream, text: string): void {
    if (this.#full || text === "") return;
    const bytes = utf8Length(text);
    if (this.#size + bytes > this.#maximum) {
      const { index } = splitAtByte(text, this.#maximum - this.#size);
      const kept = text.slice(0, index);
      if (kept !== "") this.#append(stream, kept.endsWith("\n") ? kept : `${kept.slice(0, -1)}\n`);
      this.#full = true;
      this.#append("stderr", OUTPUT_CUT_NOTICE);
      return;
    }
    this.#append(stream, text, bytes);
  }

  /** Gives what makes it again as it is now. */
  undo(): () => void {
    const { length } = this.#lines;
    const size = this.#size;
    const weight = this.#weight;
    const full = this.#full;
    return () => {
      this.#lines.length = length;
      this.#size = size;
      this.#weight = weight;
      this.#full = full;
    };
  }

  /** What stands from a byte on; within a line or a character, from the start of that character. */
  from(offset: number): { lines: OutputLine[]; next_offset: number } {
    if (offset >= this.#size) return { lines: [], next_offset: offset };
    const place = this.#lineAt(offset);
    const [first, ...rest] = this.#lines.slice(place);
    if (first === undefined || first.offset === offset) {
      return { lines: this.#lines.slice(place), next_offset: this.#size };
    }
    const cut = splitAtByte(first.text, offset - first.offset);
    const part = { offset: first.offset + cut.byte, stream: first.stream, text: first.text.slice(cut.index) };
    return { lines: [part, ...rest], next_offset: this.#size };
  }

  /** All that was written to stdout, as one text. */
  stdout(): string {
    let text = "";
    for (const line of this.#lines) if (line.stream === "stdout") text += line.text;
    return text;
  }

  #append(stream: OutputStream, text: string, bytes = utf8Length(text)): void {
    this.#lines.push(Object.freeze({ offset: this.#size, stream, text }));
    this.#size += bytes;
    this.#weight += weightOfLine(text, bytes);
  }

  /** The place of the line that the byte is in. */
  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
