import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { errorIn, errorOf, load, project } from "./fixture.js";

describe("a wrong value", () => {
  it.each([
    ["api: { endpoint: 5 }", "1:18: api.endpoint: expected the URL", "the number 5"],
    ["api: { endpoint: agents }", "api.endpoint: expected the URL", "not a URL"],
    ["api: { endpoint: 'ftp://x' }", "api.endpoint", "http:// or https://"],
    ["api: { endpoint: 'https://u:pw@x' }", "api.endpoint", "user name"],
    ["api: { endpoint: 'https://x/?a=1' }", "api.endpoint", "query"],
    ["api:\n  timeout: 30000", "2:12: api.timeout: expected seconds", "the number 30000"],
    ["api: { timeout: 0 }", "api.timeout", "above 0"],
    ["api: { timeout: .inf }", "api.timeout", "Infinity"],
    ["api: { timeout: 1e400 }", "api.timeout", "Infinity"],
    ["api: { timeout: .nan }", "api.timeout", "NaN"],
    ["system: { max_agents: 9007199254740993 }", "system.max_agents", "whole number"],
    ["api: { timeout: '30' }", "api.timeout", "other text"],
    ["api: { timeout: }", "api.timeout", "found nothing"],
    ["api: { retry_attempts: 1.5 }", "api.retry_attempts", "whole number"],
    ["api: { retry_attempts: -1 }", "api.retry_attempts", "-1"],
    ["agentvm: { api_key: 'a b' }", "agentvm.api_key", "a space"],
    ["agentvm: { api_key: '' }", "agentvm.api_key", "empty text"],
    ["agentvm: { api_key: 12345 }", "agentvm.api_key", "the number"],
    ["system: { max_agents: lots }", "system.max_agents: expected a whole number from 1 up", "other text"],
    ["system: { max_agents: 0 }", "system.max_agents", "the number 0"],
    ["system: { auto_spawn: yes }", "system.auto_spawn: expected true or false", "other text"],
    ["system: { min_idle_agents: [1] }", "system.min_idle_agents", "a list"],
    ["system: { min_idle_agents: { n: 1 } }", "system.min_idle_agents", "more keys"],
    ["system: { max_agents: 2, min_idle_agents: 3 }", "system.min_idle_agents", "at most system.max_agents"],
    ["system: 5", "system: expected the keys max_agents", "one value"],
    ["- api", "expected the sections api, agentvm, system", "a list"],
  ])("in %j is named with its place and what was expected", (text, place, reason) => {
    const { message } = errorIn(text);
    expect(message).toContain("configs/development.yaml:");
    expect(message).toContain(place);
    expect(message).toContain(reason);
  });

  it.each([
    ["AGENT_ENV", "prod", "development, staging, production"],
    ["API_ENDPOINT", "agents", "api.endpoint"],
    ["AGENTVM_API_KEY", "a b", "agentvm.api_key"],
    ["MAX_AGENTS", "1e3", "system.max_agents"],
    ["MAX_AGENTS", "-4", "system.max_agents"],
    ["AUTO_SPAWN", "maybe", "true or false"],
    ["MIN_IDLE_AGENTS", "2.5", "whole number"],
    ["LOG_LEVEL", "loud", "silent, error, warn, info, debug"],
    ["DEBUG", "maybe", "true or false"],
  ])("in %s=%s is named with the variable", (name, value, expected) => {
    const { message } = errorOf(project(), { env: { [name]: value } });
    expect(message).toContain(`environment variable ${name}`);
    expect(message).toContain(expected);
  });
});

