export { AgentVM } from "./agentvm.js";
export * from "./public.js";
