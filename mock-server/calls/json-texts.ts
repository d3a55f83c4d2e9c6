/** Characters of the texts that are kept at the same time, at the most: those of some five thousand agents. */
export const KEPT_CHARACTERS_MAX = 4_194_304;

/** Characters of a text that is kept: a shorter one is as soon written as found, a longer one would take the place of many. */
const KEPT_TEXT = { min: 64, max: 16_384 };

/**
 * Writes answers as JSON, and a frozen thing in them once: what the engine gives out stays as it is, and most of it is asked for
 * many times before it changes. The text is the one that `JSON.stringify` gives.
 */
export class JsonTexts {
  /** What was asked for lately. When it is half of what may be kept, all that is older is forgotten. */
  #young = new Map<object, string>();
  #old: ReadonlyMap<object, string> = new Map();
  #characters = 0;

  /** Characters that are kept now. */
  get characters(): number {
    return [...this.#old.values(), ...this.#young.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * The JSON text of an answer: plain data, in which what is frozen is frozen to its bottom.
   *
   * @param written What has been written for this answer already.
   */
  of(answer: unknown, written?: ReadonlyMap<unknown, string>): string {
    if (!isObject(answer)) return JSON.stringify(answer);
    const before = written?.get(answer);
    if (before !== undefined) return before;
    const young = this.#young.get(answer);
    if (young !== undefined) return young;
    const old = this.#old.get(answer);
    if (old !== undefined) return this.#keep(answer, old);
    if (Object.isFrozen(answer)) return this.#keep(answer, JSON.stringify(answer));
    if (Array.isArray(answer))
      return `[${answer.map((item: unknown) => this.of(item ?? null, written)).join(",")}]`;
    let text = "";
    for (const name in answer) {
      const value = answer[name];
      if (value !== undefined)
        text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${this.of(value, written)}`;
    }
    return `{${text}}`;
  }

  #keep(thing: object, text: string): string {
    if (text.length < KEPT_TEXT.min || text.length > KEPT_TEXT.max) return text;
    if (this.#characters + text.length > KEPT_CHARACTERS_MAX / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    this.#young.set(thing, text);
    this.#characters += text.length;
    return text;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
