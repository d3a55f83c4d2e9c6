/** Writes the package's modules into `dist`, as ESM with the command and as CommonJS. */
import { chmodSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { rolldown } from "rolldown";
import type { InputOptions, Plugin } from "rolldown";
import { readManifest } from "../lib/manifest.js";
import { root } from "../lib/workspace.js";
import { entry } from "./entry.js";

/** What differs by runtime: package.json's "imports" choose between the two where the package is used. */
const byRuntime = {
  "work-at-hand": "mock-server/lazy/work-at-hand.ts",
  "work-on-demand": "mock-server/lazy/work-on-demand.ts",
  "web-socket-node": "src/client/stream/web-socket-node.ts",
  "web-socket-global": "src/client/stream/web-socket-global.ts",
};

/** Leaves the choice to whoever loads or bundles dist, so that no page gets what is for Node. */
const chooseLater: Plugin = {
  name: "choose-later",
  resolveId: (source) =>
    source === "#websocket" || source === "#work"
      ? { id: source.replace("#", "#dist/"), external: true }
      : null,
};

/** What is installed with the package, and MSW and React, which their users bring. */
const packages = [...Object.keys(readManifest().dependencies), "msw", "react"];

/** The command is built with the library, so that the two share their chunks. */
const modules = { ...entry, ...byRuntime, cli: "mock-server/cli/main.ts" };

const settings = {
  cwd: root,
  // Neither Node nor a page: each finds the names of Node's modules as they are written, and nothing of Node's where none is named.
  platform: "neutral",
  resolve: { mainFields: ["module", "main"] },
  external: [/^node:/, ...packages.map((name) => new RegExp(`^${name}(?:/|$)`))],
  preserveEntrySignatures: "allow-extension",
  treeshake: { moduleSideEffects: false },
  // For browsers that lack one thing of its classes Rolldown would write all private members as functions, which costs a tenth.
  transform: { target: "es2022" },
  // What an entry for Node and a page have in common stands in a file of its own, and not in the entry for Node.
  experimental: { chunkOptimization: false },
  plugins: [chooseLater],
} as const satisfies InputOptions;

/** What each module takes from others at once: from those that have it, and not from the index by whose way it is named. */
async function importsOfModules(): Promise<ReadonlyMap<string, readonly string[]>> {
  const bundle = await rolldown({ ...settings, input: modules });
  const { output } = await bundle.generate({ preserveModules: true });
  await bundle.close();
  const files = new Map(output.flatMap((one) => (one.type === "chunk" ? [[one.fileName, one]] : [])));
  return new Map(
    [...files.values()].map(({ moduleIds, imports }) => [
      moduleIds.at(-1) ?? "",
      imports.flatMap((file) => files.get(file)?.moduleIds.at(-1) ?? []),
    ]),
  );
}

/**
 * Says in which file a module is; null where the bundler may decide. Bundlers split along the files of dist: of many that several lazy
 * parts have in common they would make many chunks, and a page would load them all. So what a client loads at once stands in one
 * file, what a backend does in another, and what a later part of a client has in common with a backend in one for that part.
 */
async function fileOf(): Promise<(id: string) => string | null> {
  const imports = await importsOfModules();
  const withAllBelow = (ids: readonly string[], found = new Set<string>()): ReadonlySet<string> => {
    for (const one of ids) if (!found.has(one)) withAllBelow(imports.get(one) ?? [], found.add(one));
    return found;
  };
  // The one that begins only hands on.
  const partsOf = (name: string) => withAllBelow(imports.get(join(root, name)) ?? []);
  const lazyPartsOf = (folder: string) =>
    readdirSync(join(root, folder)).map((name) => ({
      name: basename(name, ".ts"),
      modules: partsOf(join(folder, name)),
    }));
  const client = partsOf("src/slim.ts");
  const backend = partsOf("mock-server/hosts/in-page/mock-backend.ts");
  const loads = join(root, "src/lazy/load.ts");
  const wantedEverywhere = join(root, "src/contract/worker.ts");
  const loadsOfBackend = join(root, "mock-server/lazy/load.ts");
  const ofClient = lazyPartsOf("src/lazy");
  const ofBackend = lazyPartsOf("mock-server/lazy");
  return (id) => {
    // Stays with the entries: Vite gives a page that has a backend another file where what imports later is in that of the client.
    if (id === loads) return "load";
    // Apart from the backend: in Node it has the parts at hand that stand on that, and neither could begin before the other.
    if (id === loadsOfBackend) return "backend-load";
    // Its own helpers belong to what everybody loads, as does what is small and wanted everywhere: Vite would make two files of one for it.
    if (id.startsWith("\0") || id === wantedEverywhere || client.has(id)) return "client";
    const [user, ...others] = ofClient.filter(({ modules }) => modules.has(id));
    if (user !== undefined && others.length > 0) return "common-lazy";
    const later = ofBackend.filter(({ modules }) => modules.has(id)).map(({ name }) => name);
    // Parts of the same name are loaded at the same time.
    if (user !== undefined && (backend.has(id) || later.includes(user.name))) return `common-${user.name}`;
    // Apart from that: a backend would load with it at once what it needs later, if at all.
    if (user !== undefined && later.length > 0) return `common-later-${user.name}`;
    return backend.has(id) ? "backend" : null;
  };
}

async function write(input: Readonly<Record<string, string>>, format: "esm" | "cjs"): Promise<void> {
  const extension = format === "esm" ? "js" : "cjs";
  const bundle = await rolldown({ ...settings, input });
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
      groups: [{ name: file, debugName: "files" }],
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

const file = await fileOf();

await write(modules, "esm");
chmodSync(join(root, "dist/cli.js"), 0o755);
await write({ ...entry, ...byRuntime }, "cjs");
