import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundleForPage, gzipBytes } from "../../scripts/lib/bundle.js";
import { root } from "../../scripts/lib/workspace.js";

/** Bytes, minified and gzipped, that the hooks may cost. */
const BUDGET = 2_000;

describe("what React is helped by", () => {
  it("costs a page that has React and a client already less than 2 kB", async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from "oligarchy-agentvm/react";`, resolveDir: root },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target: "es2022",
      external: ["react"],
      metafile: true,
    });
    const [file] = outputFiles;
    expect(file && gzipBytes(file.contents)).toBeLessThan(BUDGET);
  });

  it("is in no file of a page without React", async () => {
    const { modules } = await bundleForPage(
      `import { AgentVM } from "oligarchy-agentvm"; globalThis.agentvm = new AgentVM();\n`,
    );
    expect(modules.filter((name) => /node_modules\/react|dist\/react/.test(name))).toEqual([]);
  });
});
