import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { budgetTable, isHeld, isWithin, kilobytes } from "../../scripts/lib/budget.js";
import { bundleForPage, eagerBytes, gzipBytes } from "../../scripts/lib/bundle.js";

describe("a size budget", () => {
  it("allows what is exactly as large as it may be, and not a byte more", () => {
    expect(isWithin({ what: "a", bytes: 42_000, budget: 42_000 })).toBe(true);
    expect(isWithin({ what: "a", bytes: 42_001, budget: 42_000 })).toBe(false);
  });

  it("that is not reached yet is held at its ceiling", () => {
    expect(isHeld({ what: "a", bytes: 50_000, budget: 42_000, ceiling: 50_000 })).toBe(true);
    expect(isHeld({ what: "a", bytes: 50_001, budget: 42_000, ceiling: 50_000 })).toBe(false);
    expect(isHeld({ what: "a", bytes: 42_001, budget: 42_000 })).toBe(false);
  });

  it("that is more than reached is held at its ceiling too", () => {
    expect(isHeld({ what: "a", bytes: 40_000, budget: 42_000, ceiling: 40_000 })).toBe(true);
    expect(isHeld({ what: "a", bytes: 40_001, budget: 42_000, ceiling: 40_000 })).toBe(false);
  });

  it("holds nothing that has no budget", () => {
    expect(isWithin({ what: "a", bytes: 1e9, budget: null })).toBe(true);
  });

  it("counts a kilobyte as 1000 bytes", () => {
    expect(kilobytes(42_000)).toBe("42.0 kB");
  });

  it("marks in its table what is over", () => {
    const table = budgetTable([
      { what: "small", bytes: 10, budget: 100 },
      { what: "large", bytes: 1000, budget: 100 },
      { what: "shown", bytes: 1000, budget: null },
    ]).split("\n");
    expect(table[1]).toMatch(/^small .* ok$/);
    expect(table[2]).toMatch(/^large .* OVER$/);
    expect(table[3]).toMatch(/^shown .* -$/);
  });
});

describe("a bundle for a page", () => {
  it("counts bytes as gzip gives them at its best", () => {
    const text = Buffer.from("agent ".repeat(1000));
    expect(gzipBytes(text)).toBe(gzipSync(text, { level: 9 }).byteLength);
  });

  it("does not count what is loaded only when asked", async () => {
    const bundle = await bundleForPage(`globalThis.load = () => import("./package.json");\n`);
    expect(bundle.eager).toHaveLength(1);
    expect(bundle.lazy.length).toBeGreaterThan(0);
    expect(eagerBytes(bundle)).toBeLessThan(1_200);
  });

  it.each(["fs", "node:fs", "ws"])("tells that %s is needed", async (name) => {
    const bundle = await bundleForPage(
      `import * as needed from ${JSON.stringify(name)}; globalThis.x = needed;\n`,
    );
    expect(bundle.nodeModules).toEqual([name]);
  });

  it("takes a package whose page build needs no Node module", async () => {
    const bundle = await bundleForPage(`import axios from "axios"; globalThis.x = axios;\n`);
    expect(bundle.nodeModules).toEqual([]);
  });
});
