import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { load, project } from "./fixture.js";

const STAGING = `
api:
  endpoint: https://staging.example.com
  timeout: 12.5
  retry_attempts: 4
agentvm:
  api_key: \${STAGING_KEY}
system:
  max_agents: 25
  auto_spawn: true
  min_idle_agents: 3
`;

describe("a project without a profile", () => {
  it("runs in development with defaults for this machine", () => {
    const config = load(project());
    expect(config).toMatchObject({
      environment: "development",
      file: null,
      logLevel: "warn",
      debug: false,
      limits: { max_agents: 10, auto_spawn: false, min_idle_agents: 2 },
    });
    expect({ ...config.clientOptions }).toMatchObject({
      environment: "development",
      endpoint: "http://localhost:8000",
      apiKey: "development-key",
      timeoutMs: 30_000,
      retries: 2,
    });
  });

  it("takes everything from the environment where that has it", () => {
    const config = load(project(), {
      env: {
        AGENT_ENV: "production",
        API_ENDPOINT: "https://agents.example.com",
        AGENTVM_API_KEY: "prod-key",
        MAX_AGENTS: "40",
        AUTO_SPAWN: "yes",
        MIN_IDLE_AGENTS: "5",
        LOG_LEVEL: "ERROR",
        DEBUG: "1",
      },
    });
    expect(config).toMatchObject({
      environment: "production",
      logLevel: "error",
      debug: true,
      limits: { max_agents: 40, auto_spawn: true, min_idle_agents: 5 },
      clientOptions: { endpoint: "https://agents.example.com", apiKey: "prod-key" },
    });
  });

  it("keeps the default of idle agents within a lower max_agents", () => {
    expect(load(project(), { env: { MAX_AGENTS: "1" } }).limits).toMatchObject({
      max_agents: 1,
      min_idle_agents: 1,
    });
  });
});

describe("a profile", () => {
  it("gives every value, the variables of the environment put in", () => {
    const config = load(project({ "configs/staging.yaml": STAGING }), {
      env: { AGENT_ENV: "staging", STAGING_KEY: "s3cret" },
    });
    expect(config.file).toBe("configs/staging.yaml");
    expect({ ...config.clientOptions }).toMatchObject({
      environment: "staging",
      endpoint: "https://staging.example.com",
      apiKey: "s3cret",
      timeoutMs: 12_500,
      retries: 4,
    });
    expect(config.limits).toEqual({ max_agents: 25, auto_spawn: true, min_idle_agents: 3 });
  });

  it("gives way to the environment, key by key", () => {
    const config = load(project({ "configs/staging.yaml": STAGING }), {
      environment: "staging",
      env: { AGENTVM_API_KEY: "other", MAX_AGENTS: "30" },
    });
    expect(config.clientOptions).toMatchObject({ endpoint: "https://staging.example.com", apiKey: "other" });
    expect(config.limits).toMatchObject({ max_agents: 30, min_idle_agents: 3 });
  });

  it("may name the event stream's own address, which goes with its own endpoint", () => {
    const text = "api: { endpoint: 'http://127.0.0.1:9000', websocket_url: 'ws://127.0.0.1:9001/live' }";
    const cwd = project({ "configs/development.yaml": text });
    expect(load(cwd).clientOptions.websocketUrl).toBe("ws://127.0.0.1:9001/live");
    const elsewhere = { API_ENDPOINT: "http://127.0.0.1:8000" };
    expect(load(cwd, { env: elsewhere }).clientOptions.websocketUrl).toBeUndefined();
    const both = { ...elsewhere, API_WEBSOCKET_URL: "ws://127.0.0.1:8001/live" };
    expect(load(cwd, { env: both }).clientOptions.websocketUrl).toBe("ws://127.0.0.1:8001/live");
  });

  it("is looked for in the folder that is asked for", () => {
    const cwd = project({ "deploy/development.yaml": "system: { max_agents: 3 }" });
    expect(load(cwd, { directory: "deploy" })).toMatchObject({
      file: "deploy/development.yaml",
      limits: { max_agents: 3 },
    });
  });

  it.each([
    ["empty", ""],
    ["only a comment", "# later\n"],
    ["a byte order mark", "\uFEFFapi:\n"],
    ["empty sections", "api:\nagentvm:\nsystem:\n"],
  ])("may be %s", (_, text) => {
    expect(load(project({ "configs/development.yaml": text })).limits.max_agents).toBe(10);
  });

  it("may put a variable into a part of a value, and numbers and switches into variables", () => {
    const text =
      "api: { endpoint: 'http://${HOST}:${PORT}' }\nsystem: { max_agents: '${N}', auto_spawn: '${S}' }";
    const config = load(project({ "configs/development.yaml": text }), {
      env: { HOST: "127.0.0.1", PORT: "9000", N: "7", S: "on" },
    });
    expect(config.clientOptions.endpoint).toBe("http://127.0.0.1:9000");
    expect(config.limits).toMatchObject({ max_agents: 7, auto_spawn: true });
  });

  it("may hold ${ itself, written as $${", () => {
    const text = "agentvm: { api_key: 'a$${B}c' }";
    expect(load(project({ "configs/development.yaml": text })).clientOptions.apiKey).toBe("a${B}c");
  });

  it("does not look for variables inside of variables", () => {
    const text = "agentvm: { api_key: '${A}' }";
    const config = load(project({ "configs/development.yaml": text }), { env: { A: "${B}", B: "b" } });
    expect(config.clientOptions.apiKey).toBe("${B}");
  });

  it("may use an alias of YAML", () => {
    const text = "api: { retry_attempts: &n 3 }\nsystem: { max_agents: *n }";
    expect(load(project({ "configs/development.yaml": text })).limits.max_agents).toBe(3);
  });
});

