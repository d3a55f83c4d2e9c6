import { describe, expect, it } from "vitest";
import { bundleForPage } from "../../scripts/lib/bundle.js";

/** Words that stand in what is said of scripts, and nowhere else. */
const WORDS = /A script cannot be used: /;

const program = `import { createMockBackend } from "oligarchy-agentvm/mock"; globalThis.backend = createMockBackend();\n`;

describe("what scripts and functions are made of", () => {
  it("is not in what a page with the backend loads at once", async () => {
    const { eager } = await bundleForPage(program);
    expect(eager.filter(({ code }) => WORDS.test(code)).map(({ name }) => name)).toEqual([]);
  });

  it("is in one file that is there to be loaded with the first of them", async () => {
    const { lazy } = await bundleForPage(program);
    expect(lazy.filter(({ code }) => WORDS.test(code))).toHaveLength(1);
  });
});
