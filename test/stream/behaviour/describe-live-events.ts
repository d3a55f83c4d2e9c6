import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import type { BackendClock } from "../../../mock-server/domain/index.js";
import { AgentVM, NotFoundError } from "../../../src/slim.js";
import type { AgentVMOptions, AnyEvent, ConnectionState, GapEvent, StreamEvent } from "../../../src/slim.js";
import { urlOf } from "../../sdk/scripted-fetch.js";
import { clientClock, hastyRandom } from "./live-host.js";
import type { LiveHost, LivePlace } from "./live-host.js";

/** What a client was told, as `epoch/seq`, and its gaps. */
class Log {
  readonly told: StreamEvent[] = [];
  #wake: () => void = () => undefined;

  constructor(agentvm: AgentVM) {
    agentvm.on("*", (event) => {
      this.told.push(event);
      this.#wake();
    });
  }

  get seqs(): number[] {
    return this.told.flatMap((event) => (event.type === "gap" ? [] : [event.seq]));
  }

  /** What stands in the stream. */
  get numbered(): StreamEvent[] {
    return this.told.filter(({ type }) => type !== "agent.moved");
  }

  get gaps(): GapEvent[] {
    return this.told.filter((event) => event.type === "gap");
  }

  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

/** Resolves at once when the client's state is of that kind, else when it has become so. */
async function status(agentvm: AgentVM, wanted: ConnectionState["status"]): Promise<void> {
  if (agentvm.state.status === wanted) return;
  await new Promise<void>((resolve) => {
    const undo = agentvm.on("connection", ({ current }) => {
      if (current.status !== wanted) return;
      undo();
      resolve();
    });
  });
}

/** What the server's log holds for a game after a place. */
function serverLog({ backend }: LivePlace, gameId: string, after = 0): readonly AnyEvent[] {
  const events = backend.engine.log.after({ kind: "all" }, after);
  if (events === "outrun") throw new Error("The test's own log was outrun.");
  return events.filter((event) => event.game_id === gameId);
}

/** What a user of live events may rely on, on whatever host. */
export function describeLiveEvents(host: LiveHost): void {
  describe(`Live events ${host.name}`, () => {
    const clients: AgentVM[] = [];
    let place: LivePlace;
    let clock: BackendClock;
    let calls: string[];

    const begin = async (options?: BackendOptions): Promise<void> => {
      place = await host.start(options);
    };
    const make = (options: AgentVMOptions = {}): AgentVM => {
      const { fetch: send, ...connection } = place.connection;
      const agentvm = new AgentVM({
        ...connection,
        clock,
        random: hastyRandom,
        fetch: async (input, init) => {
          calls.push(`${init?.method ?? "GET"} ${new URL(urlOf(input)).pathname}`);
          if (send === undefined) throw new Error("A host brings its own fetch.");
          return send(input, init);
        },
        ...options,
      });
      clients.push(agentvm);
      return agentvm;
    };
    const connected = async (options?: AgentVMOptions) => {
      const agentvm = make(options);
      const log = new Log(agentvm);
      const { game_id, session_id } = await agentvm.connect({ game_name: "My game" });
      return { agentvm, log, gameId: game_id, sessionId: session_id };
    };

    beforeEach(() => {
      clock = clientClock();
      calls = [];
    });
    afterEach(async () => {
      await Promise.all(clients.splice(0).map((agentvm) => agentvm.close()));
      clock.close();
      await place.close();
    });

    it("are there once the game is connected, in order, typed by their name", async () => {
      await begin();
      const { agentvm, log, gameId } = await connected();
      expect(agentvm.state).toMatchObject({ status: "live", recovered: true });
      const names: string[] = [];
      agentvm.on("agent.created", ({ data }) => names.push(data.agent.name));
      await agentvm.agents.create({ agent_type: "aider", name: "Ada" });
      await agentvm.agents.create({ agent_type: "claude", name: "Cleo" });
      await log.until(() => log.told.length === 2);
      expect(names).toEqual(["Ada", "Cleo"]);
      expect(log.told).toEqual(serverLog(place, gameId));
    });

    it("are heard by `once` once, and not at all after `off`, the undo or the signal", async () => {
      await begin();
      const { agentvm, log } = await connected();
      const heard: string[] = [];
      const listen = (who: string) => () => {
        heard.push(who);
      };
      const off = listen("off");
      const stop = new AbortController();
      agentvm.once("agent.created", listen("once"));
      agentvm.on("agent.created", off);
      const undo = agentvm.on("agent.created", listen("undo"));
      agentvm.on("agent.created", listen("signal"), { signal: stop.signal });
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      agentvm.off("agent.created", off);
      undo();
      stop.abort();
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 2);
      expect(heard).toEqual(["once", "off", "undo", "signal"]);
    });

    it("can be read with for await, by the names that are wanted", async () => {
      await begin();
      const { agentvm } = await connected();
      const reader = agentvm.events({ types: ["agent.moved"] });
      const agent = await agentvm.agents.create("aider");
      await agentvm.agents.move(agent.id, { x: 1, y: 2, z: 3 });
      const first = await reader.next();
      expect(first.value).toMatchObject({
        type: "agent.moved",
        data: { agent_id: agent.id, position: { z: 3 } },
      });
      await agentvm.close();
      expect(await reader.next()).toEqual({ done: true, value: undefined });
    });

    it("go on for the others when a listener throws, and say so", async () => {
      await begin();
      const { agentvm, log } = await connected();
      const errors: string[] = [];
      agentvm.on("error", ({ code }) => errors.push(code));
      agentvm.on("agent.created", () => {
        throw new Error("a listener's own failure");
      });
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      expect(errors).toEqual(["listener_failed"]);
      expect(agentvm.state.status).toBe("live");
    });

    it("come back by themselves after a cut, with all that was missed, in order and once", async () => {
      await begin();
      const { agentvm, log, gameId } = await connected();
      const { engine } = place.backend;
      const scope = { kind: "game", game_id: gameId } as const;
      const { id } = await agentvm.agents.create("aider");
      const places: number[] = [];
      agentvm.on("agent.moved", ({ data }) => places.push(data.position.x));
      let x = 0;
      const changes: ConnectionState["status"][] = [];
      agentvm.on("connection", ({ current }) => {
        changes.push(current.status);
        // Meanwhile the game goes on.
        for (let time = 0; time < 20; time += 1)
          engine.agents.move(scope, { agent_id: id, position: { x: (x += 1), y: 0, z: 0 } });
        engine.agents.create(scope, { agent_type: "claude" });
      });
      for (let cuts = 0; cuts < 5; cuts += 1) {
        place.cut();
        await status(agentvm, "waiting").catch(() => undefined);
        await status(agentvm, "live");
      }
      const all = serverLog(place, gameId);
      await log.until(() => log.seqs.at(-1) === all.at(-1)?.seq && places.at(-1) === x);
      expect(log.numbered).toEqual(all);
      expect(places).toEqual([...places].sort((one, other) => one - other));
      expect(changes).toContain("live");
    });

    it("tell a gap, and only one, exactly where the server's buffer was outrun, and go on from there", async () => {
      await begin({ limits: { event_buffer: 10, max_agents: 200 } });
      const { agentvm, log, gameId } = await connected();
      const { engine } = place.backend;
      const scope = { kind: "game", game_id: gameId } as const;
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      const held = log.seqs.at(-1);
      agentvm.once("connection", () => {
        for (let made = 0; made < 30; made += 1) engine.agents.create(scope, { agent_type: "claude" });
      });
      place.cut();
      await log.until(() => log.gaps.length === 1);
      const [gap] = log.gaps;
      const { epoch, seq } = engine.log;
      expect(gap).toMatchObject({ reason: "buffer_outrun", from: { epoch, seq: held }, to: { epoch, seq } });
      expect(gap?.agents).toEqual(engine.games.agents({ kind: "all" }, gameId).agents);
      await status(agentvm, "live");
      expect(agentvm.state).toMatchObject({ status: "live", recovered: false });
      await agentvm.agents.create("claude");
      await log.until(() => log.seqs.at(-1) === seq + 1);
      expect(log.told.map(({ type }) => type.toString())).toEqual(["agent.created", "gap", "agent.created"]);
    });

    it("are all there after an absence in which another game outran the server's buffer many times", async () => {
      await begin({ limits: { event_buffer: 10, max_agents: 200 } });
      const { agentvm, log, gameId } = await connected();
      const { engine } = place.backend;
      const { id } = await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      const other = { kind: "game", game_id: engine.games.connect({}).game_id } as const;
      agentvm.once("connection", () => {
        for (let made = 0; made < 100; made += 1) engine.agents.create(other, { agent_type: "claude" });
        engine.agents.remove({ kind: "all" }, id);
      });
      place.cut();
      await log.until(() => log.told.length === 2);
      await status(agentvm, "live");
      expect(agentvm.state).toMatchObject({ status: "live", recovered: true });
      expect(log.told.map(({ type }) => type.toString())).toEqual(["agent.created", "agent.removed"]);
      expect(log.told.at(-1)).toMatchObject({ game_id: gameId, seq: engine.log.seq });
    });

    it("are no gap after a flood of moves, of which the newest of each agent follows", async () => {
      await begin({ limits: { event_buffer: 10 } });
      const { agentvm, log, gameId } = await connected();
      const { engine } = place.backend;
      const ids: string[] = [];
      for (const type of ["aider", "claude", "opencode"]) ids.push((await agentvm.agents.create(type)).id);
      await log.until(() => log.told.length === 3);
      const { seq } = engine.log;
      agentvm.once("connection", () => {
        for (let x = 1; x <= 1_000; x += 1)
          for (const agent_id of ids)
            engine.agents.move({ kind: "all" }, { agent_id, position: { x, y: 0, z: 0 } });
      });
      place.cut();
      await log.until(() => log.told.length === 6);
      await status(agentvm, "live");
      expect(agentvm.state).toMatchObject({ status: "live", recovered: true });
      expect(engine.log.seq).toBe(seq);
      const moves = log.told.slice(3);
      expect(moves).toMatchObject(
        ids.map((agent_id) => ({
          type: "agent.moved",
          seq,
          game_id: gameId,
          data: { agent_id, position: { x: 1_000 } },
        })),
      );
    });

    it("come back after a restart of the server, with a new session of the same game", async () => {
      await begin();
      const { agentvm, log, gameId } = await connected();
      const before = place.backend.engine.log.epoch;
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      const reasons: string[] = [];
      agentvm.on("connection", ({ current }) => {
        if (current.status === "waiting") reasons.push(current.reason);
      });
      await place.restart();
      await log.until(() => log.gaps.length === 1);
      await status(agentvm, "live");
      const { log: after, ...engine } = place.backend.engine;
      expect(log.gaps[0]).toMatchObject({ reason: "epoch_changed", from: { epoch: before }, agents: [] });
      expect(log.gaps[0]?.to.epoch).toBe(after.epoch);
      expect(reasons[0]).toBe("server restarting");
      expect(agentvm.gameId).toBe(gameId);
      const agent = await agentvm.agents.create("claude");
      expect(engine.agents.get({ kind: "all" }, agent.id).game_id).toBe(gameId);
      await log.until(() => log.seqs.length === 2);
    });

    it("go on when the session has been ended: the game is connected again and nothing is lost", async () => {
      await begin();
      const { agentvm, log, gameId, sessionId } = await connected();
      await agentvm.agents.create("aider");
      const asked = calls.filter((call) => call === "POST /game/connect").length;
      const left = status(agentvm, "connecting");
      place.backend.engine.games.disconnect(sessionId);
      place.backend.access.revoke(sessionId);
      await left;
      await status(agentvm, "live");
      expect(calls.filter((call) => call === "POST /game/connect")).toHaveLength(asked + 1);
      expect(agentvm.gameId).toBe(gameId);
      await agentvm.agents.create("claude");
      const all = serverLog(place, gameId);
      await log.until(() => log.seqs.at(-1) === all.at(-1)?.seq);
      expect(log.gaps).toEqual([]);
      expect(log.told).toEqual(all);
    });

    it("are those of one's own game alone", async () => {
      await begin();
      const one = await connected();
      const other = await connected();
      await one.agentvm.agents.create("aider");
      await other.agentvm.agents.create("claude");
      await Promise.all([one, other].map(({ log }) => log.until(() => log.told.length === 1)));
      expect(one.log.told).toEqual(serverLog(place, one.gameId));
      expect(other.log.told).toEqual(serverLog(place, other.gameId));
    });

    it("end with the session, and begin anew with the next game", async () => {
      await begin();
      const { agentvm, log, gameId } = await connected();
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 1);
      await agentvm.game.disconnect();
      expect(agentvm.state).toEqual({ status: "idle" });
      const { game_id: next } = await agentvm.connect();
      await agentvm.agents.create("claude");
      await log.until(() => log.told.length === 2);
      expect(next).not.toBe(gameId);
      expect(log.told.map((event) => event.type === "gap" || event.game_id)).toEqual([gameId, next]);
    });

    it("are not opened where they are not wanted", async () => {
      await begin();
      const { agentvm, log } = await connected({ events: false });
      await agentvm.agents.create("aider");
      expect(agentvm.state).toEqual({ status: "idle" });
      expect(place.backend.hub.connections).toBe(0);
      expect(log.told).toEqual([]);
    });

    it("can be opened by one who has only a key, for a game or for all", async () => {
      await begin();
      const watcher = make();
      const log = new Log(watcher);
      await watcher.openEvents({ types: ["agent.created"] });
      const { agentvm } = await connected();
      const { id } = await agentvm.agents.create("aider");
      await agentvm.agents.move(id, { x: 1, y: 1, z: 1 });
      await agentvm.agents.create("aider");
      await log.until(() => log.told.length === 2);
      expect(log.told.map(({ type }) => type.toString())).toEqual(["agent.created", "agent.created"]);
    });

    it("end with close, on both sides", async () => {
      await begin();
      const { agentvm, log } = await connected();
      await agentvm.close();
      expect(agentvm.state).toEqual({ status: "closed" });
      expect(() => agentvm.on("agent.created", () => undefined)).toThrow(/closed/);
      while (place.backend.hub.connections > 0) await new Promise((resolve) => setImmediate(resolve));
      place.backend.engine.agents.create({ kind: "all" }, { agent_type: "aider" });
      expect(log.told).toEqual([]);
    });

    describe("and commands", () => {
      it("go over the stream while it is open, and answer as REST does", async () => {
        await begin();
        const { agentvm } = await connected();
        const quiet = make({ events: false });
        const { id } = await agentvm.agents.create("aider");
        const compare = async (act: (client: AgentVM) => PromiseLike<unknown>): Promise<void> => {
          calls.length = 0;
          const answer = await act(agentvm);
          expect(calls).toEqual([]);
          const other = await act(quiet);
          expect(calls).toHaveLength(1);
          const withoutIds = (value: unknown): string =>
            JSON.stringify(value ?? null).replace(/(task|team)_\w+/g, "$1");
          expect(withoutIds(answer)).toBe(withoutIds(other));
        };
        await compare((client) => client.agents.move(id, { x: 1, y: 0, z: 0 }));
        await compare((client) =>
          client.agents.moveMany([
            { agent_id: id, position: { x: 2, y: 0, z: 0 } },
            { agent_id: "agent_none", position: { x: 2, y: 0, z: 0 } },
          ]),
        );
        const ids: string[] = [];
        await compare(async (client) => {
          const handle = await client.tasks.assign({ prompt: "Fix the jump", agent_id: id });
          ids.push(handle.id);
        });
        await compare((client) => client.tasks.cancel(ids.pop() ?? "", "not wanted"));
      });

      it("are refused as over REST, with the same error", async () => {
        await begin();
        const { agentvm } = await connected();
        const quiet = make({ events: false });
        for (const act of [
          (client: AgentVM) => client.agents.move("agent_none", { x: 1, y: 0, z: 0 }),
          (client: AgentVM) => client.tasks.cancel("task_none"),
          (client: AgentVM) => client.tasks.assign({ prompt: "Fix the jump", agent_id: "agent_none" }),
        ]) {
          const [overStream, overRest] = await Promise.all(
            [agentvm, quiet].map((client) => act(client).catch((error: unknown) => error)),
          );
          expect(overStream).toBeInstanceOf(NotFoundError);
          if (!(overStream instanceof NotFoundError) || !(overRest instanceof NotFoundError)) continue;
          expect({ ...overStream.toJSON(), requestId: "" }).toEqual({ ...overRest.toJSON(), requestId: "" });
        }
      });

      it("that were done and lost their answer are done once: the answer comes by REST under the same key", async () => {
        await begin();
        const { agentvm } = await connected();
        const agent = await agentvm.agents.create("aider");
        for (let turn = 0; turn < 5; turn += 1) {
          // The server has just done it; its answer is not on the way yet.
          const undo = place.backend.engine.log.subscribe((event) => {
            if (event.type === "task.assigned") place.cut();
          });
          calls.length = 0;
          const task = await agentvm.tasks.assign({ prompt: `Fix jump ${turn}`, agent_id: agent.id });
          undo();
          expect(calls.filter((call) => call === "POST /tasks/assign").length).toBeGreaterThan(0);
          const { prompt } = await agentvm.tasks.get(task.id);
          expect(prompt).toBe(`Fix jump ${turn}`);
          await status(agentvm, "live");
        }
        expect(await agentvm.tasks.list()).toHaveLength(5);
      });

      it("go by REST while the stream is away", async () => {
        await begin();
        const { agentvm } = await connected();
        const agent = await agentvm.agents.create("aider");
        const away = new Promise<unknown>((resolve) => {
          agentvm.once("connection", () => {
            resolve(agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id }));
          });
        });
        calls.length = 0;
        place.cut();
        await away;
        expect(calls).toContain("POST /tasks/assign");
        expect(await agentvm.tasks.list()).toHaveLength(1);
      });
    });

    describe("and task handles", () => {
      const finish = async (settled: () => boolean): Promise<void> => {
        while (!settled()) {
          place.backend.clock.advance(200);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };

      const follow = async (agentvm: AgentVM, meanwhile: () => void = () => undefined) => {
        const agent = await agentvm.agents.create("aider");
        const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
        let over = false;
        const result = task.result().finally(() => (over = true));
        const progress: number[] = [];
        const watching = (async () => {
          for await (const now of task.progress()) progress.push(now.progress);
        })();
        meanwhile();
        await finish(() => over);
        await watching;
        return { task: await agentvm.tasks.get(task.id), result: await result, progress };
      };

      it("give the same with the stream and without it", async () => {
        const outcomes: unknown[] = [];
        for (const events of [true, false]) {
          await begin();
          const { agentvm } = await connected({ events });
          const { result, task, progress } = await follow(agentvm);
          expect(result).toEqual(task.result);
          expect(progress).toEqual([...progress].sort((a, b) => a - b));
          const { completed_at: _at, ...rest } = result;
          outcomes.push(rest);
          if (events) await place.close();
        }
        expect(outcomes[0]).toEqual(outcomes[1]);
      });

      it("follow events while the stream is live, and ask only at the beginning and the end", async () => {
        await begin();
        const { agentvm } = await connected();
        calls.length = 0;
        await follow(agentvm);
        const asked = calls.filter((call) => call.startsWith("GET /tasks/"));
        // Two followers share each look; the last of these is the test's own.
        expect(asked.length).toBeLessThanOrEqual(5);
      });

      it("give the same when the stream is cut again and again while they wait", async () => {
        await begin();
        const { agentvm } = await connected();
        let cuts = 0;
        const { result, task, progress } = await follow(agentvm, () => {
          agentvm.on("task.progress", () => {
            cuts += 1;
            place.cut();
          });
        });
        expect(cuts).toBeGreaterThan(1);
        expect(result).toEqual(task.result);
        expect(progress).toEqual([...progress].sort((a, b) => a - b));
      });

      it("of a team give each member's result, in order", async () => {
        await begin();
        const { agentvm } = await connected();
        for (const type of ["aider", "opencode", "claude"]) await agentvm.agents.create(type);
        const team = await agentvm.tasks.assignTeam({ prompt: "Add multiplayer", team_size: 3 });
        let over = false;
        const results = team.results().finally(() => (over = true));
        await finish(() => over);
        const known = await Promise.all(team.tasks.map(({ id }) => agentvm.tasks.get(id)));
        expect(await results).toEqual(known.map(({ result }) => result));
      });
    });

    describe("and live agents", () => {
      const sameAsServer = (agents: Iterable<{ readonly id: string }>, gameId: string): void => {
        const known = place.backend.engine.games.agents({ kind: "all" }, gameId).agents;
        const held = [...agents].map(({ ...agent }) => ({ ...agent, task: undefined }));
        expect(held).toEqual(known.map((agent) => ({ ...agent, task: undefined })));
      };

      it("are what the server holds, through work, moves, removal, cuts and gaps", async () => {
        await begin({ limits: { event_buffer: 40 } });
        const { agentvm, gameId } = await connected();
        const agents = agentvm.agents.live();
        const changed = (isSo: () => boolean) =>
          new Promise<void>((resolve) => {
            const undo = agents.subscribe(() => {
              if (!isSo()) return;
              undo();
              resolve();
            });
          });
        const ids: string[] = [];
        for (const type of ["aider", "claude", "opencode"]) ids.push((await agentvm.agents.create(type)).id);
        const [first = "", second = ""] = ids;
        await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: first });
        const { engine } = place.backend;
        for (let turn = 0; turn < 12; turn += 1) {
          place.backend.clock.advance(1_500);
          await agentvm.agents.move(second, { x: turn, y: 0, z: 0 });
          if (turn % 4 === 3) {
            const back = status(agentvm, "waiting").then(() => status(agentvm, "live"));
            if (turn === 7) {
              agentvm.once("connection", () => {
                for (let y = 0; y < 60; y += 1) {
                  engine.agents.move({ kind: "all" }, { agent_id: second, position: { x: 0, y, z: 0 } });
                }
              });
            }
            place.cut();
            await Promise.race([back, status(agentvm, "connecting").then(() => status(agentvm, "live"))]);
          }
        }
        const gone = changed(() => agents.size === 2);
        await agentvm.agents.remove(first);
        await gone;
        sameAsServer(agents, gameId);
        agents.close();
      });

      it("tell cheaply what changed since a version", async () => {
        await begin();
        const { agentvm, log } = await connected();
        const agents = agentvm.agents.live();
        const one = await agentvm.agents.create("aider");
        const two = await agentvm.agents.create("claude");
        await log.until(() => log.told.length === 2);
        while (!agents.isReady) await new Promise((resolve) => setImmediate(resolve));
        const { version } = agents.changedSince(0);
        await agentvm.agents.move(two.id, { x: 9, y: 0, z: 0 });
        await agentvm.agents.remove(one.id);
        await log.until(() => log.told.length === 4);
        const changes = agents.changedSince(version);
        expect(changes).toMatchObject({ removed: [one.id], reset: false });
        expect(changes.changed.map(({ id, position }) => [id, position.x])).toEqual([[two.id, 9]]);
        expect(agents.changedSince(changes.version)).toMatchObject({
          changed: [],
          removed: [],
          reset: false,
        });
      });
    });
  });
}
