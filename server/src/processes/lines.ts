/** Characters of a line, after which it is given in pieces. */
export const LINE_MAX = 1_048_576;

const ESC = "\u001b";

/** What terminals understand and people do not read: colors, cursors, titles. A text in it ends at the next of them, so that none is looked at twice. */
const TERMINAL_CODES = new RegExp(
  [
    String.raw`(?:${ESC}\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`${ESC}[\]PX^_][^${ESC}\u0007]*(?:\u0007|${ESC}\\)`,
    String.raw`${ESC}[ -/]*[0-~]?`,
  ].join("|"),
  "g",
);

/** All of them but the tab. */
const CONTROLS = /[^\P{Cc}\t]/gu;

/** One line, or a piece of a long one. */
export interface LinePiece {
  readonly text: string;
  /** Whether the line ends here. */
  readonly ends: boolean;
}

/** Cuts bytes into lines of a bounded length, whatever the borders of what comes, without what is there for terminals alone. */
export class LineCutter {
  readonly #decoder = new TextDecoder();
  readonly #max: number;
  #rest = "";

  constructor(max = LINE_MAX) {
    this.#max = max;
  }

  push(bytes: Uint8Array): LinePiece[] {
    const [first = "", ...others] = this.#decoder.decode(bytes, { stream: true }).split("\n");
    const pieces: LinePiece[] = [];
    this.#rest += first;
    for (const other of others) {
      this.#cut(pieces);
      pieces.push({ text: readable(this.#rest), ends: true });
      this.#rest = other;
    }
    this.#cut(pieces);
    return pieces;
  }

  /** Nothing more comes: gives the rest, which has no end. */
  end(): LinePiece[] {
    const rest = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return rest === "" ? [] : [{ text: readable(rest), ends: true }];
  }

  #cut(pieces: LinePiece[]): void {
    while (this.#rest.length > this.#max) {
      // Two halves of a character stay together.
      const at = isHighHalf(this.#rest.charCodeAt(this.#max - 1)) ? this.#max - 1 : this.#max;
      pieces.push({ text: readable(this.#rest.slice(0, at)), ends: false });
      this.#rest = this.#rest.slice(at);
    }
  }
}

function isHighHalf(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

/** A line as somebody sees it in the end: what was written over, such as the steps of a progress bar, is not there any more. */
function readable(line: string): string {
  const seen = line.includes("\r") ? lastWritten(line) : line;
  return seen.replace(TERMINAL_CODES, "").replace(CONTROLS, "");
}

function lastWritten(line: string): string {
  return line.split("\r").findLast((part) => part !== "") ?? "";
}
