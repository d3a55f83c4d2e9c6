import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { startMockServer } from "../../mock-server/node.js";
import { CancelledError, ClosedError } from "../../src/index.js";
import { connectAnswer, failure, hang, json, scriptedFetch } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { transports, waysToBackend } from "./transports.js";
import type { AnyAgentVM } from "./transports.js";

describe.each(waysToBackend)("a connect that is given up by an AgentVM %s", (_name, make) => {
  let backend: MockBackend;
  let agentvm: AnyAgentVM;
  const begin = () => {
    backend = createMockBackend({ seed: 3 });
    agentvm = make(backend.connection());
  };
  const sessions = () => backend.engine.counts().sessions;

  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  it("is over once the disconnect is, and leaves no session behind", async () => {
    begin();
    const connecting = agentvm.connect();
    await agentvm.game.disconnect();
    expect(await rejectionOf(connecting)).toBeInstanceOf(CancelledError);
    expect(agentvm.state.status).toBe("idle");
    expect(agentvm.gameId).toBeNull();
    expect(sessions()).toBe(0);
  });

  it("is over while it waits for the event stream too", async () => {
    begin();
    const connecting = agentvm.connect();
    while (agentvm.gameId === null) await new Promise((resolve) => setImmediate(resolve));
    await agentvm.game.disconnect();
    // It may have been quick enough.
    await connecting.catch((error: unknown) => expect(error).toBeInstanceOf(CancelledError));
    expect(agentvm.state.status).toBe("idle");
    expect(sessions()).toBe(0);
  });

  it("leaves the session of the connect that came after the disconnect, and that alone", async () => {
    begin();
    const first = rejectionOf(agentvm.connect());
    const disconnecting = agentvm.game.disconnect();
    const session = await agentvm.connect();
    await disconnecting;
    expect(await first).toBeInstanceOf(CancelledError);
    expect(agentvm.state.status).toBe("live");
    expect(agentvm.gameId).toBe(session.game_id);
    expect(sessions()).toBe(1);
  });

  it("gives way to another connect", async () => {
    begin();
    const first = rejectionOf(agentvm.connect({ game_id: "one" }));
    await agentvm.connect({ game_id: "two" });
    expect(await first).toBeInstanceOf(CancelledError);
    expect(agentvm.gameId).toBe("two");
    expect(sessions()).toBe(1);
  });

  it("gives way to another connect once it is there too, and is ended", async () => {
    begin();
    await agentvm.connect({ game_id: "one" });
    await agentvm.connect({ game_id: "two" });
    await settle();
    expect(agentvm.gameId).toBe("two");
    expect(agentvm.state.status).toBe("live");
    expect(sessions()).toBe(1);
  });

  /** From the first step of a connect to well past its last one. */
  const steps = Array.from({ length: 40 }, (_none, index) => index);

  it("leaves no session behind, at whichever step the client is closed", async () => {
    for (const step of steps) {
      begin();
      const connecting = agentvm.connect();
      for (let turn = 0; turn < step; turn += 1) await Promise.resolve();
      const closing = agentvm.close();
      await connecting.catch((error: unknown) => expect(error).toBeInstanceOf(ClosedError));
      await closing;
      expect(sessions(), `closed at step ${step}`).toBe(0);
      backend.close();
    }
  });

  it("leaves no session behind, at whichever step its signal is aborted", async () => {
    for (const step of steps) {
      begin();
      const controller = new AbortController();
      const connecting = agentvm.connect({}, { signal: controller.signal });
      for (let turn = 0; turn < step; turn += 1) await Promise.resolve();
      controller.abort();
      const error = await connecting.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      await settle();
      // It may have been quick enough.
      if (error !== null) expect(error).toBeInstanceOf(CancelledError);
      expect(sessions(), `aborted at step ${step}`).toBe(error === null ? 1 : 0);
      expect(agentvm.gameId !== null).toBe(error === null);
      await agentvm.close();
      backend.close();
    }
  });

  it("is not held against one who disconnects where there was nothing", async () => {
    begin();
    expect(await rejectionOf(agentvm.game.disconnect())).toMatchObject({ code: "no_session" });
    await agentvm.connect();
    expect(agentvm.state.status).toBe("live");
  });
});

