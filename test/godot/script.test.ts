import vm from "node:vm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { buildGodotScripts } from "../../scripts/godot/build-script.js";
import { PARTS } from "../../scripts/lib/classic-script.js";
import { PACKAGE_VERSION } from "../../src/contract/index.js";

const pushSchema = z.object({
  replies: z.array(
    z.object({ id: z.number(), value: z.optional(z.unknown()), error: z.optional(z.unknown()) }),
  ),
});

/** Runs code where the script is, as a page or a game would. */
function inPage(code: string): unknown {
  return vm.runInThisContext(code);
}

/** What a game does with the script: it calls, and hears the replies by their ids. */
function game() {
  const replies = new Map<number, unknown>();
  const waiting = new Map<number, () => void>();
  const reply = (id: number): Promise<unknown> =>
    new Promise((resolve) => {
      const look = (): void => resolve(replies.get(id));
      if (replies.has(id)) look();
      else waiting.set(id, look);
    });
  Object.assign(globalThis, {
    godotCallback: (pushed: string) => {
      for (const { id, value, error } of pushSchema.parse(JSON.parse(pushed)).replies) {
        replies.set(id, error ?? value);
        waiting.get(id)?.();
      }
    },
  });
  const call = (name: string, message: object): unknown =>
    inPage(`agentvmGodot.${name}(${JSON.stringify(JSON.stringify(message))}, godotCallback)`);
  return { reply, call };
}

const ADA = { route: "agentCreate", body: { agent_type: "aider", name: "Ada" } };

describe("the scripts for web exports", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "agentvmGodot");
    Reflect.deleteProperty(globalThis, "agentvmGodotBackend");
    Reflect.deleteProperty(globalThis, "agentvmGodotScripts");
    Reflect.deleteProperty(globalThis, Symbol.for(PARTS));
    Reflect.deleteProperty(globalThis, "godotCallback");
  });

  let text = "";
  let backend = "";
  let scripted = "";
  beforeAll(async () => {
    [text = "", backend = "", scripted = ""] = [...(await buildGodotScripts()).values()].map(String);
  });

  it("are classic ones that need no module", () => {
    for (const one of [text, backend, scripted]) {
      expect(() => new vm.Script(one)).not.toThrow();
      expect(one).not.toMatch(/\bimport\(|\brequire\(/);
    }
  });

  it("have in the first one no backend, which games with a server do without", () => {
    expect(text).not.toContain("shows no documents");
    expect(backend).toContain("shows no documents");
  });

  it("say of one that is another build's what to do", () => {
    expect(() => inPage(backend)).toThrow("Export again");
  });

  it("tell a game what to do where the backend is missing, and play once it is there", async () => {
    inPage(text);
    const { reply, call } = game();
    const start = { endpoint: "mock://", api_key: "development-key", environment: "development" };
    const options = { ...start, timeout_ms: 20_000, update_frequency: 10, game: {} };
    call("start", options);
    expect(await reply(0)).toMatchObject({
      code: "script_missing",
      message: expect.stringContaining("could not load agentvm-godot-backend.js"),
      remediation: expect.stringContaining("keep that file beside the page"),
    });
    call("stop", { client: 1 });
    inPage(backend);
    const again = game();
    again.call("start", options);
    expect(await again.reply(0)).toMatchObject({ game_id: expect.any(String) });
    again.call("stop", { client: 2 });
  });

  it("go by the scripts of a game, once their code is there", async () => {
    for (const one of [text, backend, scripted]) inPage(one);
    const { reply, call } = game();
    const start = { endpoint: "mock://?seed=7", api_key: "development-key", environment: "development" };
    const scripts = JSON.stringify({ scripts: [{ prompt: "/jump/i", output: "patched player.ts" }] });
    call("start", { ...start, scripts, timeout_ms: 20_000, update_frequency: 10, game: {} });
    await reply(0);
    const commands = [
      { id: 1, ...ADA },
      { id: 2, route: "taskAssign", body: { prompt: "Fix the JUMP" } },
    ];
    call("submit", { client: 1, commands });
    const { task_id } = z.object({ task_id: z.string() }).parse(await reply(2));
    call("submit", { client: 1, commands: [{ id: 3, route: "taskGet", params: { task_id } }] });
    expect(await reply(3)).toMatchObject({ status: "completed", work: "scripted" });
    call("stop", { client: 1 });
  });

  it.each([
    ["not JSON", "The scripts are not JSON"],
    ['{"scripts": 3}', "There is no list of scripts"],
    ['[{"takes": "long"}]', "script 1.takes must be a number"],
    ['[{"prompt": "/(/"}]', "script 1.prompt is written as a pattern"],
  ])("refuse a game's scripts that are wrong: %s", async (scripts, said) => {
    for (const one of [text, backend, scripted]) inPage(one);
    const { reply, call } = game();
    const start = { endpoint: "mock://", api_key: "development-key", environment: "development" };
    call("start", { ...start, scripts, timeout_ms: 20_000, update_frequency: 10, game: {} });
    expect(await reply(0)).toMatchObject({
      code: "invalid_endpoint",
      message: expect.stringContaining(said),
    });
    call("stop", { client: 1 });
  });

  it("hold no generated document, which only servers show", () => {
    for (const one of [text, backend]) {
      expect(one).not.toMatch(/"?(openapi|asyncapi)"?: ?\\?"3\.\d\.\d/);
      expect(one).not.toContain("<!doctype html");
    }
  });

  it("give a page one name that nobody can change, and its version", () => {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    inPage(text);
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
    expect(added).toEqual(["agentvmGodot"]);
    expect(inPage("Object.isFrozen(agentvmGodot)")).toBe(true);
    expect(inPage("agentvmGodot.version()")).toBe(PACKAGE_VERSION);
  });

  it("play a game on the backend in the page, without the calls that only servers need", async () => {
    inPage(text);
    inPage(backend);
    const { reply, call } = game();
    const options = { endpoint: "mock://?seed=7", api_key: "development-key", environment: "development" };
    const started = call("start", { ...options, timeout_ms: 20_000, update_frequency: 10, game: {} });
    expect(started).toBe('{"client":1}');
    expect(await reply(0)).toMatchObject({ game_id: expect.any(String) });
    const commands = [
      { id: 1, route: "agentCreate", body: { agent_type: "aider", name: "Ada" } },
      { id: 2, route: "metrics" },
      { id: 3, route: "batch", body: { requests: [{ id: "one", method: "GET", path: "/health" }] } },
      { id: 4, route: "tomorrow" },
    ];
    expect(call("submit", { client: 1, commands })).toBe("");
    expect(await reply(1)).toMatchObject({ agent: { name: "Ada" } });
    expect(await reply(2)).toMatchObject({ code: "unavailable" });
    expect(await reply(3)).toMatchObject({ code: "unavailable" });
    expect(await reply(4)).toMatchObject({ code: "invalid_request" });
    expect(call("stop", { client: 1 })).toBe("");
  });
});