describe("an unknown key", () => {
  it.each([
    ["apis:\n  endpoint: x", "1:1: apis", "api, agentvm, system"],
    ["api:\n  endpont: x", "2:3: api.endpont", "endpoint, websocket_url, timeout, retry_attempts"],
    ["system: { 5: 1 }", "system.5", "max_agents"],
    ["<<: { api: 1 }", "<<", "not a known section"],
    ["__proto__: { api: 1 }", "__proto__", "not a known section"],
    ["system: { __proto__: 1 }", "system.__proto__", "max_agents"],
    ["? [a]\n: 1", "a key that is not text", "not a known section"],
  ])("in %j is named with those that are known", (text, place, known) => {
    const { message } = errorIn(text);
    expect(message).toContain(place);
    expect(message).toContain(known);
  });

  it("cannot write control characters into the message", () => {
    expect(errorIn('"a\\e[2Jb\\nc": 1').message).toContain("a?[2Jb?c: is not a known section");
  });
});

describe("what is missing", () => {
  it("is named with the variable that the profile asks for", () => {
    const { message } = errorIn("agentvm:\n  api_key: ${GAME_KEY}");
    expect(message).toContain(
      "configs/development.yaml:2:12: agentvm.api_key: environment variable GAME_KEY: is not set",
    );
  });

  it("is nothing where the environment gives the value another way", () => {
    const cwd = project({ "configs/development.yaml": "agentvm: { api_key: '${GAME_KEY}' }" });
    expect(load(cwd, { env: { AGENTVM_API_KEY: "k" } }).clientOptions.apiKey).toBe("k");
  });

  it.each(["${", "${}", "${1A}", "${A", "x${A B}"])("is told for the malformed %s", (text) => {
    expect(errorIn(`agentvm: { api_key: "${text}" }`).message).toContain("found ${ without a name and a }");
  });

  it.each(["staging", "production"] as const)(
    "is endpoint and key in %s without a profile",
    (environment) => {
      const { message } = errorOf(project(), { environment });
      expect(message).toContain(
        `configs/${environment}.yaml: api.endpoint: is missing (there is no such file)`,
      );
      expect(message).toContain("agentvm.api_key: is missing");
      expect(message).toContain("AGENTVM_API_KEY");
    },
  );

  it("is the key in development when the endpoint is another machine", () => {
    const { message } = errorOf(project(), { env: { API_ENDPOINT: "http://10.0.0.7:8000" } });
    expect(message).toContain("agentvm.api_key: is missing");
  });

  it("is a profile under the name that was meant", () => {
    expect(errorOf(project({ "configs/development.yml": "" })).message).toContain(
      "configs/development.yml: is not read; expected the name configs/development.yaml",
    );
  });
});

