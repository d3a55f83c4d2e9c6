import { basename, join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import { root } from "../lib/workspace.js";

/**
 * What a page loads when it is asked for would be inside a single script for nothing: these stand in the place of parts
 * that the addon never asks for.
 */
const instead: readonly (readonly [part: string, other: string])[] = [
  ["mock-server/desk/documents.ts", "scripts/godot/instead/documents.ts"],
  ["mock-server/desk/late-code.ts", "scripts/godot/instead/late-code.ts"],
  ["src/realtime/core.ts", "scripts/godot/instead/core.ts"],
];

const withoutUnused: Plugin = {
  name: "without-unused",
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
    plugins: [withoutUnused],
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error("esbuild wrote no script.");
  return Buffer.from(file.contents);
}
