import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnyEvent } from "../../src/contract/index.js";
import { LISTENERS_MAX } from "../../mock-server/domain/bounds.js";
import { all, crew, ofGame, rig, thrownBy, typesOf, work } from "./support.js";

describe("the event log", () => {
  it("numbers events from 1 without a gap, in one epoch", () => {
    const { engine, events, advance } = rig();
    crew(engine, ["aider", "claude"]);
    engine.tasks.assign(all, work());
    advance(60);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(events.map(({ epoch }) => epoch))).toEqual(new Set([engine.log.epoch]));
    expect(engine.log.seq).toBe(events.length);
  });

  it("gives what came after a place, and says so when some of it is kept no more", () => {
    const { engine, events } = rig({ limits: { event_buffer: 4, max_agents: 50 } });
    crew(engine, Array<string>(10).fill("aider"));
    expect(engine.log.floor(all)).toBe(6);
    expect(engine.log.after(all, 6)).toEqual(events.slice(6));
    expect(engine.log.after(all, 8)).toEqual(events.slice(8));
    expect(engine.log.after(all, 10)).toEqual([]);
    expect(engine.log.after(all, 5)).toBe("outrun");
    expect(engine.log.after(all, 11)).toBe("outrun");
  });

  it("uses up no number for a thousand agents that move, and keeps none of their moves", () => {
    const { engine, events } = rig({ limits: { event_buffer: 1_000, max_agents: 1_000 } });
    const agents = crew(engine, Array<string>(1_000).fill("aider"));
    for (let x = 1; x <= 20; x += 1)
      engine.agents.moveMany(
        all,
        agents.map((agent_id) => ({ agent_id, position: { x, y: 0, z: 0 } })),
      );
    expect(engine.log.seq).toBe(1_000);
    expect(engine.log.after(all, 0)).toEqual(events.slice(0, 1_000));
    expect(events).toHaveLength(21_000);
    expect(new Set(events.slice(1_000).map(({ type, seq }) => `${type} ${seq}`))).toEqual(
      new Set(["agent.moved 1000"]),
    );
    engine.tasks.assign(all, work());
    expect(events.at(-1)?.seq).toBe(1_003);
  });

  it("says that all is told once the last event of a command is, and not of a command that tells nothing", () => {
    const { engine } = rig();
    const told: string[] = [];
    const [agent_id = ""] = crew(engine, ["aider"]);
    engine.log.subscribe(({ type }) => told.push(type));
    engine.log.onTold(() => told.push("all"));
    const update = { agent_id, position: { x: 1, y: 0, z: 0 } };
    engine.agents.moveMany(all, [update, update]);
    engine.agents.get(all, agent_id);
    engine.agents.remove(all, agent_id);
    expect(told).toEqual(["agent.moved", "agent.moved", "all", "agent.removed", "all"]);
  });

  it("has beside it the last move of each agent as it was told, whatever became of the agent since", () => {
    const place = fc.record({
      who: fc.nat(2),
      x: fc.double({ min: -100_000, max: 100_000, noNaN: true }),
      y: fc.constantFrom(0, -0, 0.1),
      sequence: fc.option(fc.nat(), { nil: undefined }),
      scene_id: fc.constantFrom(undefined, "hall", "yard"),
      ms: fc.integer({ min: 0, max: 2_000 }),
      ends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), fc.boolean(), (moves, isRestored) => {
        const { engine, events, advance } = rig({ limits: { max_agents: 100 } });
        const { game_id } = engine.games.connect({});
        for (const scene_id of ["hall", "yard"]) engine.scenes.put(all, scene_id, { game_id });
        const agents = crew(engine, ["aider", "aider", "claude"], ofGame(game_id));
        for (const { who, x, y, sequence, scene_id, ms, ends } of moves) {
          const agent_id = agents[who] ?? "";
          engine.agents.move(all, {
            agent_id,
            position: { x, y, z: -x },
            ...(sequence !== undefined && { sequence }),
            ...(scene_id !== undefined && { scene_id }),
          });
          advance(ms / 1_000);
          if (ends) {
            engine.agents.remove(all, agent_id);
            agents[who] = crew(engine, ["claude"], ofGame(game_id))[0] ?? "";
          }
        }
        const last = new Map<string, AnyEvent>();
        for (const event of events) {
          if (event.type === "agent.removed") last.delete(event.data.agent_id);
          if (event.type !== "agent.moved") continue;
          last.delete(event.data.agent_id);
          last.set(event.data.agent_id, event);
        }
        const snapshot: unknown = JSON.parse(JSON.stringify(engine.snapshot()));
        const { agents: asked } = isRestored ? rig({ snapshot }).engine : engine;
        for (const seq of [0, 3, engine.log.seq - 1, engine.log.seq, engine.log.seq + 1]) {
          const moved = asked.movedSince(all, seq);
          const wanted = [...last.values()].filter((event) => event.seq >= seq);
          expect(moved.map(({ seq: at }) => at)).toEqual(wanted.map(({ seq: at }) => at));
          expect(new Set(moved)).toEqual(new Set(wanted));
          expect(moved.every((event) => Object.isFrozen(event.data))).toBe(true);
        }
        expect(asked.movedSince(ofGame(game_id), 0)).toEqual(asked.movedSince(all, 0));
        expect(asked.movedSince(ofGame("another"), 0)).toEqual([]);
      }),
    );
  });

  it("is empty before the first event", () => {
    const { engine } = rig();
    expect(engine.log.seq).toBe(0);
    expect(engine.log.floor(all)).toBe(0);
    expect(engine.log.after(all, 0)).toEqual([]);
  });

  it("tells of a command when it is done, not in its middle", () => {
    const { engine } = rig();
    const [agent_id = ""] = crew(engine, ["aider"]);
    const seen: string[] = [];
    engine.log.subscribe(({ type }) => seen.push(`${type} ${engine.agents.get(all, agent_id).state}`));
    engine.tasks.assign(all, work({ agent_id }));
    expect(seen).toEqual(["task.assigned thinking", "agent.state_changed thinking", "task.started thinking"]);
  });

  it("goes on when a listener throws, and reports it", () => {
    const reported: unknown[] = [];
    const { engine, events } = rig({ onListenerError: (error) => reported.push(error) });
    const heard: AnyEvent[] = [];
    engine.log.subscribe(() => {
      throw new Error("mine alone");
    });
    engine.log.subscribe((event) => heard.push(event));
    crew(engine, ["aider", "claude"]);
    expect(heard).toEqual(events);
    expect(reported).toEqual([new Error("mine alone"), new Error("mine alone")]);
  });

  it("tells what a listener causes after what it was told of, in order to everybody", () => {
    const { engine, events } = rig();
    const heard: number[] = [];
    engine.log.subscribe((event) => {
      if (event.type === "agent.created" && event.seq < 3) crew(engine, ["claude"]);
    });
    engine.log.subscribe(({ seq }) => heard.push(seq));
    crew(engine, ["aider"]);
    expect(heard).toEqual([1, 2, 3]);
    expect(typesOf(events)).toEqual(["agent.created", "agent.created", "agent.created"]);
  });

  it("tells a new listener nothing that happened before it came", () => {
    const { engine } = rig();
    const late: number[] = [];
    let subscribed = false;
    engine.log.subscribe(() => {
      if (!subscribed) engine.log.subscribe(({ seq }) => late.push(seq));
      subscribed = true;
    });
    crew(engine, ["aider"]);
    engine.tasks.assign(all, work());
    expect(late).toEqual([2, 3, 4]);
  });

  it("tells nobody who has undone their subscription", () => {
    const { engine, events } = rig();
    const heard: AnyEvent[] = [];
    const undo = engine.log.subscribe((event) => heard.push(event));
    crew(engine, ["aider"]);
    undo();
    crew(engine, ["aider"]);
    expect(heard).toEqual(events.slice(0, 1));
  });

  it("takes only so many listeners", () => {
    const { engine } = rig();
    const undo = engine.onSchedule(() => undefined);
    for (let count = 1; count < LISTENERS_MAX; count += 1) engine.onSchedule(() => undefined);
    expect(thrownBy(() => engine.onSchedule(() => undefined))).toMatchObject({ code: "unavailable" });
    undo();
    expect(engine.onSchedule(() => undefined)).toBeTypeOf("function");
  });
});

