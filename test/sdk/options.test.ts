import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/index.js";
import { agentAnswer, json, scriptedFetch } from "./scripted-fetch.js";
import { transports } from "./transports.js";

describe.each(transports)("an AgentVM %s", (_name, make) => {
  const refusal = (options: object): ConfigError => {
    try {
      make(options);
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
    throw new Error("It was made.");
  };

  const wrong: [what: string, options: object, said: RegExp][] = [
    ["an endpoint that is no URL", { endpoint: "not a url" }, /endpoint must be a URL/],
    ["an endpoint of another scheme", { endpoint: "ftp://example.com" }, /endpoint begins with ftp:/],
    ["an endpoint of a WebSocket", { endpoint: "ws://localhost:8000" }, /endpoint begins with ws:/],
    ["a password in the endpoint", { endpoint: "http://me:hunter2@localhost" }, /endpoint holds a name/],
    ["a query in the endpoint", { endpoint: "http://localhost/?key=hunter2" }, /endpoint holds/],
    ["a key and a token", { apiKey: "one", sessionToken: "two" }, /more than one of apiKey/],
    ["a token and a way to get one", { sessionToken: "two", getToken: () => "x" }, /more than one of/],
    ["an empty key", { apiKey: "" }, /apiKey must be a text/],
    ["a key with a line break", { apiKey: "abc\r\nX-Evil: 1" }, /apiKey must be a text/],
    ["a token of other letters", { sessionToken: "ключ" }, /sessionToken must be a text/],
    ["negative retries", { retries: -1 }, /retries must be a whole number/],
    ["half a retry", { retries: 0.5 }, /retries must be a whole number/],
    ["no time at all", { timeoutMs: 0 }, /timeoutMs must be a number of milliseconds above 0/],
    ["endless time", { totalTimeoutMs: Infinity }, /totalTimeoutMs must be/],
    ["time that is no number", { timeoutMs: Number.NaN }, /timeoutMs must be/],
    [
      "another environment",
      { environment: "prod" },
      /environment must be development, staging or production/,
    ],
    ["a fetch that is none", { fetch: "fetch" }, /fetch must be a function/],
    ["events that are neither on nor off", { events: "no" }, /events must be true or false/],
    ["an option that is not there", { apikey: "abcd" }, /there is no option apikey/],
  ];
  it.each(wrong)("refuses %s", (_what, options, said) => {
    const error = refusal(options);
    expect(error.message).toMatch(said);
    expect(error.outcome).toBe("not_sent");
    expect(error.remediation).not.toBe("");
  });

  it.each(wrong)("tells no value when it refuses %s", (_what, options) => {
    const error = refusal(options);
    expect(`${JSON.stringify(error)}${String(error.stack)}`).not.toMatch(/hunter2|X-Evil|ключ/);
  });

  it("takes an option that is undefined as left out", () => {
    expect(() => make({ apiKey: undefined, retries: undefined, fetch: undefined })).not.toThrow();
  });

  it.each([
    ["http://localhost:8000", "http://localhost:8000/agents/agent_1"],
    ["http://localhost:8000/", "http://localhost:8000/agents/agent_1"],
    ["https://example.com/agentvm", "https://example.com/agentvm/agents/agent_1"],
    ["https://example.com/agentvm///", "https://example.com/agentvm/agents/agent_1"],
  ])("calls below the endpoint %s", async (endpoint, url) => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ endpoint, fetch }).agents.get("agent_1");
    expect(seen[0]?.url).toBe(url);
  });

  it("calls http://localhost:8000 when it is told nothing", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    await make({ fetch }).agents.get("agent_1");
    expect(seen[0]?.url).toBe("http://localhost:8000/agents/agent_1");
  });

  describe("in production", () => {
    it.each([
      "http://example.com",
      "http://10.0.0.1:8000",
      "http://localhost.example.com",
      "http://127.0.0.1.nip.io",
    ])("refuses %s, which can be read on the way", (endpoint) => {
      expect(refusal({ endpoint, environment: "production" }).message).toMatch(
        /in production http:.* is refused/,
      );
    });

    it.each([
      "https://example.com",
      "http://localhost:8000",
      "http://agentvm.localhost",
      "http://127.0.0.1:8000",
      "http://127.1.2.3",
      "http://[::1]:8000",
    ])("takes %s", (endpoint) => {
      expect(() => make({ endpoint, environment: "production" })).not.toThrow();
    });

    it.each(["development", "staging"] as const)(
      "lets %s use a server that is not encrypted",
      (environment) => {
        expect(() => make({ endpoint: "http://10.0.0.1:8000", environment })).not.toThrow();
      },
    );
  });
});
