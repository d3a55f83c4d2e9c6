/** How simulated work of a kind goes. */
export type Course = readonly [
  /** Seconds that it takes at the least. */
  least: number,
  /** Seconds that it takes at the most. */
  most: number,
  /** How often it fails for an agent that can do it. */
  failureRate: number,
  /** Whether the work is mostly code or mostly talk. */
  style: "code" | "talk",
];

/** By the kind of work. Any other kind goes as general work does. */
const COURSES: ReadonlyMap<string, Course> = new Map([
  ["debugging", [10, 24, 0.14, "code"]],
  ["bug_fix", [8, 22, 0.12, "code"]],
  ["testing", [9, 22, 0.12, "code"]],
  ["refactoring", [10, 26, 0.1, "code"]],
  ["multi_file_editing", [10, 26, 0.1, "code"]],
  ["optimization", [12, 28, 0.15, "code"]],
  ["feature_development", [14, 30, 0.12, "code"]],
  ["code_generation", [9, 22, 0.1, "code"]],
  ["system_design", [12, 28, 0.06, "code"]],
  ["code_review", [7, 18, 0.04, "talk"]],
  ["documentation", [7, 18, 0.03, "talk"]],
  ["explanation", [6, 14, 0.02, "talk"]],
  ["teaching", [8, 18, 0.02, "talk"]],
]);

/** How simulated work of a kind goes. */
export function courseOf(taskType: string): Course {
  return COURSES.get(taskType) ?? [7, 20, 0.08, "code"];
}
