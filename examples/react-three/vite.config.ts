import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // three is what it is.
  build: { target: "es2022", chunkSizeWarningLimit: 1_500 },
});
