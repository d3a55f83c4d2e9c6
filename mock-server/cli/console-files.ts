import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConsoleFiles } from "../console/server/console-front.js";

/** Where the built console is in this package. */
const CONSOLE = "dist/console";

/**
 * The console that this package brings along; null where it was not built, as in a fresh clone. Its folder is looked for upwards,
 * since a build lies elsewhere than the source.
 */
export function packagedConsole(from: string = dirname(fileURLToPath(import.meta.url))): ConsoleFiles | null {
  const folder = join(from, CONSOLE);
  if (existsSync(join(folder, "index.html"))) {
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  }
  const above = dirname(from);
  return above === from ? null : packagedConsole(above);
}
