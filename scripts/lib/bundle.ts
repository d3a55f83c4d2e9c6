import { builtinModules } from "node:module";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { root } from "./workspace.js";

/** One written file of a bundle. */
export interface Chunk {
  readonly name: string;
  readonly bytes: number;
  /** Bytes after gzip, level 9. */
  readonly gzip: number;
}

/** What a page would load for a program. */
export interface Bundle {
  /** Loaded at once. */
  readonly eager: readonly Chunk[];
  /** Loaded only when the program asks. */
  readonly lazy: readonly Chunk[];
  /** Modules that a page cannot have: Node built-ins and `ws`. */
  readonly nodeModules: readonly string[];
}

/** Bytes after gzip, level 9, which is how every budget here is counted. */
export function gzipBytes(contents: Uint8Array): number {
  return gzipSync(contents, { level: 9 }).byteLength;
}

/** The gzipped bytes that a page loads at once. */
export function eagerBytes(bundle: Bundle): number {
  return bundle.eager.reduce((sum, chunk) => sum + chunk.gzip, 0);
}

/** Names that only Node answers, with and without `node:`. */
const nodeOnly = new RegExp(
  `^(?:node:.*|ws|(?:${builtinModules.map((name) => name.replace(/[/.]/g, "\\$&")).join("|")}))$`,
);

/** Bundles a small program for a page, as a bundler with default settings would. */
export async function bundleForPage(program: string): Promise<Bundle> {
  const found = new Set<string>();
  const watchForNode: Plugin = {
    name: "watch-for-node",
    setup(building) {
      building.onResolve({ filter: nodeOnly }, async (asked) => {
        if (asked.pluginData === "seen") return undefined;
        const { path, importer, resolveDir, kind } = asked;
        const answer = await building.resolve(path, { importer, resolveDir, kind, pluginData: "seen" });
        // A package's "browser" field may put an empty module, or one of its own, in the place of Node's.
        const replaced =
          answer.errors.length === 0 && !answer.external && !/node_modules\/ws\//.test(answer.path);
        if (replaced) return undefined;
        found.add(path);
        return { path, external: true };
      });
    },
  };
  const built = await build({
    stdin: { contents: program, resolveDir: root, sourcefile: "program.js", loader: "js" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: "out",
    write: false,
    metafile: true,
    legalComments: "none",
    logLevel: "silent",
    plugins: [watchForNode],
  });

  const outputs = built.metafile.outputs;
  const eagerNames = new Set<string>();
  const visit = (name: string): void => {
    if (eagerNames.has(name)) return;
    eagerNames.add(name);
    for (const imported of outputs[name]?.imports ?? []) {
      if (imported.kind === "import-statement" && imported.external !== true) visit(imported.path);
    }
  };
  for (const [name, output] of Object.entries(outputs)) if (output.entryPoint === "program.js") visit(name);

  const eager: Chunk[] = [];
  const lazy: Chunk[] = [];
  for (const file of built.outputFiles) {
    const name = basename(file.path);
    const chunk = { name, bytes: file.contents.byteLength, gzip: gzipBytes(file.contents) };
    (eagerNames.has(`out/${name}`) ? eager : lazy).push(chunk);
  }
  return { eager, lazy, nodeModules: [...found].sort() };
}
