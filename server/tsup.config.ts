import { defineConfig } from "tsup";

export default defineConfig({
  // The program that hooks call is a file of its own, which needs nothing beside it.
  entry: { index: "src/index.ts", hook: "src/watch/claude/hook.ts" },
  format: ["esm"],
  target: "node20",
  platform: "node",
  clean: true,
  dts: { entry: { index: "src/index.ts" } },
  sourcemap: false,
});