describe("a profile that does not parse", () => {
  it.each([
    ["api:\n\tendpoint: x", "2:1", "tab"],
    ["api: [1, 2", "1:11", "a bracket is not closed"],
    ["api: 'x", "1:8", "missing"],
    ["api:\n  endpoint: a: b", "2:13", "quotes"],
    ["api: {}\napi: {}", "2:1", "already"],
    ["agentvm:\n  api_key: *k3y", "2:12", "alias"],
    ["agentvm:\n  api_key: @k3y", "2:12", "quotes"],
    ["api: {}\n---\nsystem: {}", "2:1", "more than one document"],
  ])("as %j is named by line and column", (text, place, reason) => {
    const { message } = errorIn(text);
    expect(message).toContain(`configs/development.yaml:${place}: `);
    expect(message).toContain(reason);
  });

  it.each([
    ["brackets", "[".repeat(30_000)],
    ["braces", "{a: ".repeat(10_000)],
    ["dashes", "- ".repeat(30_000)],
    ["question marks", "? ".repeat(30_000)],
    ["indentation", Array.from({ length: 350 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("because of deep %s is refused", (_, text) => {
    expect(errorIn(text).message).toContain("nested too deep");
  });

  it("is refused when it is too large", () => {
    expect(errorIn("#".repeat(70_000)).message).toContain("expected at most 65536 bytes");
  });

  it("is refused when it is not UTF-8", () => {
    expect(errorIn(Uint8Array.of(0x61, 0xff, 0xfe)).message).toContain("expected text in UTF-8");
  });

  it("is refused when it is a folder", () => {
    const cwd = project();
    mkdirSync(join(cwd, "configs/development.yaml"), { recursive: true });
    expect(errorOf(cwd).message).toContain("reading it gave EISDIR");
  });

  it("costs nothing when its aliases multiply", () => {
    const rows = Array.from({ length: 60 }, (_, n) => `r${n}: &r${n} [${`*r${n - 1},`.repeat(9)}]`).slice(1);
    const text = ["system: { max_agents: &r0 [1] }", ...rows, "api: *r59"].join("\n");
    expect(errorIn(text).message).toContain("is not a known section");
  });
});

describe("the error", () => {
  it("lists every problem together, each in its own line and detail", () => {
    const error = errorIn("api: { timeout: x, foo: 1 }\nsystem: { max_agents: y }", { AUTO_SPAWN: "z" });
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      code: "config",
      outcome: "not_sent",
      retryable: false,
      status: null,
    });
    expect(error.message.split("\n")).toHaveLength(5);
    expect(error.detail).toHaveLength(4);
    expect(error.detail).toContainEqual({
      loc: ["configs/development.yaml", 1, 20, "api.foo"],
      msg: expect.stringContaining("not a known key"),
      type: "config",
    });
  });

  it("stays short when a file is full of problems", () => {
    const text = Array.from({ length: 500 }, (_, n) => `key${n}: 1`).join("\n");
    expect(errorIn(text).message).toMatch(/in 500 places:[^]*and 480 more$/);
  });

  it("holds https in production, whoever says where the endpoint is", () => {
    const text = "api: { endpoint: 'http://agents.example.com' }\nagentvm: { api_key: k }";
    const cwd = project({ "configs/production.yaml": text });
    expect(errorOf(cwd, { environment: "production" }).message).toContain(
      "configs/production.yaml:1:18: api.endpoint: expected https:// in production",
    );
    expect(
      errorOf(cwd, { environment: "production", env: { API_ENDPOINT: "http://other" } }).message,
    ).toContain("environment variable API_ENDPOINT: expected https:// in production");
  });

  it("holds the event stream to wss in production", () => {
    const text =
      "api: { endpoint: 'https://a.example', websocket_url: 'ws://a.example/ws' }\nagentvm: { api_key: k }";
    const cwd = project({ "configs/production.yaml": text });
    expect(errorOf(cwd, { environment: "production" }).message).toContain(
      "api.websocket_url: expected wss:// in production",
    );
  });

  it("tells an address of a stream that is one of calls", () => {
    const { message } = errorIn("api: { websocket_url: 'http://localhost:8000' }");
    expect(message).toContain("it does not begin with ws:// or wss://");
  });

  describe("never holds a value", () => {
    const secret = "tOpSeCrEt";
    const keys = [
      "api.endpoint",
      "api.websocket_url",
      "api.timeout",
      "api.retry_attempts",
      "agentvm.api_key",
      "system.max_agents",
      "system.auto_spawn",
    ];
    const forms = [
      secret,
      ` ${secret} x`,
      `'${secret}`,
      `"${secret} \\q"`,
      `*${secret}`,
      `!${secret} x`,
      `[${secret}`,
      `@${secret}`,
      `"\${${secret} x}"`,
      `a: ${secret}: b`,
      `https://${secret}:${secret}@x`,
      `\n  ${secret}`,
      `{ ${secret}`,
      `"\${SECRET} b"`,
    ];
    it.each(keys.flatMap((key) => forms.map((form) => [key, form] as const)))("at %s as %j", (key, form) => {
      const [section = "", name = ""] = key.split(".");
      const cwd = project({ "configs/staging.yaml": `${section}:\n  ${name}: ${form}\n` });
      const error = errorOf(cwd, { environment: "staging", env: { SECRET: `${secret} ` } });
      expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain(secret);
    });
  });
});
