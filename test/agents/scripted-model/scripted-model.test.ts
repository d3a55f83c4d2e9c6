import { afterEach, expect, it } from "vitest";
import { startScriptedModel } from "../../../server/src/scripted-model/index.js";
import type { ScriptedModel } from "../../../server/src/scripted-model/index.js";
import { scenariosOf } from "../support/scenarios.js";

const opened: ScriptedModel[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((model) => model.close()));
});

async function start(yaml: string): Promise<ScriptedModel> {
  const model = await startScriptedModel(scenariosOf(yaml));
  opened.push(model);
  return model;
}

const WRITE = { name: "Write", input_schema: { properties: { file_path: {}, content: {} } } };

function ask(model: ScriptedModel, prompt: string, more: object = {}): Promise<Response> {
  return fetch(`${model.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": "sk-ant-planted-1", authorization: "Bearer planted-2" },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: prompt }], ...more }),
  });
}

it("answers whole where no stream is wanted", async () => {
  const model = await start("[{ steps: [{ say: Hello. }, { usage: { input: 7, output: 3 } }] }]");
  const response = await ask(model, "hi");
  expect(await response.json()).toMatchObject({
    content: [{ type: "text", text: "Hello." }],
    stop_reason: "end_turn",
    usage: { input_tokens: 7, output_tokens: 3 },
  });
});

it("says which scenarios there are where none fits the prompt", async () => {
  const model = await start("[{ name: jump, prompt: jump, steps: [] }]");
  const { content } = await (await ask(model, "something else")).json();
  expect(content[0].text).toBe(
    'This is a scripted model, and none of its scenarios fits the prompt "something else". It has: jump.',
  );
});

it("refuses a step for which the agent offers no tool, and names those that it offers", async () => {
  const model = await start("[{ name: jump, steps: [{ run: ls }] }]");
  const response = await ask(model, "hi", { tools: [WRITE] });
  expect(response.status).toBe(400);
  const { error } = await response.json();
  expect(error.message).toBe(
    "The scenario jump has a step run, and the agent offers no tool for it. It offers: Write.",
  );
});

it("goes another way where a tool was denied", async () => {
  const model = await start(`
- steps:
  - write: { path: a.txt, content: hi }
    otherwise: [{ say: I may not. }]
  - say: Written.
`);
  const messages = [
    { role: "user", content: "hi" },
    { role: "assistant", content: [{ type: "tool_use", id: "1", name: "Write", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "1", is_error: true, content: "no" }] },
  ];
  const { content } = await (await ask(model, "hi", { messages, tools: [WRITE] })).json();
  expect(content[0].text).toBe("I may not.");
});

it("fails as often as it is to, and then goes on", async () => {
  const model = await start(
    "[{ steps: [{ fail: { status: 529, times: 2, retry_after: 3 } }, { say: Hi. }] }]",
  );
  const responses = [await ask(model, "hi"), await ask(model, "hi"), await ask(model, "hi")];
  expect(responses.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
    [529, "3"],
    [529, "3"],
    [200, null],
  ]);
});

it("says as many bytes as it is to", async () => {
  const model = await start("[{ steps: [{ flood: 1000000 }] }]");
  const { content } = await (await ask(model, "hi")).json();
  expect(content[0].text).toHaveLength(1_000_000);
});

it("breaks an answer off in the middle", async () => {
  const model = await start("[{ steps: [{ say: Half }, { cut: true }] }]");
  const response = await ask(model, "hi", { stream: true });
  await expect(response.text()).rejects.toThrow();
});

it("keeps calls for tests to look at, without their keys", async () => {
  const model = await start("[{ name: jump, steps: [] }]");
  await ask(model, "hi");
  expect(model.requests).toMatchObject([
    { path: "/v1/messages", scenario: "jump", call: { prompts: ["hi"] } },
  ]);
  expect(JSON.stringify(model.requests)).not.toContain("planted");
});

it.each([
  ["no JSON", "{"],
  ["no call", "[]"],
])("says so of a body that is %s", async (_, body) => {
  const model = await start("[{ steps: [] }]");
  const response = await fetch(`${model.url}/v1/messages`, { method: "POST", body });
  expect([response.status, await response.json()]).toEqual([
    400,
    { type: "error", error: { type: "invalid_request_error", message: "The body is no call of anthropic." } },
  ]);
});
