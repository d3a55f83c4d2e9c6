import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { AgentVM, CancelledError } from "../../src/slim.js";
import type { AgentVMOptions, ResumeStorage } from "../../src/index.js";
import { connectAnswer, cut, failure, json, scriptedFetch } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { waysToBackend } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

/** A page's storage; a copy is what a browser gives a tab that is duplicated. */
function storageOf(content: Iterable<readonly [string, string]> = []) {
  const held = new Map(content);
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  } satisfies ResumeStorage & { held: Map<string, string> };
}

describe.each(waysToBackend)("a page that comes back, with an AgentVM %s,", (_name, make) => {
  let backend: MockBackend;
  let storage: ReturnType<typeof storageOf>;
  const pages: AnyAgentVM[] = [];

  beforeEach(() => {
    backend = createMockBackend({ seed: 3, clock: "manual" });
    storage = storageOf();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    backend.close();
  });

  const open = (options: AgentVMOptions = {}): AnyAgentVM => {
    const page = make({ ...backend.connection(), clock: backend.clock, ...options });
    pages.push(page);
    return page;
  };
  const sessions = () => backend.engine.counts().sessions;
  const game = { game_name: "Mine" };

  it("finds its game, session and agents again", async () => {
    const first = await open().connect({ ...game, resume: storage });
    const agent = await pages[0]?.agents.create("aider");
    const second = await open().connect({ ...game, resume: storage });
    expect(second).toMatchObject({ game_id: first.game_id, session_id: first.session_id });
    expect(second.limits).toEqual(first.limits);
    expect((await pages[1]?.agents.list())?.map(({ id }) => id)).toEqual([agent?.id]);
    expect(pages[1]?.state.status).toBe("live");
    expect(sessions()).toBe(1);
  });

  it("finds it again after the client was closed", async () => {
    const page = open();
    const { session_id } = await page.connect({ ...game, resume: storage });
    await page.close();
    expect(await open().connect({ ...game, resume: storage })).toMatchObject({ session_id });
  });

  it("begins a new session of the same game where that one is over", async () => {
    const client = { clock: manualClock(), events: false };
    const { game_id, session_id } = await open(client).connect({ ...game, keep: true, resume: storage });
    const agent = await pages[0]?.agents.create("aider");
    backend.clock.advance(5 * 3_600_000);
    const session = await open().connect({ ...game, keep: true, resume: storage });
    expect(session.game_id).toBe(game_id);
    expect(session.session_id).not.toBe(session_id);
    expect((await pages[1]?.agents.list())?.map(({ id }) => id)).toEqual([agent?.id]);
    expect(await open().connect({ ...game, keep: true, resume: storage })).toMatchObject({
      session_id: session.session_id,
    });
  });

  it("finds the session that was opened in the place of one that ran out", async () => {
    const page = open({ clock: manualClock(), events: false });
    await page.connect({ ...game, keep: true, resume: storage });
    backend.clock.advance(5 * 3_600_000);
    await page.agents.list();
    expect(sessions()).toBe(1);
    await open().connect({ ...game, keep: true, resume: storage });
    expect(sessions()).toBe(1);
  });

  it("begins anew after a disconnect, which leaves nothing behind", async () => {
    const page = open();
    const { game_id } = await page.connect({ ...game, resume: storage });
    await page.game.disconnect();
    expect([sessions(), storage.held.size]).toEqual([0, 0]);
    expect((await open().connect({ ...game, resume: storage })).game_id).not.toBe(game_id);
  });

  it("has a session of its own for each game", async () => {
    const one = await open().connect({ game_id: "one", resume: storage });
    const two = await open().connect({ game_id: "two", resume: storage });
    const named = await open().connect({ game_name: "two", resume: storage });
    expect(new Set([one, two, named].map(({ session_id }) => session_id)).size).toBe(3);
    expect(await open().connect({ game_id: "one", resume: storage })).toEqual(one);
    expect(await open().connect({ game_name: "two", resume: storage })).toEqual(named);
    expect(sessions()).toBe(3);
  });

  it("tells the server what is asked for now, where that was asked otherwise before", async () => {
    const client = { events: false, clock: manualClock() };
    const before = await open(client).connect({ ...game, resume: storage });
    await pages[0]?.agents.create("aider");
    const after = await open(client).connect({ ...game, keep: true, resume: storage });
    expect(after.game_id).toBe(before.game_id);
    expect(after.session_id).not.toBe(before.session_id);
    expect(sessions()).toBe(1);
    backend.clock.advance(5 * 3_600_000);
    expect(backend.engine.counts()).toMatchObject({ sessions: 0, total_agents: 1 });
  });

  it("in a duplicated tab plays beside the first one, and on when that one disconnects", async () => {
    const first = open();
    await first.connect({ ...game, resume: storage });
    const agent = await first.agents.create("aider");
    const second = open();
    await second.connect({ ...game, resume: storageOf(storage.held) });
    expect([first.state.status, second.state.status]).toEqual(["live", "live"]);
    await first.game.disconnect();
    await inTime(backend.clock, second.agents.move(agent.id, { x: 1, y: 0, z: 1 }, {}));
    expect((await second.agents.list()).map(({ id }) => id)).toEqual([agent.id]);
    await inTime(backend.clock, first.connect({ ...game, game_id: agent.game_id ?? "" }));
    expect((await first.agents.list()).map(({ id }) => id)).toEqual([agent.id]);
  });

  it("that disconnects while it comes back leaves neither session nor trace, at whichever step", async () => {
    for (let step = 0; step < 40; step += 1) {
      await open().connect({ ...game, resume: storage });
      await pages[0]?.close();
      const page = open();
      const connecting = page.connect({ ...game, resume: storage });
      connecting.catch((error: unknown) => expect(error).toBeInstanceOf(CancelledError));
      for (let turn = 0; turn < step; turn += 1) await Promise.resolve();
      await page.game.disconnect();
      await settle(4);
      expect([sessions(), storage.held.size], `at step ${step}`).toEqual([0, 0]);
      for (const one of pages.splice(0)) await one.close();
    }
  });

  it("that is closed while it comes back can come back once more, at whichever step", async () => {
    const { session_id } = await open().connect({ ...game, resume: storage });
    for (let step = 0; step < 40; step += 1) {
      const page = open();
      page.connect({ ...game, resume: storage }).catch(() => undefined);
      for (let turn = 0; turn < step; turn += 1) await Promise.resolve();
      await page.close();
    }
    expect(await open().connect({ ...game, resume: storage })).toMatchObject({ session_id });
    expect(sessions()).toBe(1);
  });

  it("tells its token nowhere but in the storage", async () => {
    const told: unknown[] = [];
    const tell = (...words: unknown[]) => void told.push(...words);
    const logger = { debug: tell, info: tell, warn: tell, error: tell };
    await open({ logger }).connect({ ...game, resume: storage });
    const [[key, text] = ["", ""]] = storage.held;
    const token = /"session_token":"([^"]+)"/.exec(text)?.[1] ?? "";
    expect(token).not.toBe("");
    expect(key).not.toContain(token);
    expect(key).toMatch(/^agentvm:http.*:name:Mine$/);
    await pages[0]?.game.disconnect();
    storage.held.set(key, text);
    const session = await open({ logger }).connect({ ...game, resume: storage });
    expect(JSON.stringify([told, session])).not.toContain(token);
  });

  it("keeps to the options of the connect", async () => {
    const how = { idempotencyKey: "once", headers: { "x-mine": "1" } };
    const first = await open().connect({ ...game, resume: storage }, how);
    expect(await open().connect({ ...game, resume: storage }, how)).toEqual(first);
    const signal = AbortSignal.abort();
    expect(await rejectionOf(open().connect({ ...game, resume: storage }, { signal }))).toBeInstanceOf(
      CancelledError,
    );
  });

  const refuse = (): never => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  const nothing = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

  it.each<[string, ResumeStorage | true]>([
    ["whose every method throws", { getItem: refuse, setItem: refuse, removeItem: refuse }],
    ["that is full", { ...nothing, setItem: refuse }],
    ["that keeps nothing", nothing],
    ["that is not there", true],
  ])("begins anew with a storage %s, and ends its session when it is closed", async (_what, resume) => {
    await open().connect({ ...game, resume });
    await pages[0]?.agents.create("aider");
    await pages[0]?.game.disconnect();
    await pages[0]?.connect({ ...game, resume });
    expect(sessions()).toBe(1);
    await pages[0]?.close();
    expect(sessions()).toBe(0);
  });

  it("begins anew with whatever stands in the storage", async () => {
    await open().connect({ ...game, resume: storage });
    const [[key, text] = ["", ""]] = storage.held;
    const kept: unknown = JSON.parse(text);
    const answer = typeof kept === "object" && kept !== null && "answer" in kept ? kept.answer : {};
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc.nat(text.length - 1).map((length) => text.slice(0, length)),
      fc.constantFrom("x".repeat(100_000), "{}", "null", '{"__proto__":1}'),
      fc
        .record({ session_token: fc.string(), game_id: fc.string(), heartbeat_seconds: fc.double() })
        .map((wrong) =>
          JSON.stringify({ game: '{"game_name":"Mine"}', answer: { ...Object(answer), ...wrong } }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (value) => {
        storage.held.set(key, value);
        const page = make({ ...backend.connection(), clock: backend.clock, events: false });
        const { session_id } = await page.connect({ ...game, resume: storage });
        expect(session_id).toMatch(/\w/);
        await page.agents.list();
        await page.game.disconnect();
        expect(storage.held.size).toBe(0);
        await page.close();
      }),
      { numRuns: 100 },
    );
  });
});

