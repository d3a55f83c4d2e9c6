import { defineConfig } from "tsup";
import { entry } from "./scripts/modules/entry.js";

/** Stands at the head of the types, so that they hold in a program whose `lib` does not have these, and has no types of Node's. */
const TYPES_OF_USING = '/// <reference lib="esnext.disposable" />';

// The types alone: the modules are written by scripts/modules.
export default defineConfig({
  entry,
  format: ["esm", "cjs"],
  clean: false,
  dts: { only: true, banner: TYPES_OF_USING },
});
