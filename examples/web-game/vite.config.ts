import { defineConfig } from "vite";
import type { Plugin } from "vite";

/**
 * One classic script that runs once the page is there. A module would be fetched with CORS, which a sandboxed frame and a
 * file opened from a folder do not pass.
 */
const asClassicScript: Plugin = {
  name: "as-classic-script",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (html) =>
      html.replace(/<script type="module" crossorigin/g, "<script defer").replace(/ crossorigin/g, ""),
  },
};

export default defineConfig({
  base: "./",
  plugins: [asClassicScript],
  build: {
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      output: { format: "iife", codeSplitting: false },
      // A classic script has no import.meta; nothing here asks it for more than what is not there.
      transform: { define: { "import.meta": "{}" } },
    },
  },
});
