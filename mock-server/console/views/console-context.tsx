import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ConsoleState } from "../state/console-state.js";

const Context = createContext<ConsoleState | null>(null);

/** Hands the console's state to all screens below. */
export const ConsoleProvider = Context.Provider;

/** The state of the console that a component stands in. */
export function useConsole(): ConsoleState {
  const state = useContext(Context);
  if (state === null) throw new Error("A part of the console stands outside of it.");
  return state;
}
