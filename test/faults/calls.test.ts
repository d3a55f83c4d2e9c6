import { afterEach, describe, expect, it } from "vitest";
import type { BackendOptions } from "../../mock-server/testing.js";
import { ContractError, NetworkError, ServerError } from "../../src/index.js";
import type { AgentVMError } from "../../src/index.js";
import type { CallFault } from "../../mock-server/testing.js";
import { inTime, rejectionOf, settle } from "../sdk/time.js";
import { rigs } from "./hosts.js";
import type { Rig, StartRig } from "./hosts.js";

type ErrorClass = new (...parts: never[]) => AgentVMError;

interface Broken {
  readonly what: string;
  readonly fault: CallFault;
  readonly type: ErrorClass;
  readonly code: string;
}

const broken: Broken[] = [
  { what: "a status of the contract", fault: { status: 500 }, type: ServerError, code: "internal" },
  { what: "a status of a gateway", fault: { status: 502 }, type: ServerError, code: "server_error" },
  {
    what: "a page in the place of JSON",
    fault: { answer: "html" },
    type: ContractError,
    code: "html_answer",
  },
  { what: "an empty body", fault: { answer: "empty" }, type: ContractError, code: "empty_answer" },
  {
    what: "a connection that is reset",
    fault: { answer: "reset_peer" },
    type: NetworkError,
    code: "connection_lost",
  },
  {
    what: "an answer that is cut midway",
    fault: { answer: "limit_data" },
    type: NetworkError,
    code: "connection_lost",
  },
  {
    what: "an answer that is cut before its first byte",
    fault: { answer: "limit_data", bytes: 0 },
    type: NetworkError,
    code: "connection_lost",
  },
];

function agentsOf({ backend }: Rig): number {
  return backend.engine.counts().total_agents;
}

describe.each(rigs)("faults of calls %s", (_name, start: StartRig) => {
  let rig: Rig;
  const begin = async (options?: BackendOptions): Promise<Rig> => (rig = await start(options));

  afterEach(() => rig.close());

  it("answer 503 twice, and then the call succeeds", async () => {
    const { backend, client } = await begin();
    const agentvm = client();
    const fault = backend.faults.add({ route: "taskAssign", status: 503, times: 2 });
    const task = await inTime(backend.clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    expect([fault.used, task.id, backend.faults.list()]).toEqual([
      2,
      expect.stringMatching(/^task_/),
      [{ id: "fault_1", fault: { route: "taskAssign", status: 503, times: 2 }, used: 2, left: 0 }],
    ]);
  });

  it.each(broken)("give $what", async ({ fault, type, code }) => {
    const { backend, client } = await begin();
    const agentvm = client({ retries: 0 });
    backend.faults.add({ path: "/agents/*", ...fault });
    const error = await rejectionOf(inTime(backend.clock, agentvm.agents.create("aider")));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ code });
  });

  it("give the code that was asked for, and Retry-After", async () => {
    const { backend, endpoint, fetch } = await begin();
    backend.faults.add({ route: "agentList", code: "storage_full", retryAfter: 7 });
    const answer = await fetch(`${endpoint}/agents`, { headers: { "X-API-Key": "development-key" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([409, "7"]);
    expect(await answer.json()).toMatchObject({ success: false, code: "storage_full", detail: null });
  });

  it("come late, on the backend's clock", async () => {
    const { backend, client } = await begin();
    backend.faults.add({ route: "agentCreate", latency: 800 });
    const before = backend.clock.now();
    const agent = await inTime(backend.clock, client().agents.create("aider"));
    expect([agent.type, backend.clock.now() - before]).toEqual(["aider", 800]);
  });

  it("give no answer until the caller gives up, and nothing is done", async () => {
    const { backend, client } = await begin();
    const fault = backend.faults.add({ route: "agentCreate", answer: "timeout" });
    const caller = new AbortController();
    const call = client().agents.create("aider", { signal: caller.signal });
    while (fault.used === 0) await settle(1);
    await settle();
    caller.abort();
    expect(await rejectionOf(call)).toMatchObject({ code: "cancelled" });
    await settle();
    expect(agentsOf(rig)).toBe(0);
  });

  it("give the answer once the fault that held it up is removed", async () => {
    const { backend, client } = await begin();
    const fault = backend.faults.add({ route: "agentCreate", answer: "timeout" });
    const call = client().agents.create("aider");
    while (fault.used === 0) await settle(1);
    fault();
    expect((await inTime(backend.clock, call)).type).toBe("aider");
  });

  it("lose a call that they hold up for longer than the backend's run goes on", async () => {
    const { backend, client } = await begin();
    const fault = backend.faults.add({ route: "agentCreate", latency: 3_000 });
    const call = client({ retries: 0 }).agents.create("aider");
    while (fault.used === 0) await settle(1);
    backend.restart();
    expect(await rejectionOf(inTime(backend.clock, call))).toMatchObject({ code: "connection_lost" });
    expect(agentsOf(rig)).toBe(0);
  });

  it.each([
    { after: true, answer: "reset_peer" },
    { after: true, status: 503 },
    { after: true, answer: "empty" },
    { answer: "limit_data" },
  ] satisfies CallFault[])(
    "lose the answer of work that was done, which is not done twice: %j",
    async (fault) => {
      const { backend, client } = await begin();
      const lost = backend.faults.add({ route: "agentCreate", times: 1, ...fault });
      const agentvm = client();
      const made = inTime(backend.clock, agentvm.agents.create("aider"));
      if (fault.answer === "empty") await rejectionOf(made);
      else expect((await made).type).toBe("aider");
      expect([lost.used, agentsOf(rig)]).toEqual([1, 1]);
    },
  );

  it("strike calls that share a request each by itself", async () => {
    const { backend, client } = await begin();
    const agentvm = client({ retries: 0 });
    const fault = backend.faults.add({ route: "agentCreate", status: 503, skip: 1, times: 1 });
    const made = ["aider", "claude", "opencode"].map((type) => agentvm.agents.create(type));
    const outcomes = await inTime(backend.clock, Promise.allSettled(made));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([fault.used, agentsOf(rig)]).toEqual([1, 2]);
  });

  it("lose the answers of all that share a request, and nothing is done twice", async () => {
    const { backend, client } = await begin();
    const agentvm = client();
    const fault = backend.faults.add({ route: "agentCreate", answer: "reset_peer", after: true, times: 1 });
    const made = ["aider", "claude"].map((type) => agentvm.agents.create(type));
    expect(await inTime(backend.clock, Promise.all(made))).toHaveLength(2);
    expect([fault.used, agentsOf(rig)]).toEqual([1, 2]);
  });

  it("leave all other calls alone", async () => {
    const { backend, client } = await begin();
    const fault = backend.faults.add({ route: "taskAssign", status: 503 });
    expect((await inTime(backend.clock, client().agents.create("aider"))).type).toBe("aider");
    expect([fault.used, backend.faults.unused().map(({ id }) => id)]).toEqual([0, ["fault_1"]]);
  });
});
