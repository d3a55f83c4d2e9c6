import { transform } from "esbuild";
import { defineConfig } from "tsup";
import type { Options } from "tsup";
import { targets } from "./scripts/lib/targets.js";

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
      target: targets,
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
  "mock/console": "mock-server/console.ts",
  config: "src/config/index.ts",
};

/** What opens sockets, by runtime: package.json's "imports" choose between the two where the package is used. */
const sockets = {
  "web-socket-node": "src/realtime/web-socket-node.ts",
  "web-socket-global": "src/realtime/web-socket-global.ts",
};

/** Leaves the choice of the WebSocket to whoever loads or bundles dist, so that no page gets the one for Node. */
const chooseSocketLater: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "choose-socket-later",
  setup(building) {
    building.onResolve({ filter: /^#websocket$/ }, () => ({ path: "#dist/websocket", external: true }));
  },
};

/** Stands at the head of the types, so that they hold in a program whose `lib` does not have these, and has no types of Node's. */
const TYPES_OF_USING = '/// <reference lib="esnext.disposable" />';

const shared: Options = {
  target: targets,
  platform: "node",
  // Deno and workers know Node's modules by their `node:` names alone.
  removeNodeProtocol: false,
  splitting: true,
  // Neither maps nor minified: an error in Node prints the line that threw, and its reader looks into dist. Pages have bundlers.
  sourcemap: false,
  minify: false,
  shims: false,
  clean: false,
  // It is CommonJS behind its module, which Rollup takes with a plugin alone.
  noExternal: ["eventemitter3"],
  esbuildPlugins: [chooseSocketLater],
};

export default defineConfig([
  // The command is built with the library, so that the two share their chunks.
  { ...shared, entry: { ...entry, ...sockets, cli: "mock-server/cli/main.ts" }, format: ["esm"] },
  {
    ...shared,
    entry: { ...entry, ...sockets },
    format: ["esm"],
    outExtension: () => ({ js: ".cjs" }),
    plugins: [asCommonJs],
  },
  { ...shared, entry, format: ["esm", "cjs"], dts: { only: true, banner: TYPES_OF_USING } },
]);
