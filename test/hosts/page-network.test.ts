import { describe, expect, it } from "vitest";
import { createPageNetwork } from "../../mock-server/hosts/in-page/page-network.js";
import { createMockBackend } from "../../mock-server/index.js";
import { DIRECT } from "../../src/contract/index.js";
import { AgentVM } from "../../src/slim.js";

type Load = () => Promise<typeof import("../../mock-server/lazy/seldom.js")>;

const whole: Load = () => import("../../mock-server/lazy/seldom.js");
const origin = "http://agentvm.localhost";

/** A page whose HTTP code comes as the test says. */
function createSlowPage(load: Load) {
  const backend = createMockBackend({ seed: 1, clock: "manual" });
  const network = createPageNetwork({
    desk: backend.desk,
    origin,
    corsOrigins: undefined,
    closed: () => backend.closed,
    load,
  });
  return { backend, network };
}

describe("HTTP's code in a page", () => {
  it("is loaded once, for calls that come at the same time too", async () => {
    let loads = 0;
    const { backend, network } = createSlowPage(() => {
      loads += 1;
      return whole();
    });
    const answers = await Promise.all([network.fetch(`${origin}/health`), network.fetch(`${origin}/health`)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await network.fetch(`${origin}/health`)).status).toBe(200);
    expect(loads).toBe(1);
    backend.close();
  });

  it("lets a call fail as on a dead network where it cannot be loaded, and is asked for again", async () => {
    let loads = 0;
    const { backend, network } = createSlowPage(() => {
      loads += 1;
      return loads === 1 ? Promise.reject(new TypeError("404")) : whole();
    });
    await expect(network.fetch(`${origin}/health`)).rejects.toThrow(/^fetch failed: The code of HTTP .*404/);
    expect((await network.fetch(`${origin}/health`)).status).toBe(200);
    backend.close();
  });

  it("is not needed by an SDK in the same page", async () => {
    const backend = createMockBackend({ seed: 1, clock: "manual" });
    const { fetch, ...connection } = backend.connection();
    const short = Object.assign(() => Promise.reject(new TypeError("The long way was taken.")), {
      [DIRECT]: fetch[DIRECT],
    });
    const agentvm = new AgentVM({ ...connection, fetch: short, events: false });
    await agentvm.connect({ game_name: "My game" });
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
    backend.clock.advance(60_000);
    let text = "";
    for await (const line of agentvm.tasks.output(task.id)) if ("text" in line) text += line.text;
    expect(text).toContain("[simulated]");
    await agentvm.close();
    backend.close();
  });

  it("and the shorter way give the same answer", async () => {
    const answers = [];
    for (const way of ["short", "long"]) {
      const backend = createMockBackend({ seed: 1, clock: "manual" });
      const { fetch, ...connection } = backend.connection();
      const agentvm = new AgentVM({
        ...connection,
        fetch: way === "short" ? fetch : (input, init) => fetch(input, init),
        events: false,
      });
      const { game_id } = await agentvm.connect({ game_name: "My game" });
      await agentvm.agents.create("aider");
      const error = await agentvm.agents.get("agent_none").catch((thrown: unknown) => thrown);
      answers.push({ game_id, list: await agentvm.agents.list({ limit: 1 }), error });
      await agentvm.close();
      backend.close();
    }
    expect(answers[0]).toEqual(answers[1]);
  });
});
