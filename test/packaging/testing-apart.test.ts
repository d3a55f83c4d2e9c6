import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleForPage } from "../../scripts/lib/bundle.js";
import { root } from "../../scripts/lib/workspace.js";

/** Words that stand in what tests do with a backend, and nowhere else. */
const WORDS = /This backend was told to fail here|fits no event of the contract/;

const page = (entry: string): string =>
  `import { createMockBackend } from "${entry}"; globalThis.backend = createMockBackend();\n`;

describe("what tests do with a backend", () => {
  it("is in no file that a page with the backend loads, at once or later", async () => {
    const { eager, lazy } = await bundleForPage(page("oligarchy-agentvm/mock"));
    expect([...eager, ...lazy].filter(({ code }) => WORDS.test(code)).map(({ name }) => name)).toEqual([]);
  });

  it("is in what a page loads that asks for it", async () => {
    const { eager, nodeModules } = await bundleForPage(page("oligarchy-agentvm/testing"));
    expect([eager.some(({ code }) => WORDS.test(code)), nodeModules]).toEqual([true, []]);
  });

  it.each(["agentvm.global.js", "agentvm-godot.js", "agentvm-godot-backend.js"])("is not in %s", (script) => {
    expect(readFileSync(join(root, "dist", script), "utf8")).not.toMatch(WORDS);
  });

  it("costs a page that does not use it no module of its own", async () => {
    const { modules } = await bundleForPage(page("/mock-server/index.ts"));
    expect(modules.filter((id) => id.includes("mock-server/testing"))).toEqual([]);
  });
});
