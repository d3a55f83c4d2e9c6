// Run as a process of its own: reconnects 200 times, closes, and tells what the process holds before and after.
import { AgentVM } from "../../../src/slim.js";
import type { StreamEvent } from "../../../src/slim.js";
import { wsSocket } from "../behaviour/live-host.js";
import { FaultProxy } from "./fault-proxy.js";

const LIVES = 200;
const endpoint = new URL(process.env["SERVER_URL"] ?? "");

/** What holds a process open, and who listens to it and to its abort signals. */
function counts(signal: AbortSignal): Record<string, number> {
  const resources = process.getActiveResourcesInfo();
  const of = (kind: RegExp): number => resources.filter((name) => kind.test(name)).length;
  return {
    timers: of(/Timeout|Immediate/),
    sockets: of(/TCPSocket|TLS|Pipe(?!Wrap)/),
    servers: of(/TCPServer/),
    listenersOfProcess: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    listenersOfSignal: listenersOf(signal),
    listenersOfScope,
  };
}

let listenersOfScope = 0;
const added = new Map<AbortSignal, number>();

function listenersOf(signal: AbortSignal): number {
  return added.get(signal) ?? 0;
}

/** Counts who listens to a signal: Node does not tell. */
function counted(signal: AbortSignal): AbortSignal {
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  const held = new Set<unknown>();
  const note = (): void => {
    added.set(signal, held.size);
  };
  Reflect.set(signal, "addEventListener", (type: string, listener: () => void) => {
    held.add(listener);
    note();
    add(type, listener);
  });
  Reflect.set(signal, "removeEventListener", (type: string, listener: () => void) => {
    held.delete(listener);
    note();
    remove(type, listener);
  });
  return signal;
}

// A page's own moments, which Node has none of: the client listens to them while its stream is open.
Reflect.set(globalThis, "addEventListener", () => (listenersOfScope += 1));
Reflect.set(globalThis, "removeEventListener", () => (listenersOfScope -= 1));

const network = new FaultProxy(Math.random, () => Number(endpoint.port));
network.calm();
const port = await network.listen();
const signal = counted(new AbortController().signal);

/** Lets sockets close and their events be told, until what is held stays the same. */
async function settle(): Promise<void> {
  let last = "";
  for (let same = 0; same < 5;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = process.getActiveResourcesInfo().sort().join();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

await settle();
const before = counts(signal);

let lives = 0;
const agentvm = new AgentVM({
  endpoint: endpoint.origin,
  apiKey: "development-key",
  // Only the stream is cut: calls go straight to the server.
  WebSocket: class extends wsSocket {
    constructor() {
      super(`ws://127.0.0.1:${port}/ws`);
    }
  },
  random: () => Math.random() * 0.001,
});
const told: StreamEvent[] = [];
agentvm.on("*", (event) => told.push(event), { signal });
const reader = agentvm.events({ signal });
const done = new Promise<void>((resolve) => {
  agentvm.on("connection", ({ current }) => {
    if (current.status !== "live") return;
    lives += 1;
    if (lives > LIVES) resolve();
    // Work in the midst of it: a follower, a view and a command at each turn.
    else setImmediate(() => network.cutAll());
  });
});
await agentvm.connect();
const live = agentvm.agents.live();
const agent = await agentvm.agents.create("aider");
const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
const result = task.result({ signal }).catch(() => undefined);
live.subscribe(() => undefined);
await done;
await reader.next();
const during = counts(signal);
await agentvm.close();
await result;
network.cutAll();
await settle();
const after = counts(signal);
await network.close();
process.stdout.write(JSON.stringify({ lives, counts: { before, during, after } }));
