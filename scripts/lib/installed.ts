import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { mustRun } from "./run.js";
import { root } from "./workspace.js";

const packedSchema = z.array(z.object({ filename: z.string() }));
const scriptsSchema = z.looseObject({ scripts: z.optional(z.record(z.string(), z.unknown())) });

/** Packs this package, or the one in a folder, as npm would publish it; answers the tarball's path. */
export function pack(into: string, folder = root): string {
  const said = mustRun("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", into], {
    cwd: folder,
  });
  const [packed] = packedSchema.parse(JSON.parse(said));
  if (packed === undefined) throw new Error("npm pack made no tarball.");
  return join(into, packed.filename);
}

/** Installs tarballs as a user would, with what they need at run time and no more. */
export function install(into: string, ...tarballs: readonly string[]): void {
  writeFileSync(
    join(into, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  mustRun(
    "npm",
    ["install", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs],
    { cwd: into },
  );
}

/** Apparent size of a file or of everything below a folder, in bytes; links are not followed. */
export function bytesBelow(path: string): number {
  const seen = lstatSync(path);
  if (!seen.isDirectory()) return seen.isFile() ? seen.size : 0;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

/** Folders of the packages below a `node_modules`, nested ones too. */
export function packagesBelow(modules: string): readonly string[] {
  return readdirSync(modules, { withFileTypes: true }).flatMap((found) => {
    if (!found.isDirectory() || found.name.startsWith(".")) return [];
    const folder = join(modules, found.name);
    if (found.name.startsWith("@")) return packagesBelow(folder);
    const inner = readdirSync(folder).includes("node_modules")
      ? packagesBelow(join(folder, "node_modules"))
      : [];
    return [folder, ...inner];
  });
}

/** The scripts that npm would run while it installs this package. */
export function installScriptsOf(folder: string): readonly string[] {
  const manifest = scriptsSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const named = ["preinstall", "install", "postinstall"].filter((name) => name in (manifest.scripts ?? {}));
  return readdirSync(folder).includes("binding.gyp") ? [...named, "node-gyp rebuild"] : named;
}
