// Live agents in a page that React renders on a server, as the guide says.
import { createElement, useSyncExternalStore } from "react";
import { renderToString } from "react-dom/server";
import { AgentVM } from "oligarchy-agentvm";
import { createMockBackend } from "oligarchy-agentvm/mock";

const backend = createMockBackend({ seed: 7 });
const agentvm = new AgentVM(backend.connection());
await agentvm.connect({ game_name: "Installed" });
await agentvm.agents.create({ agent_type: "aider", name: "Ada" });
const agents = agentvm.agents.live();
function Crew() {
  const crew = useSyncExternalStore(agents.subscribe, agents.getSnapshot, agents.getSnapshot);
  return createElement("p", null, crew.map(({ name }) => name).join());
}
const before = renderToString(createElement(Crew));
await agents.ready;
console.log(before, renderToString(createElement(Crew)));
await agentvm.close();
backend.close();