describe("the choice of the environment", () => {
  it("goes to the caller before AGENT_ENV", () => {
    const config = load(project(), { environment: "development", env: { AGENT_ENV: "production" } });
    expect(config.environment).toBe("development");
  });

  it("takes a variable that is empty as one that is not set", () => {
    expect(load(project(), { env: { AGENT_ENV: "", MAX_AGENTS: " ", DEBUG: "" } }).environment).toBe(
      "development",
    );
  });

  it("asks a server for no endpoint in production", () => {
    const config = load(project(), {
      environment: "production",
      role: "server",
      env: { AGENTVM_API_KEY: "k" },
    });
    expect(config.clientOptions.apiKey).toBe("k");
  });

  it.each(["http://localhost:9", "http://127.0.0.1", "http://[::1]:8000", "http://game.localhost"])(
    "lets production call %s, which is this machine",
    (endpoint) => {
      const env = { API_ENDPOINT: endpoint, AGENTVM_API_KEY: "k" };
      expect(load(project(), { environment: "production", env }).clientOptions.endpoint).toBe(endpoint);
    },
  );
});

describe("logging", () => {
  it.each([
    [{ DEBUG: "true" }, "debug", true],
    [{ DEBUG: "vite:*,agentvm:*" }, "debug", true],
    [{ DEBUG: "*" }, "debug", true],
    [{ DEBUG: "vite:*" }, "warn", false],
    [{ DEBUG: "off" }, "warn", false],
    [{ DEBUG: "on", LOG_LEVEL: "info" }, "info", true],
  ])("reads %j", (env, logLevel, debug) => {
    expect(load(project(), { env })).toMatchObject({ logLevel, debug });
  });

  it("warns at the level warn and says nothing at silent", () => {
    expect(load(project()).clientOptions.logger).toEqual({ warn: expect.any(Function) });
    expect(load(project(), { env: { LOG_LEVEL: "silent" } }).clientOptions.logger).toEqual({});
  });
});

it("does not show the key where a configuration is printed", () => {
  const config = load(project(), { env: { AGENTVM_API_KEY: "s3cret" } });
  expect(`${inspect(config, { depth: 9 })} ${JSON.stringify(config)}`).not.toContain("s3cret");
  expect({ ...config.clientOptions }.apiKey).toBe("s3cret");
});
