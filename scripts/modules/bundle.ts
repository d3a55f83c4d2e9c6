/** Writes the package's modules into `dist`, as ESM with the command and as CommonJS. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import type { ChunkingContext, Plugin } from "rolldown";
import { readManifest } from "../lib/manifest.js";
import { root } from "../lib/workspace.js";
import { entry } from "./entry.js";

/** What opens sockets, by runtime: package.json's "imports" choose between the two where the package is used. */
const sockets = {
  "web-socket-node": "src/client/stream/web-socket-node.ts",
  "web-socket-global": "src/client/stream/web-socket-global.ts",
};

/** Leaves the choice of the WebSocket to whoever loads or bundles dist, so that no page gets the one for Node. */
const chooseSocketLater: Plugin = {
  name: "choose-socket-later",
  resolveId: (source) => (source === "#websocket" ? { id: "#dist/websocket", external: true } : null),
};

/** It is CommonJS behind its module, which Rollup takes with a plugin alone. */
const BUILT_IN = "eventemitter3";

/** What is installed with the package, and MSW, which its user brings. */
const packages = [...Object.keys(readManifest().dependencies), "msw"].filter((name) => name !== BUILT_IN);

/**
 * What is loaded at once stands in one file a side. Bundlers split along the files of dist: of many that several lazy parts have in
 * common they would make many chunks, and a page would load them all.
 */
const together = [
  ["client", "src/slim.ts"],
  ["backend", "mock-server/hosts/in-page/mock-backend.ts"],
] as const;

/** Says in which of these files a module is; null where the bundler may decide. */
function sideOf(): (id: string, context: ChunkingContext) => string | null {
  let sides: readonly (readonly [name: string, modules: ReadonlySet<string>])[] | null = null;
  return (id, context) => {
    sides ??= together.map(([name, from]) => [name, reachable(join(root, from), context)]);
    // Its own helpers belong to what everybody loads.
    if (id.startsWith("\0")) return "client";
    // The entry itself only hands on.
    return sides.find(([, modules]) => modules.has(id))?.[0] ?? null;
  };
}

/** All that a module imports, by whatever way, but not what it loads later. */
function reachable(from: string, context: ChunkingContext): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (id: string): void => {
    for (const one of context.getModuleInfo(id)?.importedIds ?? []) {
      if (found.has(one)) continue;
      found.add(one);
      visit(one);
    }
  };
  visit(from);
  return found;
}

async function write(input: Record<string, string>, format: "esm" | "cjs"): Promise<void> {
  const extension = format === "esm" ? "js" : "cjs";
  const bundle = await rolldown({
    cwd: root,
    input,
    // Neither Node nor a page: each finds the names of Node's modules as they are written, and nothing of Node's where none is named.
    platform: "neutral",
    resolve: { mainFields: ["module", "main"] },
    external: [/^node:/, ...packages.map((name) => new RegExp(`^${name}(?:/|$)`))],
    plugins: [chooseSocketLater],
    preserveEntrySignatures: "allow-extension",
    treeshake: { moduleSideEffects: false },
    // For browsers that lack one thing of its classes Rolldown would write all private members as functions, which costs a tenth.
    transform: { target: "es2022" },
    // What an entry for Node and a page have in common stands in a file of its own, and not in the entry for Node.
    experimental: { chunkOptimization: false },
  });
  const { output } = await bundle.write({
    dir: join(root, "dist"),
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunk-[name].${extension}`,
    // Neither maps nor minified: an error in Node prints the line that threw, and its reader looks into dist. Pages have bundlers.
    minify: false,
    sourcemap: false,
    // Jest and others that run CommonJS cannot import from it.
    dynamicImportInCjs: false,
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: sideOf(), debugName: "sides" }],
    },
  });
  await bundle.close();
  for (const one of output) {
    // The one thing of it that the oldest browsers of `targets` do not read.
    if (one.type === "chunk" && /\bstatic \{/.test(one.code))
      throw new Error(`${one.fileName} has a static block of a class, which Safari reads from 16.4 on.`);
  }
  const bytes = output.reduce((sum, one) => sum + (one.type === "chunk" ? one.code.length : 0), 0);
  console.log(`${format}: ${output.length} files, ${(bytes / 1000).toFixed(0)} kB`);
}

// The command is built with the library, so that the two share their chunks.
await write({ ...entry, ...sockets, cli: "mock-server/cli/main.ts" }, "esm");
chmodSync(join(root, "dist/cli.js"), 0o755);
await write({ ...entry, ...sockets }, "cjs");
