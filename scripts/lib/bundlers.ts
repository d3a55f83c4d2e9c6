import { join } from "node:path";
import { build as buildWithEsbuild } from "esbuild";
import { build as buildWithVite } from "vite";
import webpackOf from "webpack";

/** Builds `entry` of a project for pages into a folder that a site can serve; the page loads `main.js`. */
export type Bundler = (folder: string, entry: string, into: string) => Promise<void>;

/** Vite, with its own settings. */
export const vite: Bundler = async (folder, entry, into) => {
  await buildWithVite({
    root: folder,
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      outDir: into,
      emptyOutDir: false,
      target: "es2022",
      rolldownOptions: { input: join(folder, entry), output: { entryFileNames: "main.js" } },
    },
  });
};

/** Esbuild, splitting, as its documentation says for pages. */
export const esbuild: Bundler = async (folder, entry, into) => {
  await buildWithEsbuild({
    absWorkingDir: folder,
    entryPoints: { main: entry },
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target: "es2022",
    outdir: into,
  });
};

/** Webpack, with its own settings for production. */
export const webpack: Bundler = async (folder, entry, into) => {
  await new Promise<void>((resolve, reject) => {
    webpackOf(
      {
        mode: "production",
        context: folder,
        entry: { main: `./${entry}` },
        output: { path: into, filename: "[name].js", publicPath: "auto" },
        performance: false,
      },
      (error, stats) => {
        if (error !== null) reject(error);
        else if (stats?.hasErrors() === true) reject(new Error(stats.toString("errors-only")));
        else resolve();
      },
    );
  });
};
