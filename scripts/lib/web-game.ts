import { join } from "node:path";
import { build } from "vite";
import { root } from "./workspace.js";

/** The folder of the example web game. */
export const webGame = join(root, "examples/web-game");

/** Builds the example web game into a folder, as {@link buildExample} does. */
export async function buildWebGame(outDir: string): Promise<void> {
  await buildExample(webGame, outDir);
}

/**
 * Builds an example into a folder, by its own settings, from the package as it stands in this repository: nothing has to be built or
 * installed before.
 */
export async function buildExample(folder: string, outDir: string): Promise<void> {
  await build({
    root: folder,
    configFile: join(folder, "vite.config.ts"),
    logLevel: "warn",
    resolve: {
      alias: {
        "oligarchy-agentvm/slim": join(root, "src/slim.ts"),
        "oligarchy-agentvm/react": join(root, "src/react.ts"),
        "oligarchy-agentvm/mock": join(root, "mock-server/index.ts"),
      },
    },
    build: { outDir, emptyOutDir: true },
  });
}
