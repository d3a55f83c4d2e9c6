import vm from "node:vm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { buildGodotScript, buildGodotScripts } from "../../scripts/godot/build-script.js";
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

describe("the script for web exports", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, "agentvmGodot");
    Reflect.deleteProperty(globalThis, "agentvmGodotScripts");
    Reflect.deleteProperty(globalThis, "godotCallback");
  });

  let text = "";
  beforeAll(async () => {
    text = (await buildGodotScript()).toString("utf8");
  });

  it("is one classic script that loads nothing later", () => {
    expect(() => new vm.Script(text)).not.toThrow();
    expect(text).not.toMatch(/\bimport\(|\brequire\(/);
  });

  it("goes by the scripts of a game, once their code is there", async () => {
    inPage((await buildGodotScripts()).toString("utf8"));
    inPage(text);
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
  ])("refuses a game's scripts that are wrong: %s", async (scripts, said) => {
    inPage((await buildGodotScripts()).toString("utf8"));
    inPage(text);
    const { reply, call } = game();
    const start = { endpoint: "mock://", api_key: "development-key", environment: "development" };
    call("start", { ...start, scripts, timeout_ms: 20_000, update_frequency: 10, game: {} });
    expect(await reply(0)).toMatchObject({
      code: "invalid_endpoint",
      message: expect.stringContaining(said),
    });
    call("stop", { client: 1 });
  });

  it("holds no generated document, which only servers show", () => {
    expect(text).not.toMatch(/"?(openapi|asyncapi)"?: ?\\?"3\.\d\.\d/);
    expect(text).not.toContain("<!doctype html");
    expect(text).toContain("shows no documents");
  });

  it("gives a page one name that nobody can change, and its version", () => {
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    inPage(text);
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
    expect(added).toEqual(["agentvmGodot"]);
    expect(inPage("Object.isFrozen(agentvmGodot)")).toBe(true);
    expect(inPage("agentvmGodot.version()")).toBe(PACKAGE_VERSION);
  });

  it("plays a game on the backend inside it, without the calls that only servers need", async () => {
    inPage(text);
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
