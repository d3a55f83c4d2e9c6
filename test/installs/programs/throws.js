// An error that nobody catches: what Node prints of it is all that its reader has.
import { AgentVM } from "oligarchy-agentvm";

new AgentVM({ endpoint: "nowhere" });
