import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../scripts/lib/workspace.js";
import { later, startTomorrowServer } from "./tomorrow-server.js";
import type { TomorrowServer } from "./tomorrow-server.js";

type Sdk = typeof import("../../src/index.js");

/** An entry of the package as it was built. */
function built(entry: string): Promise<Sdk> {
  return import(pathToFileURL(join(root, "dist", `${entry}.js`)).href);
}

describe.each(["index", "slim"])("the built client (%s) at a server of tomorrow", (entry) => {
  let server: TomorrowServer;
  let sdk: Sdk;
  let agentvm: InstanceType<Sdk["AgentVM"]>;
  let errors: unknown[];

  beforeEach(async () => {
    server = await startTomorrowServer();
    sdk = await built(entry);
    agentvm = new sdk.AgentVM({ endpoint: server.url, apiKey: "development-key", retries: 0 });
    errors = [];
    agentvm.on("error", (error) => errors.push(error));
  });

  afterEach(async () => {
    await agentvm.close();
    await server[Symbol.asyncDispose]();
  });

  it("keeps states and statuses that it does not know, in answers", async () => {
    const agent = await agentvm.agents.create("aider");
    expect(agent.state).toBe(later("idle"));
    expect((await agentvm.agents.get(agent.id)).state).toBe(later("idle"));
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
    const told = await agentvm.tasks.get(task.id);
    expect(told.status).toMatch(/^later_|^completed$|^failed$/);
    expect(told.work).toBe("later_simulated");
    expect((await agentvm.system.health()).status).toBe(later("healthy"));
    expect((await agentvm.system.status()).agents_by_state).toHaveProperty(later("coding"));
  });

  it("keeps kinds of questions that it does not know, and can answer them", async () => {
    const agent = await agentvm.agents.create("aider");
    const { id: agent_id } = agent;
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id, task_type: "asking" });
    const asked: unknown[] = [];
    for await (const question of task.questions()) {
      asked.push(question.kind);
      expect((await agentvm.agents.get(agent_id)).state).toBe(later("waiting"));
      await task.answer({ choice: question.options[0]?.id });
    }
    expect(asked).toEqual([later("choice")]);
    expect((await task.result()).output).toBe("red by player\n");
  });

  it("keeps what became of changes in words that it does not know", async () => {
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", task_type: "changing" });
    await agentvm.agents.create("aider");
    expect((await task.result()).changes).toMatchObject({
      review: later("open"),
      files: [{ path: "player.ts", status: later("modified") }],
    });
    expect(await task.accept()).toMatchObject({ review: later("accepted") });
  });

  it("keeps them in events too, and tells events that it does not know to those who hear all", async () => {
    const heard: { readonly type: string; readonly data: unknown }[] = [];
    agentvm.on("*", (event) =>
      heard.push({ type: String(event.type), data: "data" in event ? event.data : null }),
    );
    await agentvm.connect();
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
    await task.result();
    expect(heard.map(({ type }) => type)).toContain("agent.dreamt");
    const states = heard.filter(({ type }) => type === "agent.state_changed");
    expect(states.length).toBeGreaterThan(2);
    for (const { data } of states) expect(data).toMatchObject({ state: expect.stringMatching(/^later_/) });
    expect(errors).toEqual([]);
  });

  it("waits through statuses that it does not know until the task has ended", async () => {
    await agentvm.connect();
    const agent = await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
    const seen = [];
    for await (const { status } of task.progress()) seen.push(status);
    expect(seen.at(-1)).toMatch(/^completed$|^failed$/);
    expect((await task.result()).success).toBe(seen.at(-1) === "completed");
  });

  it("tells errors by their kind where it does not know their code", async () => {
    const error: unknown = await agentvm.agents.get("agent_9").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(sdk.NotFoundError);
    expect(error).toMatchObject({ code: later("agent_not_found"), status: 404 });
  });

  it("comes back after a close code that it does not know", async () => {
    await agentvm.connect();
    const back = new Promise<void>((resolve) => {
      agentvm.on("connection", ({ current, previous }) => {
        if (current.status === "live" && previous.status !== "live") resolve();
      });
    });
    server.closeStreams(4499);
    await back;
    expect(agentvm.state.status).toBe("live");
  });
});
