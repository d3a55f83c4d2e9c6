import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vitest/config";

// CI reads the real numbers from a file, so that no text on the screen has to be parsed.
const report = process.env["AGENTVM_TEST_REPORT"];

/** What the server package takes from the SDK, and its source. */
const sources: Readonly<Record<string, string>> = {
  "oligarchy-agentvm": "src/index.ts",
  "oligarchy-agentvm/contract": "src/contract/index.ts",
  "oligarchy-agentvm/slim": "src/slim.ts",
  "oligarchy-agentvm/worker": "src/worker.ts",
};

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The server package imports the SDK as its users do; in tests that is the source beside it, with no build in between. */
const serverUsesSources: Plugin = {
  name: "server-uses-sources",
  enforce: "pre",
  resolveId: (id, importer) => {
    const source = sources[id];
    return source !== undefined && importer?.startsWith(pathOf("server/src/")) === true
      ? pathOf(source)
      : null;
  },
};

export default defineConfig({
  plugins: [serverUsesSources],
  test: {
    environment: "node",
    include: ["test/**/*.test.ts"],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts", "mock-server/**/*.ts"],
      exclude: ["mock-server/generated/**"],
    },
  },
});
