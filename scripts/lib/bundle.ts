import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import type { Plugin } from "vite";
import { root } from "./workspace.js";

/** One written file of a bundle. */
export interface Chunk {
  readonly name: string;
  readonly bytes: number;
  /** Bytes after gzip, level 9. */
  readonly gzip: number;
  /** Its program text. */
  readonly code: string;
}

/** What a page would load for a program. */
export interface Bundle {
  /** Loaded at once. */
  readonly eager: readonly Chunk[];
  /** Loaded only when the program asks. */
  readonly lazy: readonly Chunk[];
  /** Modules that a page cannot have: Node built-ins and `ws`. */
  readonly nodeModules: readonly string[];
  /** Files that the bundle is made of, eager and lazy ones. */
  readonly modules: readonly string[];
}

/** Bytes after gzip, level 9, which is how every budget here is counted. */
export function gzipBytes(contents: Uint8Array): number {
  return gzipSync(contents, { level: 9 }).byteLength;
}

/** The gzipped bytes that a page loads at once. */
export function eagerBytes(bundle: Bundle): number {
  return bundle.eager.reduce((sum, chunk) => sum + chunk.gzip, 0);
}

/** The program's own module, which is in no file. */
const PROGRAM = "/program.js";

/** Finds what a page cannot have, and hands the program in. */
function programOf(contents: string, found: Set<string>): Plugin {
  return {
    name: "program",
    enforce: "pre",
    async resolveId(source, importer, options) {
      if (source === PROGRAM) return PROGRAM;
      // The program stands in the root, so that its imports are looked up from there.
      const from = importer === PROGRAM ? join(root, "program.js") : importer;
      const answer = await this.resolve(source, from, { ...options, skipSelf: true });
      // Vite puts an empty module in the place of Node's, unless a package's "browser" field names another.
      const forNode =
        answer === null || /browser-external|node_modules\/ws\//.test(answer.id) || answer.external !== false;
      if (forNode) found.add(source);
      return answer;
    },
    load: (id) => (id === PROGRAM ? contents : null),
  };
}

/** Bundles a small program for a page, as a web game's bundler does with its own settings. */
export async function bundleForPage(program: string): Promise<Bundle> {
  const found = new Set<string>();
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "silent",
    plugins: [programOf(program, found)],
    build: { write: false, target: "es2022", modulePreload: false, rolldownOptions: { input: PROGRAM } },
  });
  const outputs = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunks = new Map(outputs.flatMap((one) => (one.type === "chunk" ? [[one.fileName, one]] : [])));

  const eagerNames = new Set<string>();
  const visit = (name: string): void => {
    if (eagerNames.has(name)) return;
    eagerNames.add(name);
    for (const imported of chunks.get(name)?.imports ?? []) visit(imported);
  };
  for (const [name, chunk] of chunks) if (chunk.isEntry) visit(name);

  const eager: Chunk[] = [];
  const lazy: Chunk[] = [];
  for (const [fileName, { code }] of chunks) {
    const contents = Buffer.from(code);
    const chunk = { name: basename(fileName), bytes: contents.byteLength, gzip: gzipBytes(contents), code };
    (eagerNames.has(fileName) ? eager : lazy).push(chunk);
  }
  const modules = [...chunks.values()].flatMap(({ moduleIds }) => moduleIds);
  return { eager, lazy, nodeModules: [...found].sort(), modules };
}
