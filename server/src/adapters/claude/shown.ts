import { keepsPlan } from "./plan.js";

/** Whether a tool begins a helper. */
export function isHelper(name: string): boolean {
  return name === "Agent" || name === "Task";
}

/** Whether a tool is seen as one: plans, questions and helpers are told in their own words. */
export function isShown(name: string): boolean {
  return !isHelper(name) && !keepsPlan(name) && name !== "AskUserQuestion";
}
