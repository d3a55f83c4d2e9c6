/** A page's storage, where it has one: a sandboxed frame or a private window may refuse it, by throwing. */
export interface Storage {
  /** What was kept; null when there is nothing. */
  read(): string | null;
  /** Keeps a text; false when there is no room or no storage. */
  write(text: string): boolean;
  /** Whether anything can be kept at all. */
  readonly isThere: boolean;
}

const NAME = "agentvm-web-game";

/** The storage of this page. */
export function openStorage(): Storage {
  const store = find();
  return {
    isThere: store !== null,
    read: () => store?.getItem(NAME) ?? null,
    write(text) {
      try {
        store?.setItem(NAME, text);
        return store !== null;
      } catch {
        return false;
      }
    },
  };
}

function find(): globalThis.Storage | null {
  try {
    const probe = `${NAME}-probe`;
    localStorage.setItem(probe, "");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}
