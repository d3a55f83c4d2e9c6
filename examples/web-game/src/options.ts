/** What the page's address names, as in `?seed=7&speed=4`. */
export interface GameOptions {
  /** Where chance begins: the same seed gives the same people, tickets and work. */
  readonly seed: number;
  /** How fast the embedded backend's time goes: 1 is real time. */
  readonly speed: number;
  /** The server's address that the menu shows at first. */
  readonly endpoint: string;
  /** What in the address could not be used, in words for the player. */
  readonly complaints: readonly string[];
}

const SPEED_MAX = 1_000;

/** Reads the options of a page's address (`location.search`); `anySeed` is used where none is named. */
export function readOptions(search: string, anySeed: () => number): GameOptions {
  const query = new URLSearchParams(search);
  const complaints: string[] = [];
  const number = (name: string, other: () => number, fits: (value: number) => boolean, expected: string) => {
    const text = query.get(name);
    if (text === null) return other();
    const value = Number(text);
    if (text.trim() !== "" && fits(value)) return value;
    complaints.push(`“${name}=${text}” in the address is ${expected}; it was left out.`);
    return other();
  };
  return {
    seed: number(
      "seed",
      anySeed,
      (value) => Number.isSafeInteger(value) && value >= 0,
      "not a whole number from 0 up",
    ),
    speed: number(
      "speed",
      () => 1,
      (value) => value > 0 && value <= SPEED_MAX,
      `not a number above 0 and up to ${SPEED_MAX}`,
    ),
    endpoint: query.get("endpoint") ?? "http://localhost:8000",
    complaints,
  };
}
