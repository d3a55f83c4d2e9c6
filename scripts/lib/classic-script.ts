import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { minify } from "terser";
import { targets } from "./targets.js";
import { root } from "./workspace.js";

/** A part of the sources, and the file that stands in its place in a script that has no use for the part. */
export type Instead = readonly (readonly [part: string, other: string])[];

/** Puts files in the place of parts. */
function partsInstead(instead: Instead): Plugin {
  return {
    name: "parts-instead",
    setup(building) {
      const replaced = new Set<string>();
      for (const [part, other] of instead) {
        const name = basename(part, ".ts");
        building.onResolve({ filter: new RegExp(`/${name}\\.js$`) }, ({ path, resolveDir, importer }) => {
          const wanted = join(resolveDir, path).replace(/\.js$/, ".ts");
          if (wanted !== join(root, part) || importer === join(root, other)) return undefined;
          replaced.add(part);
          return { path: join(root, other) };
        });
      }
      building.onEnd(() => {
        const left = instead.filter(([part]) => !replaced.has(part));
        // A part that was moved would come back into the script unseen.
        return {
          errors: left.map(([part]) => ({ text: `Nothing imports ${part} any more: correct this list.` })),
        };
      });
    },
  };
}

const LATE_IMPORT = /(?<!typeof )\bimport\(("[^"]+")\)/g;

/**
 * Imports at once what is loaded later elsewhere: in one file there is nothing to load, and the bundler's way of keeping a part
 * for later inside a file costs a twentieth of it.
 */
const nothingLater: Plugin = {
  name: "nothing-later",
  setup(building) {
    building.onLoad({ filter: /\/(?:src|mock-server)\/.*\.ts$/ }, ({ path }) => {
      const imports: string[] = [];
      const contents = readFileSync(path, "utf8").replace(LATE_IMPORT, (_whole, from: string) => {
        imports.push(`import * as later${imports.length} from ${from};\n`);
        return `Promise.resolve(later${imports.length - 1})`;
      });
      return { contents: imports.join("") + contents, loader: "ts", resolveDir: dirname(path) };
    });
  },
};

/** Bundles an entry as one classic script for a page: whole, minified, with nothing to load later. */
export async function buildClassicScript(entry: string, instead: Instead): Promise<Buffer> {
  const built = await build({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: targets,
    charset: "ascii",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [partsInstead(instead), nothingLater],
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no script.");
  // Terser looks further than esbuild: what is used once goes to where it is used.
  const { code } = await minify(file.text, {
    ecma: 2020,
    compress: { passes: 2 },
    format: { ascii_only: true },
  });
  if (code === undefined) throw new Error("terser wrote no script.");
  return Buffer.from(`${code}\n`);
}