describe.each(transports)("a connect that is given up by an AgentVM %s over a network", (_name, make) => {
  /** What a server does before it answers a connect, and what its sessions are afterwards. */
  async function withServer(work: (agentvm: AnyAgentVM, sessions: () => Promise<number>) => Promise<void>) {
    const server = await startMockServer({ port: 0 });
    const options = { endpoint: server.url, apiKey: "development-key" };
    const watcher = make(options);
    await work(make(options), async () => (await watcher.system.status()).sessions);
    await watcher.close();
    await server.close();
  }

  it("leaves no session behind after a disconnect", () =>
    withServer(async (agentvm, sessions) => {
      const connecting = agentvm.connect();
      await agentvm.game.disconnect();
      expect(await rejectionOf(connecting)).toBeInstanceOf(CancelledError);
      expect(await sessions()).toBe(0);
      await agentvm.close();
    }));

  it.each([0, 1, 2, 3, 5, 8, 13, 21, 34, 55])("leaves none behind after a close, %d turns on", (turns) =>
    withServer(async (agentvm, sessions) => {
      const connecting = agentvm.connect();
      connecting.catch(() => undefined);
      await settle(turns);
      await agentvm.close();
      expect(await sessions()).toBe(0);
    }),
  );
});

describe.each(transports)("closing an AgentVM %s in the middle of a connect", (_name, make) => {
  it("rejects at once, and ends the session that comes a second later by its own token", async () => {
    const clock = manualClock();
    const { fetch, seen } = scriptedFetch(
      (request, signal) =>
        new Promise((resolve) => {
          clock.setTimeout(
            () => void Promise.resolve(json(connectAnswer)(request, signal)).then(resolve),
            1_000,
          );
        }),
      json({ success: true }),
    );
    const agentvm = make({ fetch, clock, apiKey: "the-key" });
    const connecting = rejectionOf(agentvm.connect());
    await settle();
    const closing = agentvm.close();
    expect(await connecting).toMatchObject({ name: "ClosedError", outcome: "unknown" });
    await inTime(clock, closing);
    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual(["/game/connect", "/game/disconnect"]);
    expect(seen[1]?.headers.get("authorization")).toBe("Bearer token_1");
    expect(seen[1]?.headers.get("x-api-key")).toBeNull();
  });

  it("waits two seconds for one that does not come, and ends its request then", async () => {
    const clock = manualClock();
    let isAborted = false;
    const { fetch, seen } = scriptedFetch((request, signal) => {
      signal?.addEventListener("abort", () => (isAborted = true));
      return hang(request, signal);
    });
    const agentvm = make({ fetch, clock });
    const connecting = rejectionOf(agentvm.connect());
    await settle();
    const closing = agentvm.close();
    expect(await connecting).toBeInstanceOf(ClosedError);
    const before = clock.now();
    expect(isAborted).toBe(false);
    await inTime(clock, closing);
    await settle();
    expect(isAborted).toBe(true);
    expect(clock.now() - before).toBeLessThanOrEqual(2_100);
    expect(seen).toHaveLength(1);
  });

  it("tries a connect that failed no other time", async () => {
    const clock = manualClock();
    const { fetch, seen } = scriptedFetch(failure("unavailable", 503), json(connectAnswer));
    const agentvm = make({ fetch, clock });
    const connecting = rejectionOf(agentvm.connect());
    await settle();
    await agentvm.close();
    expect(await connecting).toBeInstanceOf(ClosedError);
    clock.advance(60_000);
    await settle();
    expect(seen).toHaveLength(1);
  });
});

describe.each(transports)("a connect of an AgentVM %s", (_name, make) => {
  it("is not ended by a call that finds the session before it gone", async () => {
    const { fetch, seen } = scriptedFetch(
      json(connectAnswer),
      failure("session_expired", 401),
      json({ ...connectAnswer, session_token: "token_2" }),
      json([]),
    );
    const agentvm = make({ fetch });
    await agentvm.connect();
    const listing = agentvm.agents.list();
    const connecting = agentvm.connect();
    await connecting;
    await expect(listing).resolves.toEqual([]);
    expect(seen.filter(({ url }) => url.endsWith("/connect"))).toHaveLength(2);
  });

  it("that gives the session which is open already does not end it", async () => {
    const { fetch, seen } = scriptedFetch(json(connectAnswer));
    const agentvm = make({ fetch });
    await agentvm.connect();
    await agentvm.connect();
    await settle();
    expect(seen.map(({ url }) => new URL(url).pathname)).toEqual(["/game/connect", "/game/connect"]);
  });
});
