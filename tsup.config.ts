import { transform } from "esbuild";
import { defineConfig } from "tsup";
import type { Options } from "tsup";

type Plugin = NonNullable<Options["plugins"]>[number];

/**
 * Writes split ESM chunks as CommonJS. tsup's own way for this also turns `?.` and `??` into calls,
 * which costs speed on every line that uses them.
 */
const asCommonJs: Plugin = {
  name: "as-commonjs",
  async renderChunk(code, chunk) {
    if (!chunk.path.endsWith(".cjs")) return undefined;
    const result = await transform(code, {
      format: "cjs",
      platform: "node",
      target: "es2022",
      // A lazy chunk is CommonJS too, and `import()` would wrap its default export in another.
      supported: { "dynamic-import": false },
    });
    return { code: result.code };
  },
};

/** The public modules by the name of their file in dist, and where each begins. */
export const entry = {
  index: "src/index.ts",
  slim: "src/slim.ts",
  mock: "mock-server/index.ts",
  "mock/node": "mock-server/node.ts",
  "mock/msw": "mock-server/msw.ts",
  config: "src/config/index.ts",
};

const shared: Options = {
  target: "es2022",
  platform: "node",
  // Deno and workers know Node's modules by their `node:` names alone.
  removeNodeProtocol: false,
  splitting: true,
  // No maps: the dependencies take eleven of the twelve megabytes that an install may cost.
  sourcemap: false,
  minify: false,
  shims: false,
  clean: false,
};

export default defineConfig([
  // The command is built with the library, so that the two share their chunks.
  { ...shared, entry: { ...entry, cli: "mock-server/cli/main.ts" }, format: ["esm"] },
  { ...shared, entry, format: ["esm"], outExtension: () => ({ js: ".cjs" }), plugins: [asCommonJs] },
  { ...shared, entry, format: ["esm", "cjs"], dts: { only: true } },
  {
    ...shared,
    entry: { agentvm: "mock-server/global.ts" },
    format: ["iife"],
    platform: "browser",
    splitting: false,
    minify: true,
    noExternal: [/.*/],
    define: { "process.env.NODE_ENV": '"production"' },
    // The script's whole work is to set `window.AgentVM`; the package's "sideEffects" must not drop it.
    treeshake: false,
  },
]);
