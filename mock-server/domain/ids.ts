import { hashText, mix } from "./random.js";

/** What an id can be of. */
export const ID_KINDS = [
  "agent",
  "task",
  "team",
  "game",
  "session",
  "request",
  "connection",
  "epoch",
  "worker",
  "question",
  "review",
] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** Where a source of ids stands: its seed, and how many of each kind it has given. */
export interface IdsState {
  readonly seed: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** A source of ids that never gives one twice. They are not secret: who sees some can tell the others. */
export interface Ids {
  /** A new id, like `agent_k3f9x2ab`. Each kind counts for itself, so more of one kind does not change another. */
  next(kind: IdKind): string;
  /** How many of a kind it has given. */
  given(kind: IdKind): number;
  /** Says how many of a kind it has given: the one after them is next. */
  setGiven(kind: IdKind, count: number): void;
  /** Where it stands, for a snapshot. */
  state(): IdsState;
  /** Puts it where {@link state} said. */
  restore(state: IdsState): void;
}

/** Makes a source of ids from a seed; the same seed gives the same ids in the same order. */
export function createIds(seed: number): Ids {
  let key = hashText(String(seed), 0x1d5);
  let counts = new Map<string, number>();
  const given = (kind: IdKind): number => counts.get(kind) ?? 0;
  return {
    next(kind) {
      const count = given(kind);
      counts.set(kind, count + 1);
      return `${kind}_${eightDigits(scramble(count, hashText(kind, key)))}`;
    },
    given,
    setGiven(kind, count) {
      if (count > 0) counts.set(kind, count);
      else counts.delete(kind);
    },
    state: () => ({ seed: key, counts: Object.fromEntries(counts) }),
    restore(state) {
      key = state.seed;
      counts = new Map(Object.entries(state.counts));
    },
  };
}

/** A new id that nothing has: a game may have chosen it for itself, or a snapshot may count fewer than it holds. */
export function unusedId(ids: Pick<Ids, "next">, kind: IdKind, used: { has(id: string): boolean }): string {
  for (;;) {
    const id = ids.next(kind);
    if (!used.has(id)) return id;
  }
}

const HALF = 0x100000;

/** A Feistel network over 40 bits: as it can be undone, two counts never give the same id. */
function scramble(count: number, key: number): number {
  let left = Math.floor(count / HALF) % HALF;
  let right = count % HALF;
  for (let round = 1; round <= 4; round += 1) {
    const next = (left ^ mix(right ^ mix(key + round))) & (HALF - 1);
    left = right;
    right = next;
  }
  return left * HALF + right;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A number below 36 to the eighth in base 36. Every request needs an id, and `toString(36)` takes several times as long. */
function eightDigits(value: number): string {
  const half = 36 ** 4;
  return fourDigits(Math.floor(value / half)) + fourDigits(value % half);
}

function fourDigits(value: number): string {
  const digit = (place: number): string => DIGITS.charAt(Math.floor(value / place) % 36);
  return digit(46_656) + digit(1_296) + digit(36) + digit(1);
}
