import type { Fault } from "../../../src/contract/index.js";

/** The first line of every task's output. */
export const SIMULATION_NOTICE =
  "[simulated] This work is simulated by the embedded AgentVM backend: nothing is read, run or changed.\n";

/** The last line of a task that was done. */
export const SIMULATION_CLOSING = "[simulated] Finished — no file was touched, as this work is simulated.\n";

/** What an agent says while it works, by phase. `%s` is the work in short, `%f` a file of no real project. */
export const PHRASES = {
  moving: ["Walking to a free desk"],
  thinking: [
    "Reading the request: “%s”",
    "Looking for where “%s” begins",
    "Weighing two ways to do it",
    "Reading %f",
    "Following the calls from %f",
    "Writing down a plan — three steps",
  ],
  coding: [
    "Changing %f",
    "Writing a test for %f",
    "Running the tests → all but one pass",
    "Running the tests → green",
    "Splitting %f in two",
    "Naming things in %f",
    "Handling the case where the list is empty",
    "Measuring: 12.4 ms before, 3.1 ms after",
  ],
  speaking: [
    "Explaining what changed in %f",
    "Writing a summary of “%s”",
    "Answering: why this way and not the other",
    "Giving an example, step by step",
    "Noting what is left to decide",
    "Reading it over once more — it is clear enough",
  ],
  collaborating: [
    "Agreeing who does what for “%s”",
    "Taking over %f",
    "Sharing what was found in %f",
    "Reviewing a teammate's change to %f",
    "Merging with the others' work",
    "Asking a teammate about the naïve case",
    "Running everybody's tests together → green",
  ],
} as const;
export type Phase = keyof typeof PHRASES;

/** Files that the simulated work talks of. */
export const FILES = [
  "src/player.ts",
  "src/physics/jump.ts",
  "src/enemies/patrol.ts",
  "src/ui/menu.ts",
  "src/world/überwelt.ts",
  "src/audio/mixer.ts",
  "src/save/slots.ts",
  "src/net/lobby.ts",
  "test/jump.test.ts",
  "docs/café-level.md",
] as const;

/** What is written to stderr now and then, and means no harm. */
export const WARNINGS = [
  "warning: %f has no test yet",
  "warning: a value in %f is never used",
  "warning: the tests of %f took 2,1 s — slow",
] as const;

/** Why simulated work fails. */
export const FAILURES: readonly Readonly<Fault>[] = [
  { code: "tests_failed", message: "The tests still fail after three attempts." },
  { code: "build_failed", message: "The project does not build with the change." },
  { code: "merge_conflict", message: "The change conflicts with another one that came first." },
  { code: "unclear_request", message: "The request can be read in two ways, and they exclude each other." },
  { code: "missing_dependency", message: "A library that the change needs is not there." },
];
