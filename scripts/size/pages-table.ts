import { kilobytes } from "../lib/budget.js";
import type { LoadedPage } from "./measure-pages.js";
import { CONSOLE, GODOT_SCRIPT, INSTALL, pages } from "./pages.js";

/** A table of cells for a terminal. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_head, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What pages loaded, for a terminal. */
export function pagesTable(loaded: readonly LoadedPage[]): string {
  const time = (ms: number | null): string => (ms === null ? "-" : `${(ms / 1000).toFixed(2)} s`);
  return aligned([
    ["a page that", "built by", "files", "size", "first agent", "first move"],
    ...loaded.map(({ page, bundler, files, bytes, firstAgentMs, firstMoveMs }) => [
      page.what,
      bundler,
      String(files),
      kilobytes(bytes),
      time(firstAgentMs),
      time(firstMoveMs),
    ]),
  ]);
}

/** The table of the README: what CI holds. */
export function heldTable(): string {
  const things = [...pages, GODOT_SCRIPT, CONSOLE];
  const rows = things.map(({ what, files, budget, ceiling = budget }) => [
    what,
    String(files),
    `${ceiling / 1000} kB`,
  ]);
  const all = [
    ["a page that", "files", "at most"],
    ...rows,
    [INSTALL.what, "", `${INSTALL.ceiling / 1_000_000} MB`],
  ];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
