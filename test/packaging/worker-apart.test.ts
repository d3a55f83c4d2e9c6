import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundleForPage } from "../../scripts/lib/bundle.js";
import { root } from "../../scripts/lib/workspace.js";

/** Words that stand in what a worker of its own is, and nowhere else. */
const WORDS =
  /The server does not know this worker any more|could not be reached for as long as a lease lasts/;

const pages = [
  `import { AgentVM } from "oligarchy-agentvm/slim"; globalThis.agentvm = new AgentVM();\n`,
  `import { createMockBackend } from "oligarchy-agentvm/mock"; globalThis.backend = createMockBackend();\n`,
];

describe("what a worker of its own is made of", () => {
  it.each(pages)("is in no file, at once or later, of a page with %s", async (page) => {
    const { eager, lazy } = await bundleForPage(page);
    expect([...eager, ...lazy].filter(({ code }) => WORDS.test(code)).map(({ name }) => name)).toEqual([]);
  });

  it("is in what a page loads that asks for it, which needs nothing of Node", async () => {
    const { eager, nodeModules } = await bundleForPage(
      `import { startWorker } from "oligarchy-agentvm/worker"; globalThis.start = startWorker;\n`,
    );
    expect([eager.some(({ code }) => WORDS.test(code)), nodeModules]).toEqual([true, []]);
  });

  it.each(["agentvm.global.js", "agentvm-godot.js", "agentvm-godot-backend.js"])("is not in %s", (script) => {
    expect(readFileSync(join(root, "dist", script), "utf8")).not.toMatch(WORDS);
  });
});
