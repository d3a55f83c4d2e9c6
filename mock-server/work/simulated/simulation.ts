/** How simulated work goes, where that is not by the kind of the task. */
export interface Simulation {
  /** How often it fails, from 0 to 1. */
  readonly failureRate?: number | undefined;
  /** How many seconds it takes, at the least and at the most. */
  readonly seconds?: readonly [least: number, most: number] | undefined;
}