describe("a page that comes back", () => {
  const kept = (changes: object = {}) => ({
    ...storageOf([
      [
        "agentvm:http://localhost:8000:name:",
        JSON.stringify({ answer: { ...connectAnswer, ...changes }, game: "{}" }),
      ],
    ]),
  });
  const paths = (seen: readonly { url: string }[]) => seen.map(({ url }) => new URL(url).pathname);

  it("where the server cannot be reached is told so, and finds its session when it can", async () => {
    const clock = manualClock();
    const storage = kept();
    const { fetch, seen } = scriptedFetch(
      cut,
      cut,
      cut,
      json({ success: true, expires_at: connectAnswer.expires_at }),
    );
    const page = new AgentVM({ fetch, clock, events: false });
    const error = await inTime(clock, rejectionOf(page.connect({ resume: storage })));
    expect(error).toMatchObject({ name: "NetworkError" });
    expect(storage.held.size).toBe(1);
    expect(await page.connect({ resume: storage })).toMatchObject({ session_id: "session_1" });
    expect(new Set(paths(seen))).toEqual(new Set(["/game/heartbeat"]));
    await page.close();
  });

  it.each([
    ["refuses the token", failure("session_expired", 401)],
    ["forbids it", failure("forbidden", 403)],
    ["is another", json("Hello", 404)],
    ["answers what is none", json({ success: true })],
  ])("connects the same game anew where the server %s", async (_what, answer) => {
    const { fetch, seen } = scriptedFetch(answer, json({ ...connectAnswer, session_token: "token_2" }));
    const page = new AgentVM({ fetch, events: false });
    await page.connect({ resume: kept() });
    expect(paths(seen)).toEqual(["/game/heartbeat", "/game/connect"]);
    expect(seen[1]?.body).toMatchObject({ game_id: "game_1" });
    await page.close();
  });

  it("gets another game where the server does not let it have that one again", async () => {
    const gone = failure("session_expired", 401);
    const { fetch, seen } = scriptedFetch(gone, failure("game_not_found", 404), json(connectAnswer));
    const page = new AgentVM({ fetch, events: false });
    await page.connect({ resume: kept() });
    expect(seen[2]?.body).not.toHaveProperty("game_id");
    await page.close();
  });

  it("does not take another game's session for the one that it names", async () => {
    const { fetch, seen } = scriptedFetch(json(connectAnswer));
    const storage = storageOf([
      [
        "agentvm:http://localhost:8000:id:game_2",
        JSON.stringify({ answer: connectAnswer, game: '{"game_id":"game_2"}' }),
      ],
    ]);
    const page = new AgentVM({ fetch, events: false });
    await page.connect({ game_id: "game_2", resume: storage });
    expect(paths(seen)).toEqual(["/game/connect"]);
    await page.close();
  });

  describe("to its own storage", () => {
    afterEach(() => vi.unstubAllGlobals());

    it("finds its session there", async () => {
      const storage = storageOf();
      vi.stubGlobal("sessionStorage", storage);
      const { fetch, seen } = scriptedFetch(json(connectAnswer));
      await new AgentVM({ fetch, events: false }).connect({ resume: true });
      await new AgentVM({ fetch, events: false }).connect({ resume: true });
      expect(storage.held.size).toBe(1);
      expect(paths(seen)).toEqual(["/game/connect", "/game/heartbeat"]);
    });

    it("begins anew in a frame where looking at it throws", async () => {
      vi.stubGlobal("sessionStorage", undefined);
      Object.defineProperty(globalThis, "sessionStorage", {
        configurable: true,
        get: () => {
          throw new DOMException("The document is sandboxed.", "SecurityError");
        },
      });
      const { fetch, seen } = scriptedFetch(json(connectAnswer));
      const page = new AgentVM({ fetch, events: false });
      await page.connect({ resume: true });
      await page.close();
      expect(paths(seen)).toEqual(["/game/connect", "/game/disconnect"]);
    });

    it("says no goodbye when it goes away, but where its session could not be kept", async () => {
      const scope = new EventTarget();
      vi.stubGlobal("document", {});
      vi.stubGlobal("addEventListener", scope.addEventListener.bind(scope));
      vi.stubGlobal("removeEventListener", scope.removeEventListener.bind(scope));
      for (const [resume, goodbyes] of [
        [storageOf(), 0],
        [true, 1],
      ] as const) {
        const { fetch, seen } = scriptedFetch(json(connectAnswer));
        await new AgentVM({ fetch, events: false }).connect({ resume });
        scope.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: false }));
        await settle();
        expect(paths(seen).filter((path) => path === "/game/disconnect")).toHaveLength(goodbyes);
      }
    });
  });
});
