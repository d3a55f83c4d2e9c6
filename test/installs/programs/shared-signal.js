// Many calls at once that one signal may end, as of a screen that is left.
import { getEventListeners } from "node:events";

const [, , entry, endpoint] = process.argv;
const { AgentVM } = await import(entry);

const warnings = [];
process.on("warning", ({ message }) => warnings.push(message));

const agentvm = new AgentVM({ endpoint, apiKey: "development-key", batching: false });
const left = new AbortController();
let listeners = 0;
const count = () => (listeners = Math.max(listeners, getEventListeners(left.signal, "abort").length));
const calls = Array.from({ length: 60 }, () => {
  const call = agentvm.system.health({ signal: left.signal });
  count();
  return call;
});
const counting = setInterval(count, 1);
const answers = await Promise.all(calls);
clearInterval(counting);
await agentvm.close();
const after = getEventListeners(left.signal, "abort").length;
console.log(
  [`${answers.length} answers, ${listeners} listener, ${after} afterwards`, ...warnings].join("; "),
);
