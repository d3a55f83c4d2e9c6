import { join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";
import { targets } from "./targets.js";
import { root } from "./workspace.js";

/** Bundles an entry as one classic script for a page: whole, minified, with nothing to load later. */
export async function buildClassicScript(entry: string): Promise<Buffer> {
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
  });
  const [file] = built.outputFiles;
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
