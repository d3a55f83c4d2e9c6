import type { CloseCode } from "../../contract/index.js";
import { closeCodes } from "../../contract/frames.js";
import type { MachineState, Moment, Step } from "./machine-types.js";
import { lose, stop } from "./transitions.js";

function isCloseCode(code: number): code is CloseCode {
  return Object.hasOwn(closeCodes, code);
}

/** Does what the contract says for the code that a connection was closed with. */
export function obey(state: MachineState, code: number, moment: Moment): Step {
  if (!isCloseCode(code)) {
    return lose(state, { reason: "connection lost", retry: "backoff", closeCode: code }, moment);
  }
  const { reason, client } = closeCodes[code];
  switch (client) {
    case "stop":
      return stop(state, reason, code);
    case "one fresh token, then stop":
      return state.triedFresh
        ? stop(state, reason, code)
        : lose(
            { ...state, needsFresh: true, triedFresh: true },
            { reason, retry: "now", closeCode: code },
            moment,
          );
    case "connect the game again":
      return state.canConnectGame
        ? lose({ ...state, needsGame: true }, { reason, retry: "now", closeCode: code }, moment)
        : stop(state, reason, code);
    case "resume":
      return lose(state, { reason, retry: "now", closeCode: code }, moment);
    case "reconnect":
      return lose(state, { reason, retry: "backoff", closeCode: code }, moment);
    case "reconnect later":
      return lose(state, { reason, retry: "later", closeCode: code }, moment);
  }
}
