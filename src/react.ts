// The live world in React: `oligarchy-agentvm/react`. React is brought by whoever uses it; of the SDK nothing but types is taken.
export { AgentVMProvider } from "./react/provider.js";
export type { AgentVMProviderProps } from "./react/provider.js";
export type { Client as AgentVMClient } from "./client/client.js";
export { useAgentVM } from "./react/desk.js";
export { useAgent, useAgents, useLiveAgents } from "./react/use-agents.js";
export { useConnection } from "./react/use-connection.js";
export type { Connection } from "./react/use-connection.js";
export { useQuestion } from "./react/use-question.js";
export type { OpenQuestion } from "./react/use-question.js";
export { useTask } from "./react/use-task.js";
export type { WatchedTask } from "./react/use-task.js";
