import { open, stat } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { Turns } from "../../turns.js";

/** Bytes of one read, and of what is read at one time: of more that has come the newest is enough. */
const READ_BYTES = 262_144;
const BEHIND_MAX_BYTES = 8 * 2 ** 20;

/** Characters of a line; a longer one is skipped. */
const LINE_MAX = 4 * 2 ** 20;

/** Follows a file to which lines are added: gives those that are new, each once it is whole. It writes nothing. */
export class Tail {
  readonly #path: string;
  readonly #take: (line: string) => void;
  readonly #turns = new Turns();
  #at: number;
  #decoder = new StringDecoder("utf8");
  #rest = "";
  /** Whether what comes until the end of the line is skipped. */
  #skips = false;

  /**
   * @param from Bytes that are known already.
   * @param take Is given each line. It throws nothing.
   */
  constructor(path: string, from: number, take: (line: string) => void) {
    this.#path = path;
    this.#at = from;
    this.#take = take;
  }

  /** Reads what has come. It never rejects: a file that is gone has nothing new. */
  read(): Promise<void> {
    return this.#turns.take(() => this.#read()).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const { size } = await stat(this.#path);
    if (size < this.#at) {
      // It was cut, or is another one by now: what is in it is not new.
      this.#startAt(size, false);
      return;
    }
    if (size - this.#at > BEHIND_MAX_BYTES) this.#startAt(size - BEHIND_MAX_BYTES, true);
    if (size === this.#at) return;
    const file = await open(this.#path, "r");
    try {
      const buffer = Buffer.alloc(READ_BYTES);
      while (this.#at < size) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(READ_BYTES, size - this.#at), this.#at);
        if (bytesRead === 0) return;
        this.#at += bytesRead;
        this.#push(this.#decoder.write(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await file.close();
    }
  }

  #startAt(at: number, skips: boolean): void {
    this.#at = at;
    this.#decoder = new StringDecoder("utf8");
    this.#rest = "";
    this.#skips = skips;
  }

  #push(text: string): void {
    const lines = text.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      if (!this.#skips) this.#take(this.#rest + line);
      this.#rest = "";
      this.#skips = false;
    }
    if (!this.#skips) this.#rest += last;
    if (this.#rest.length <= LINE_MAX) return;
    this.#rest = "";
    this.#skips = true;
  }
}
