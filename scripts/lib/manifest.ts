import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { root } from "./workspace.js";

const side = z.object({ types: z.string(), default: z.string() });
const exported = z.union([z.string(), z.object({ import: side, require: side })]);

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()),
  exports: z.record(z.string(), exported),
  dependencies: z.record(z.string(), z.string()),
});

/** What the scripts read of package.json. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Reads a package.json and checks its form. */
export function readManifest(folder: string = root): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
}

/** One module that users import, with the files that answer. */
export interface Entry {
  /** What a user types: `oligarchy-agentvm/slim`. */
  readonly specifier: string;
  readonly import: { readonly types: string; readonly default: string };
  readonly require: { readonly types: string; readonly default: string };
}

/** The modules of the exports map; plain files such as `./package.json` are not among them. */
export function entriesOf(manifest: Manifest): readonly Entry[] {
  return Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === "string"
      ? []
      : [{ specifier: manifest.name + path.slice(1), import: target.import, require: target.require }],
  );
}
