// A program that has the package both by require and as a module, as one does whose own dependencies use it.
const required = require("oligarchy-agentvm");

import("oligarchy-agentvm").then(async (imported) => {
  const error = await new required.AgentVM({ endpoint: "http://127.0.0.1:9", retries: 0 }).system
    .health()
    .catch((thrown) => thrown);
  const { NetworkError, TimeoutError, AgentVMError } = imported;
  console.log(
    NetworkError === required.NetworkError,
    error instanceof NetworkError,
    error instanceof AgentVMError,
    error instanceof TimeoutError,
  );
});
