import { describe, expect, it } from "vitest";
import { ContractError } from "../../src/index.js";
import { agentAnswer, json, scriptedFetch, someAgent, taskAnswer, text } from "./scripted-fetch.js";
import { rejectionOf } from "./time.js";
import { transports } from "./transports.js";

describe.each(transports)("an AgentVM %s, with an answer", (_name, make) => {
  const answering = (value: unknown) => make({ fetch: scriptedFetch(json(value)).fetch });

  it("that has fields it does not know, ignores them", async () => {
    const agent = { ...someAgent, position: { x: 1, y: 2, z: 3, w: 4 }, mood: "good" };
    const got = await answering({ success: true, agent, trace: "x" }).agents.get("agent_1");
    expect(got).toEqual({ ...someAgent, position: { x: 1, y: 2, z: 3 } });
  });

  it.each([
    [
      { ...agentAnswer, agent: { ...someAgent, state: 7 } },
      /^GET \/agents\/\{agent_id\}: answer\.agent\.state must be a string/,
    ],
    [
      { ...agentAnswer, agent: { ...someAgent, position: { x: 0, y: "0", z: 0 } } },
      /answer\.agent\.position\.y must be a number/,
    ],
    [
      { ...agentAnswer, agent: { ...someAgent, created_at: "yesterday" } },
      /answer\.agent\.created_at must be a UTC time/,
    ],
    [{ success: true }, /answer\.agent must be an object/],
    [{}, /answer\.success must be true/],
    [[], /answer must be an object/],
    [null, /answer must be an object/],
    ["ok", /answer must be an object/],
  ])("of another shape, says where it does not fit: %j", async (value, said) => {
    const error = await rejectionOf(answering(value).agents.get("agent_1"));
    expect(error).toBeInstanceOf(ContractError);
    expect((error as ContractError).message).toMatch(said);
    expect(error).toMatchObject({ code: "contract_mismatch", status: 200 });
  });

  it("of a list, says which of its items does not fit", async () => {
    const error = await rejectionOf(answering([someAgent, { ...someAgent, name: 7 }]).agents.list());
    expect((error as ContractError).message).toBe("GET /agents: answer.1.name must be a string.");
  });

  it("that is no list where a list belongs, says so", async () => {
    const error = await rejectionOf(answering({ agents: [] }).agents.list());
    expect((error as ContractError).message).toBe("GET /agents: answer must be an array.");
  });

  it("of a list that is a refusal, gives the refusal", async () => {
    const error = await rejectionOf(answering({ success: false, error: "Not today" }).tasks.list());
    expect(error).toMatchObject({ code: "request_failed", message: "GET /tasks: Not today" });
  });

  it("of a list whose next page is itself, ends in an error and not never", async () => {
    const { fetch, seen } = scriptedFetch(json([someAgent], 200, { "x-next-cursor": "here" }));
    const found: unknown[] = [];
    const reading = (async () => {
      for await (const agent of make({ fetch }).agents.list()) found.push(agent);
    })();
    expect(await rejectionOf(reading)).toMatchObject({
      code: "contract_mismatch",
      message: "GET /agents: x-next-cursor names the same page again.",
    });
    expect([found.length, seen.length]).toEqual([1, 2]);
  });

  it("of a list that leads on over empty pages without end, ends in an error and not never", async () => {
    let pages = 0;
    const { fetch } = scriptedFetch((request, signal) =>
      json([], 200, { "x-next-cursor": `page_${(pages += 1)}` })(request, signal),
    );
    const reading = (async () => {
      for await (const agent of make({ fetch }).agents.list()) expect(agent).toBeUndefined();
    })();
    expect(await rejectionOf(reading)).toMatchObject({ name: "ContractError", code: "endless_list" });
    expect(pages).toBe(101);
  });

  it("names no more than a few of very many misfits", async () => {
    const error = await rejectionOf(answering({ success: true, agent: {} }).agents.get("agent_1"));
    expect((error as ContractError).detail).toHaveLength(5);
  });

  it("of an error, keeps everything that the server said", async () => {
    const body = {
      success: false,
      code: "invalid_request",
      error: "The request is not valid.",
      detail: [{ loc: ["body", "prompt"], msg: "must not be blank", type: "invalid_format" }],
      request_id: "request_7",
      remediation: "Correct the fields that detail names.",
    };
    const agentvm = make({ fetch: scriptedFetch(json(body, 422)).fetch });
    expect(await rejectionOf(agentvm.tasks.assign({ prompt: "Fix the jump" }))).toMatchObject({
      name: "InvalidRequestError",
      message: "POST /tasks/assign: The request is not valid.",
      code: "invalid_request",
      status: 422,
      outcome: "rejected",
      requestId: "request_7",
      remediation: body.remediation,
      detail: body.detail,
    });
  });

  it("of an error without a request id in its body, takes the one of the header", async () => {
    const agentvm = make({ fetch: scriptedFetch(text("no", 403, { "x-request-id": "request_8" })).fetch });
    expect(await rejectionOf(agentvm.agents.list())).toMatchObject({
      name: "PermissionError",
      code: "forbidden",
      requestId: "request_8",
    });
  });

  it("of a task, gives the task with its id", async () => {
    const task = await answering(taskAnswer({ message: "Reading." })).tasks.get("task_1");
    expect(task).toMatchObject({ id: "task_1", message: "Reading." });
    expect(task).not.toHaveProperty("success");
    expect(task).not.toHaveProperty("task_id");
  });

  it("of a task, tells who works as the server does, and nothing where it does not", async () => {
    const workOf = async (work: unknown) => (await answering(taskAnswer({ work })).tasks.get("task_1")).work;
    expect(await workOf("simulated")).toBe("simulated");
    expect(await workOf("later_worker")).toBe("later_worker");
    const older = await answering(taskAnswer()).tasks.get("task_1");
    expect(older.work).toBeUndefined();
    expect(await rejectionOf(workOf(7))).toMatchObject({ message: expect.stringContaining("answer.work") });
  });

  it("of a server that tells no metadata, has an empty one", async () => {
    expect((await answering(taskAnswer({ metadata: undefined })).tasks.get("task_1")).metadata).toEqual({});
  });
});
