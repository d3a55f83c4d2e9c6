import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { heldTable } from "../../scripts/size/pages-table.js";
import { root } from "../../scripts/lib/workspace.js";

/** The cells of a table in Markdown, however wide its columns are. */
function cellsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s:|-]+$/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("the README", () => {
  it("tells of pages what is held in CI", () => {
    const [, sizes = ""] = readFileSync(join(root, "README.md"), "utf8").split("\n## Sizes\n");
    const [section = ""] = sizes.split("\n## ");
    expect(cellsOf(section)).toEqual(cellsOf(heldTable()));
  });
});
