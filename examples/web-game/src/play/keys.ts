import type { Heading } from "./player.js";

const KEYS: Readonly<Record<string, Heading>> = {
  KeyW: { right: 0, down: -1 },
  ArrowUp: { right: 0, down: -1 },
  KeyS: { right: 0, down: 1 },
  ArrowDown: { right: 0, down: 1 },
  KeyA: { right: -1, down: 0 },
  ArrowLeft: { right: -1, down: 0 },
  KeyD: { right: 1, down: 0 },
  ArrowRight: { right: 1, down: 0 },
};

/** What keys do that walk nowhere. */
export interface KeyActions {
  readonly onTalk: () => void;
  readonly onAnswer: () => void;
}

/** The keys that are down. Keys that are typed into a field or used on a control are left to it. */
export class Keys {
  readonly #down = new Set<string>();
  readonly #ending = new AbortController();

  /** `onTalk` is called when Enter or E is pressed on the floor, `onAnswer` for Q. */
  constructor(target: Window, { onTalk, onAnswer }: KeyActions) {
    const { signal } = this.#ending;
    target.addEventListener(
      "keydown",
      (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || isIn(event.target, FIELDS)) return;
        if (event.code in KEYS) {
          this.#down.add(event.code);
          event.preventDefault();
        } else if (isTalk(event) && !event.repeat) {
          event.preventDefault();
          onTalk();
        } else if (event.code === "KeyQ" && !event.repeat) {
          event.preventDefault();
          onAnswer();
        }
      },
      { signal },
    );
    target.addEventListener("keyup", (event) => this.#down.delete(event.code), { signal });
    // What is released elsewhere is not told here.
    target.addEventListener("blur", () => this.#down.clear(), { signal });
  }

  /** Where the keys that are down lead. */
  get heading(): Heading {
    let [right, down] = [0, 0];
    for (const code of this.#down) {
      right += KEYS[code]?.right ?? 0;
      down += KEYS[code]?.down ?? 0;
    }
    return { right: Math.sign(right), down: Math.sign(down) };
  }

  /** Forgets what is down, as when a dialog opens. */
  release(): void {
    this.#down.clear();
  }

  /** Ends the listening. */
  close(): void {
    this.#ending.abort();
  }
}

/** Where keys mean something of their own. */
const FIELDS = "input, textarea, select, dialog";
/** Where Enter does too. */
const BUTTONS = "button, a, summary";

function isTalk({ code, target }: KeyboardEvent): boolean {
  return code === "KeyE" || (code === "Enter" && !isIn(target, BUTTONS));
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
