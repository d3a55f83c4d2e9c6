import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/lib/workspace.js";

const page = readFileSync(join(root, "docs/where-do-i-add.md"), "utf8");
const walks = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf("\n")), files: filesOf(text) }));

/** What is named in a walk that looks like a file of this project. */
function filesOf(text: string): string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|gd|md))`/g)].map(([, file = ""]) => file);
}

describe("the page that says where to add something", () => {
  it("walks through a route, an event, an agent state, a worker and a store", () => {
    expect(walks.map(({ name }) => name)).toEqual([
      "A route",
      "An event",
      "An agent state",
      "A worker",
      "A store",
    ]);
  });

  it.each(walks)("names files that there are, for $name", ({ files }) => {
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});
