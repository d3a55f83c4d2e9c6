import type { Colors } from "./terminal.js";
import { padEnd, padStart, widthOf } from "./text.js";

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Where its cells stand; numbers read better on the right. Default left. */
  readonly align?: "left" | "right";
}

/** Rows under their titles, as wide as the widest cell of each column. Cells may hold colours. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colors: Colors,
): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const lay = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const width = widths[index] ?? 0;
        const cell = cells[index] ?? "";
        return align === "right" ? padStart(cell, width) : padEnd(cell, width);
      })
      .join("  ")
      .trimEnd();
  return [
    colors.bold(lay(columns.map(({ title }) => title))),
    colors.dim(widths.map((width) => "-".repeat(width)).join("  ")),
    ...rows.map(lay),
  ];
}

/** Names and values, one pair a line, the values below one another. */
export function pairs(rows: readonly (readonly [string, string])[], colors: Colors): string[] {
  const width = Math.max(0, ...rows.map(([name]) => widthOf(name)));
  return rows.map(([name, value]) => `  ${colors.dim(padEnd(name, width))}  ${value}`);
}
