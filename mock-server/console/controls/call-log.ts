export type { LoggedCall } from "../../testing/journal/call-journal.js";

/** Answered calls that the console shows; older ones make room. */
export const CALLS_MAX = 500;
