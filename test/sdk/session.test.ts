import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { PACKAGE_VERSION } from "../../src/index.js";
import type { AgentVMOptions, Clock } from "../../src/index.js";
import { connectAnswer, json, scriptedFetch, urlOf } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { waysToBackend } from "./transports.js";

/** A client whose own time stands still, and that hears nothing: a laptop that sleeps longer than a session lives. */
const asleep: AgentVMOptions = { events: false };

describe.each(waysToBackend)("the game session of an AgentVM %s", (_name, make) => {
  let backend: MockBackend | undefined;
  const start = (clientClock?: Clock, options: AgentVMOptions = {}) => {
    backend = createMockBackend({ seed: 3, clock: "manual" });
    const paths: string[] = [];
    const tokens: (string | null)[] = [];
    const agentvm = make({
      ...backend.connection(),
      ...options,
      clock: clientClock ?? backend.clock,
      fetch: (input, init) => {
        paths.push(new URL(urlOf(input)).pathname);
        tokens.push(new Headers(init?.headers).get("authorization"));
        return backend?.fetch(input, init) ?? Promise.reject(new TypeError("closed"));
      },
    });
    return { backend, agentvm, paths, tokens };
  };
  afterEach(() => backend?.close());

  it("is told without its token", async () => {
    const { agentvm } = start();
    const session = await agentvm.connect({ game_name: "My game" });
    expect(session).toMatchObject({
      game_id: expect.stringMatching(/\w/),
      session_id: expect.stringMatching(/\w/),
    });
    expect(session).not.toHaveProperty("session_token");
    await agentvm.close();
  });

  it("is what every later call is made with", async () => {
    const { agentvm, tokens } = start();
    const { game_id } = await agentvm.connect();
    const agent = await agentvm.agents.create("aider");
    expect(agent.game_id).toBe(game_id);
    expect(tokens[0]).toBeNull();
    expect(tokens[1]).toMatch(/^Bearer \S+$/);
    await agentvm.close();
  });

  it("tells the server which SDK calls", async () => {
    const { fetch, seen } = scriptedFetch(json({}));
    await rejectionOf(make({ fetch }).connect({ game_name: "My game" }));
    expect(seen[0]?.body).toEqual({ game_name: "My game", sdk_version: PACKAGE_VERSION });
  });

  it("keeps itself alive for hours", async () => {
    const {
      agentvm,
      backend: { clock },
      paths,
    } = start();
    await agentvm.connect();
    for (let minute = 0; minute < 180; minute += 1) {
      clock.advance(60_000);
      await settle(6);
    }
    await expect(agentvm.agents.list()).resolves.toEqual([]);
    expect(paths.filter((path) => path === "/game/connect")).toHaveLength(1);
    expect(paths.filter((path) => path === "/game/heartbeat").length).toBeGreaterThan(100);
    await agentvm.close();
  });

  it.each([
    ["once an hour", 2_592_000, 3_600_000, 1],
    ["once an hour", 1e300, 3_600_000, 1],
    ["four times a second", 1e-300, 10_000, 40],
  ])("beats %s when the server asks for every %d seconds", async (_pace, heartbeat_seconds, ms, beats) => {
    const clock = manualClock();
    const { fetch, seen } = scriptedFetch(json({ ...connectAnswer, heartbeat_seconds }));
    const agentvm = make({ fetch, clock });
    await agentvm.connect();
    clock.advance(ms);
    await settle();
    expect(seen.filter(({ url }) => url.endsWith("/game/heartbeat"))).toHaveLength(beats);
    await agentvm.close();
  });

  it.each([
    ["with its agents where it is to be kept", true],
    ["empty where nobody was in it", false],
  ])("is opened again when the server has forgotten it, for the same game, %s", async (_what, keep) => {
    const {
      agentvm,
      backend: { clock },
      paths,
    } = start(manualClock(), asleep);
    const { game_id } = await agentvm.connect({ keep });
    const agentBefore = await agentvm.agents.create("aider");
    clock.advance(5 * 3_600_000);
    await settle();
    const agents = await agentvm.agents.list();
    expect(agents.map(({ id }) => id)).toEqual(keep ? [agentBefore.id] : []);
    expect(agentvm.gameId).toBe(game_id);
    expect(paths.filter((path) => path === "/game/connect")).toHaveLength(2);
    await agentvm.close();
  });

  it("is opened again once for all calls that find it gone", async () => {
    const {
      agentvm,
      backend: { clock },
      paths,
    } = start(manualClock(), asleep);
    await agentvm.connect();
    clock.advance(5 * 3_600_000);
    await Promise.all([agentvm.agents.list(), agentvm.tasks.list(), agentvm.agents.types()]);
    expect(paths.filter((path) => path === "/game/connect")).toHaveLength(2);
    await agentvm.close();
  });

  it("ends with disconnect, and calls are made with the key again", async () => {
    const { agentvm, tokens } = start();
    const { game_id } = await agentvm.game.connect();
    expect(agentvm.gameId).toBe(game_id);
    await agentvm.game.disconnect();
    expect(agentvm.gameId).toBeNull();
    await agentvm.agents.list();
    expect(tokens.at(-1)).toBeNull();
    await agentvm.close();
  });

  it("beats no more after disconnect", async () => {
    const {
      agentvm,
      backend: { clock },
      paths,
    } = start();
    await agentvm.connect();
    await agentvm.game.disconnect();
    clock.advance(600_000);
    await settle();
    expect(paths).not.toContain("/game/heartbeat");
    await agentvm.close();
  });

  it("shows in the client's game and state", async () => {
    const { agentvm } = start();
    expect([agentvm.gameId, agentvm.state.status]).toEqual([null, "idle"]);
    const { game_id } = await agentvm.connect();
    expect([agentvm.gameId, agentvm.state.status]).toEqual([game_id, "live"]);
    await agentvm.game.disconnect();
    expect([agentvm.gameId, agentvm.state.status]).toEqual([null, "idle"]);
    await agentvm.close();
    expect([agentvm.gameId, agentvm.state.status]).toEqual([null, "closed"]);
  });

  it("leaves the client as it was when it cannot be opened", async () => {
    const clock = manualClock();
    const { fetch } = scriptedFetch(json({ detail: "no" }, 403));
    const agentvm = make({ fetch, clock });
    await inTime(clock, rejectionOf(agentvm.connect()));
    expect([agentvm.gameId, agentvm.state.status]).toEqual([null, "idle"]);
  });

  it("survives a heartbeat that fails, and says so", async () => {
    const told: string[] = [];
    backend = createMockBackend({ seed: 3, clock: "manual" });
    const { fetch } = backend;
    const agentvm = make({
      ...backend.connection(),
      clock: backend.clock,
      retries: 0,
      logger: { warn: (message) => told.push(message) },
      fetch: (input, init) =>
        urlOf(input).endsWith("/heartbeat")
          ? Promise.reject(new TypeError("fetch failed"))
          : fetch(input, init),
    });
    await agentvm.connect();
    backend.clock.advance(60_000);
    await settle();
    expect(told.join()).toContain("heartbeat failed");
    await expect(agentvm.agents.list()).resolves.toEqual([]);
    await agentvm.close();
  });
});
