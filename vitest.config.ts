import { defineConfig } from "vitest/config";

// CI reads the real numbers from a file, so that no text on the screen has to be parsed.
const report = process.env["AGENTVM_TEST_REPORT"];

export default defineConfig({
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