describe("the schedule", () => {
  it("is told when the next work is due earlier than before", () => {
    const { engine, clock } = rig();
    const told: (number | null)[] = [];
    engine.onSchedule(() => told.push(engine.nextDueAt()));
    expect(engine.nextDueAt()).toBeNull();
    engine.games.connect({});
    crew(engine, ["aider"]);
    engine.tasks.assign(all, work());
    expect(told).toEqual([clock.now() + 3_480_000, clock.now() + 50]);
  });

  it("gives each event the time at which it was due, however late it is looked at", () => {
    const prompt = rig();
    const late = rig();
    for (const { engine } of [prompt, late]) {
      crew(engine, ["aider"]);
      engine.tasks.assign(all, work());
    }
    for (let second = 0; second < 40; second += 1) prompt.advance(1);
    late.advance(40);
    expect(JSON.stringify(late.events)).toBe(JSON.stringify(prompt.events));
  });

  it("does what is due before any call answers", () => {
    const { engine, clock } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ timeout: 1 }));
    clock.advance(1_000);
    expect(engine.tasks.get(all, id).status).toBe("failed");
  });

  it("goes on when the clock is set back", () => {
    let now = 1_000_000;
    const clock = { ...rig().clock, now: () => now, setTimeout: () => () => undefined, speed: 1 };
    const { engine } = rig({ clock: { ...clock, advance: () => undefined, close: () => undefined } });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ timeout: 2 }));
    now -= 500_000;
    engine.runDue();
    expect(engine.tasks.get(all, id).status).toBe("running");
    now += 2_000;
    expect(engine.tasks.get(all, id).status).toBe("failed");
    expect(engine.log.after(all, 0)).toSatisfy((events: readonly AnyEvent[]) =>
      events.every((event, index) => event.timestamp >= (events[index - 1]?.timestamp ?? "")),
    );
  });
});

describe("the engine's settings", () => {
  it("that are wrong are named", () => {
    expect(thrownBy(() => rig({ limits: { max_agents: -1 } }))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["limits", "max_agents"] }],
    });
  });
});
