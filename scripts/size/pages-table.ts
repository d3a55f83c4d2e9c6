import { aligned } from "../lib/aligned.js";
import { kilobytes } from "../lib/budget.js";
import type { LoadedPage } from "./measure-pages.js";
import { CONSOLE, GODOT_SCRIPT, GODOT_SCRIPT_WITH_BACKEND, INSTALL, pages } from "./pages.js";

/** What pages loaded, for a terminal. */
export function pagesTable(loaded: readonly LoadedPage[]): string {
  const time = (ms: number | null): string => (ms === null ? "-" : `${(ms / 1000).toFixed(2)} s`);
  const rows = [
    ["a page that", "built by", "files", "size", "first agent", "first move"],
    ...loaded.map(({ page, bundler, files, bytes, firstAgentMs, firstMoveMs }) => [
      page.what,
      bundler,
      String(files),
      kilobytes(bytes),
      time(firstAgentMs),
      time(firstMoveMs),
    ]),
  ];
  return aligned(rows, [0, 1]);
}

/** The table of the README: what CI holds. */
export function heldTable(): string {
  const things = [...pages, GODOT_SCRIPT, GODOT_SCRIPT_WITH_BACKEND, CONSOLE];
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
