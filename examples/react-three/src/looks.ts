/** How a state looks: a colour, and a sign beside it for whoever does not tell colours apart. */
export interface Look {
  readonly color: string;
  readonly sign: string;
}

const LOOKS: Readonly<Record<string, Look>> = {
  idle: { color: "#8aa0b8", sign: "·" },
  thinking: { color: "#f2b84b", sign: "…" },
  coding: { color: "#46c389", sign: "⌨" },
  speaking: { color: "#5aa9f0", sign: "“" },
  waiting: { color: "#f0616d", sign: "?" },
  error: { color: "#b3364a", sign: "!" },
};

const OTHER: Look = { color: "#b9a7e8", sign: "•" };

/** How a state looks; one of a later server looks like none of these. */
export function lookOf(state: string): Look {
  return LOOKS[state] ?? OTHER;
}
