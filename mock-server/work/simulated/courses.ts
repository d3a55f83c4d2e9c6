/** How simulated work of a kind goes. */
export interface Course {
  /** Seconds that it takes at the least and at the most. */
  readonly seconds: readonly [number, number];
  /** How often it fails for an agent that can do it. */
  readonly failureRate: number;
  /** Whether the work is mostly code or mostly talk. */
  readonly style: "code" | "talk";
}

function code(seconds: readonly [number, number], failureRate: number): Course {
  return { seconds, failureRate, style: "code" };
}

function talk(seconds: readonly [number, number], failureRate: number): Course {
  return { seconds, failureRate, style: "talk" };
}

const general = code([7, 20], 0.08);

/** By the kind of work. Any other kind goes as general work does. */
const COURSES: ReadonlyMap<string, Course> = new Map([
  ["debugging", code([10, 24], 0.14)],
  ["bug_fix", code([8, 22], 0.12)],
  ["testing", code([9, 22], 0.12)],
  ["refactoring", code([10, 26], 0.1)],
  ["multi_file_editing", code([10, 26], 0.1)],
  ["optimization", code([12, 28], 0.15)],
  ["feature_development", code([14, 30], 0.12)],
  ["code_generation", code([9, 22], 0.1)],
  ["system_design", code([12, 28], 0.06)],
  ["code_review", talk([7, 18], 0.04)],
  ["documentation", talk([7, 18], 0.03)],
  ["explanation", talk([6, 14], 0.02)],
  ["teaching", talk([8, 18], 0.02)],
]);

/** How simulated work of a kind goes. */
export function courseOf(taskType: string): Course {
  return COURSES.get(taskType) ?? general;
}
