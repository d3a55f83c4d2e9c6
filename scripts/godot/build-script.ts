import { join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { root } from "../lib/workspace.js";

/** The documents of `/docs` are for people at a browser's address bar, which leads to no backend inside a game. */
const withoutDocuments: Plugin = {
  name: "without-documents",
  setup(building) {
    building.onLoad({ filter: /[\\/]mock-server[\\/]generated[\\/]\w+\.[jt]s$/ }, () => ({
      contents: 'export const text = "{}";',
      loader: "js",
    }));
  },
};

/** The classic script that a Godot web export loads: SDK, embedded backend and facade, whole and minified. */
export async function buildGodotScript(): Promise<Buffer> {
  const built = await build({
    entryPoints: [join(root, "mock-server/godot.ts")],
    absWorkingDir: root,
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [withoutDocuments],
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no script.");
  return Buffer.from(file.contents);
}
