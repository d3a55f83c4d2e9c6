import { aligned } from "./aligned.js";

/** One measured thing beside what it may cost. */
export interface Measured {
  readonly what: string;
  readonly bytes: number;
  /** Bytes wanted; null where a number is shown and not held. */
  readonly budget: number | null;
  /** Bytes that fail the check, where they are not the budget's: what is reached, and a little. */
  readonly ceiling?: number;
}

/** Whether a measured thing stays within its budget. */
export function isWithin(measured: Measured): boolean {
  return measured.budget === null || measured.bytes <= measured.budget;
}

/** Whether a measured thing stays within what fails the check: its ceiling, over its budget or below it, or its budget where it has none. */
export function isHeld(measured: Measured): boolean {
  const { bytes, budget, ceiling = budget } = measured;
  return ceiling === null || bytes <= ceiling;
}

/** Kilobytes of 1000 bytes, as the budgets count. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/** A table for a terminal: what, measured, budget, verdict. */
export function budgetTable(rows: readonly Measured[]): string {
  const cells = rows.map((row) => [
    row.what,
    kilobytes(row.bytes),
    row.budget === null ? "-" : kilobytes(row.budget),
    row.budget === null ? "" : isWithin(row) ? "ok" : "OVER",
  ]);
  return aligned([["what", "size", "budget", ""], ...cells], [0, 3]);
}
