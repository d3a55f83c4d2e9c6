import { basename, join } from "node:path";
import { build } from "esbuild";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { minify } from "terser";
import { targets } from "./targets.js";
import { root } from "./workspace.js";

const settings = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  minify: true,
  platform: "browser",
  target: targets,
  charset: "ascii",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
} as const satisfies BuildOptions;

/** Bundles an entry as one classic script for a page: whole, minified, with nothing to load later. */
export function buildClassicScript(entry: string): Promise<Buffer> {
  return classicScript({ ...settings, entryPoints: [join(root, entry)] });
}

/** Where in a page scripts that were built together find what an earlier one has. */
export const PARTS = "oligarchy-agentvm.parts";

/**
 * Bundles entries as classic scripts of which a page loads the first, and the others behind it, in this order, where they are wanted.
 * What an earlier one has, a later one takes from it and does not bring again.
 */
export async function buildClassicScripts(entries: readonly string[]): Promise<readonly Buffer[]> {
  const modules = await buildModules(entries);
  const scripts: Buffer[] = [];
  const before = new Set<string>();
  for (const entry of modules.entries) {
    const own = [...withImports(entry, modules)].filter((name) => !before.has(name));
    scripts.push(
      await classicScript({
        ...settings,
        stdin: {
          contents: own.map((name) => `import "./${name === entry ? name : HANDED + name}";`).join("\n"),
        },
        plugins: [partsOf(modules, before)],
      }),
    );
    for (const name of own) before.add(name);
  }
  return scripts;
}

async function classicScript(options: BuildOptions & typeof settings): Promise<Buffer> {
  const { outputFiles } = await build({ ...options, format: "iife" });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no script.");
  // Terser looks further than esbuild: what is used once goes to where it is used.
  const { code } = await minify(file.text, {
    ecma: 2020,
    compress: { passes: 2, pure_getters: true },
    format: { ascii_only: true },
  });
  if (code === undefined) throw new Error("terser wrote no script.");
  return Buffer.from(`${code}\n`);
}

/** Modules by their names; that of what several entries have in common says what is in it, so no other build has the same. */
interface Modules {
  readonly entries: readonly string[];
  readonly files: ReadonlyMap<
    string,
    { readonly text: string; readonly imports: readonly string[]; readonly exports: readonly string[] }
  >;
}

async function buildModules(entries: readonly string[]): Promise<Modules> {
  const { outputFiles, metafile } = await build({
    ...settings,
    entryPoints: entries.map((entry) => join(root, entry)),
    outdir: root,
    format: "esm",
    splitting: true,
    metafile: true,
  });
  const written: Metafile["outputs"][string][] = Object.values(metafile.outputs);
  const files = outputFiles.map(({ path, text }, place) => {
    const { imports = [], exports = [] } = written[place] ?? {};
    return [basename(path), { text, imports: imports.map((one) => basename(one.path)), exports }] as const;
  });
  return { entries: entries.map((entry) => basename(entry).replace(/\.ts$/, ".js")), files: new Map(files) };
}

function withImports(name: string, modules: Modules, found = new Set([name])): ReadonlySet<string> {
  for (const one of modules.files.get(name)?.imports ?? [])
    if (!found.has(one)) withImports(one, modules, found.add(one));
  return found;
}

/** Before the name of a module: that module, handed to the scripts behind. */
const HANDED = "handed/";

/** Finds the modules; those of the scripts before in the page. */
function partsOf({ files }: Modules, before: ReadonlySet<string>): Plugin {
  const contentsOf = (path: string): string => {
    const name = path.replace(HANDED, "");
    const { text = "", exports = [] } = files.get(name) ?? {};
    const names = `{${exports.join()}}`;
    const part = `["${name}"]`;
    if (path !== name)
      return `import ${names} from "./${name}"; (globalThis[Symbol.for("${PARTS}")] ??= {})${part} ??= ${names};`;
    if (!before.has(name)) return text;
    return `const part = globalThis[Symbol.for("${PARTS}")]?.${part};
if (part === undefined) throw new Error("This script and the one before it are of different builds. Export again, and load the page anew.");
export const ${names} = part;`;
  };
  return {
    name: "parts",
    setup(one) {
      one.onResolve({ filter: /^\.\// }, ({ path }) => ({ path: path.slice(2), namespace: "parts" }));
      one.onLoad({ filter: /./, namespace: "parts" }, ({ path }) => ({ contents: contentsOf(path) }));
    },
  };
}
