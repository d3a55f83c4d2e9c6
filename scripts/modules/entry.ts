/** The public modules by the name of their file in dist, and where each begins. */
export const entry = {
  index: "src/index.ts",
  slim: "src/slim.ts",
  mock: "mock-server/index.ts",
  "mock/node": "mock-server/node.ts",
  "mock/msw": "mock-server/msw.ts",
  "mock/console": "mock-server/console.ts",
  testing: "mock-server/testing.ts",
  worker: "src/worker.ts",
  react: "src/react.ts",
  config: "src/config/index.ts",
  contract: "src/contract.ts",
};
