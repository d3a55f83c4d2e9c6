import type { AgentState } from "oligarchy-agentvm/slim";

/** How a state is shown: by a mark and a word, and by a colour beside them. */
export interface StateLook {
  readonly mark: string;
  readonly word: string;
  readonly color: string;
}

const STATES = {
  idle: { mark: "○", word: "free", color: "#9fb0c9" },
  thinking: { mark: "…", word: "thinking", color: "#f2c14e" },
  coding: { mark: "</>", word: "coding", color: "#5ec8f2" },
  speaking: { mark: "“”", word: "speaking", color: "#7fd67f" },
  moving: { mark: "→", word: "on the way", color: "#c7b8ff" },
  waiting: { mark: "?", word: "asks you", color: "#ffb45e" },
  collaborating: { mark: "◎", word: "teaming", color: "#f59ac0" },
  error: { mark: "▲", word: "in trouble", color: "#ff7a6b" },
} as const satisfies Record<AgentState, StateLook>;

/** The look of a state, on the floor and in the lists; one that this game does not know is its own word. */
export function lookOf(state: string): StateLook {
  return isKnown(state) ? STATES[state] : { mark: "?", word: state, color: "#9fb0c9" };
}

function isKnown(state: string): state is AgentState {
  return Object.hasOwn(STATES, state);
}
