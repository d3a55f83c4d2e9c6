import { describe, expect, it } from "vitest";
import { bundleForPage } from "../../scripts/lib/bundle.js";

/** Entries by their source, as a page's bundler takes them. */
const without = [
  "/src/index.ts",
  "/src/slim.ts",
  "/mock-server/index.ts",
  "/mock-server/msw.ts",
  "/mock-server/global.ts",
  "/mock-server/godot.ts",
];

async function consoleModulesOf(entry: string): Promise<readonly string[]> {
  const { modules } = await bundleForPage(
    `import * as all from ${JSON.stringify(entry)}; globalThis.all = all;`,
  );
  expect(modules.length).toBeGreaterThan(5);
  return modules.filter((id) => /mock-server\/console|node_modules\/(?:preact|@preact)\//.test(id));
}

describe("the console's code", () => {
  it.each(without)("is in no bundle of %s", { timeout: 60_000 }, async (entry) => {
    expect(await consoleModulesOf(entry)).toEqual([]);
  });

  it("is in the bundle of who imports it", { timeout: 60_000 }, async () => {
    const modules = await consoleModulesOf("/mock-server/console.ts");
    expect(modules.some((id) => id.includes("preact"))).toBe(true);
    expect(modules.some((id) => id.includes("mock-server/console/views"))).toBe(true);
  });

  it("needs nothing of Node in a page", { timeout: 60_000 }, async () => {
    const { nodeModules } = await bundleForPage(
      `import { mountConsole } from "/mock-server/console.ts"; globalThis.mountConsole = mountConsole;`,
    );
    expect(nodeModules).toEqual([]);
  });
});
