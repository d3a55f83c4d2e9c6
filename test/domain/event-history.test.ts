import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  LIMITS_MAX,
  METADATA_MAX_BYTES,
  SEND_BUFFER_MAX_BYTES,
  type AnyEvent,
} from "../../src/contract/index.js";
import { LEFT_GAMES_MAX, RingLog } from "../../mock-server/domain/event-log.js";
import { GAMES_MAX } from "../../mock-server/domain/bounds.js";
import { all, crew, ofGame, rig, thrownBy, work } from "./support.js";

const MEBIBYTE = 1_048_576;

/** An event of a game whose text is so long. */
function told(seq: number, game_id: string | null, characters = 1): AnyEvent {
  const data = { task_id: "task_1", agent_id: "agent_1", progress: 0.5, message: "x".repeat(characters) };
  return { type: "task.progress", epoch: "epoch_1", seq, timestamp: "", game_id, data };
}

function logOf(capacity = 10_000) {
  const log = new RingLog("epoch_1", 0, capacity, () => undefined);
  let seq = 0;
  /** Appends events of a game. */
  const append = (game_id: string | null, count: number, characters?: number): void => {
    for (let made = 0; made < count; made += 1) log.append(told((seq += 1), game_id, characters));
  };
  return { log, append };
}

describe("the history of a game", () => {
  it("is outrun by that game alone", () => {
    const { engine, events } = rig({ limits: { event_buffer: 10, max_agents: 100 } });
    const [quiet = "", busy = ""] = [engine.games.connect({}), engine.games.connect({})].map(
      ({ game_id }) => game_id,
    );
    crew(engine, ["aider"], ofGame(quiet));
    crew(engine, Array<string>(100).fill("claude"), ofGame(busy));
    expect(engine.log.after(ofGame(quiet), 0)).toEqual(events.slice(0, 1));
    expect(engine.log.after(ofGame(busy), 0)).toBe("outrun");
    expect(engine.log.after(ofGame(busy), engine.log.seq - 10)).toEqual(events.slice(-10));
    expect(engine.log.after(all, 0)).toBe("outrun");
    expect(engine.log.after(all, engine.log.seq - 10)).toEqual(events.slice(-10));
  });

  it("is outrun by no agent without a game, nor by those in games that come and go", () => {
    const { engine, events } = rig({ limits: { event_buffer: 10, max_agents: 100 } });
    const { game_id } = engine.games.connect({});
    crew(engine, ["aider"], ofGame(game_id));
    crew(engine, Array<string>(50).fill("claude"));
    for (let games = 1; games < GAMES_MAX; games += 1) engine.games.connect({});
    expect(engine.log.after(ofGame(game_id), 0)).toEqual(events.slice(0, 1));
  });

  it("of which nothing has happened is whole, whatever was forgotten of others since", () => {
    const { engine } = rig();
    const busy = engine.games.connect({});
    const quiet = engine.games.connect({});
    const { seq } = engine.log;
    const [agent = ""] = crew(engine, ["aider"], ofGame(busy.game_id));
    engine.agents.remove(all, agent);
    engine.games.disconnect(busy.session_id);
    for (let games = 1; games < GAMES_MAX; games += 1) engine.games.connect({});
    expect(engine.log.after(ofGame(busy.game_id), seq)).toBe("outrun");
    expect(engine.log.after(ofGame(quiet.game_id), seq)).toEqual([]);
  });

  it("begins anew in an engine that was restored", () => {
    const first = rig();
    const { game_id } = first.engine.games.connect({});
    crew(first.engine, ["aider"], ofGame(game_id));
    const { engine, events } = rig({ snapshot: first.engine.snapshot() });
    crew(engine, ["aider"], ofGame(game_id));
    expect(engine.log.after(ofGame(game_id), 0)).toBe("outrun");
    expect(engine.log.after(ofGame(game_id), 1)).toEqual(events);
  });

  it("goes with the game when it is forgotten, and is not taken for whole by the next of that name", () => {
    const { engine } = rig();
    const { game_id, session_id } = engine.games.connect({ game_id: "old" });
    const [agent = ""] = crew(engine, ["aider"], ofGame(game_id));
    engine.agents.remove(all, agent);
    const seq = engine.log.seq;
    engine.games.disconnect(session_id);
    expect(engine.log.after(ofGame("old"), 0)).toHaveLength(2);
    const others = Array.from({ length: GAMES_MAX }, () => engine.games.connect({}));
    expect(engine.log.after(ofGame("old"), 0)).toBe("outrun");
    expect(engine.log.after(all, 0)).toBe("outrun");
    expect(engine.log.after(ofGame("old"), seq)).toEqual([]);
    engine.games.disconnect(others[0]?.session_id ?? "");
    engine.games.connect({ game_id: "old" });
    crew(engine, ["aider"], ofGame("old"));
    expect(engine.log.after(ofGame("old"), 0)).toBe("outrun");
    expect(engine.log.after(ofGame("old"), seq)).toHaveLength(1);
  });

  it("outlives a game that was left, so that who was away hears of its end", () => {
    const { engine, events, advance } = rig();
    const { session_id } = engine.games.connect({ game_id: "left" });
    const [agent_id = ""] = crew(engine, ["aider"], ofGame("left"));
    engine.games.disconnect(session_id);
    advance(30);
    expect(events.at(-1)).toMatchObject({ type: "agent.removed", data: { agent_id } });
    expect(engine.log.after(all, 0)).toEqual(events);
    engine.games.connect({ game_id: "left" });
    expect(engine.log.after(ofGame("left"), 1)).toEqual(events.slice(1));
  });

  it("of games that were left goes when there are many of them, the first to be left first", () => {
    const { engine, advance } = rig();
    const names = Array.from({ length: LEFT_GAMES_MAX + 1 }, (_, index) => `game_${index}`);
    for (const game_id of names) {
      const { session_id } = engine.games.connect({ game_id });
      crew(engine, ["aider"], ofGame(game_id));
      engine.games.disconnect(session_id);
      advance(30);
    }
    expect(engine.log.after(all, 0)).toBe("outrun");
    expect(engine.log.after(all, 2)).toHaveLength(2 * LEFT_GAMES_MAX);
    expect(engine.counts().total_agents).toBe(0);
  });

  it("is what a list of each game's newest events would be, wherever one asks from, a page at a time", () => {
    const step = fc.record({
      game: fc.constantFrom("one", "two", null),
      what: fc.constantFrom("works", "is forgotten"),
      times: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 7 }),
        (steps, capacity, most) => {
          const log = new RingLog("epoch_1", 0, capacity, () => undefined);
          const made: AnyEvent[] = [];
          const kept = new Map<string | null, AnyEvent[]>();
          let forgotten = 0;
          for (const { game, what, times } of steps) {
            if (what === "is forgotten") {
              if (game === null || !kept.has(game)) continue;
              log.forget(game);
              forgotten = Math.max(forgotten, kept.get(game)?.at(-1)?.seq ?? 0);
              kept.delete(game);
              continue;
            }
            for (let time = 0; time < times; time += 1) {
              const event = told(made.length + 1, game);
              made.push(event);
              log.append(event);
              kept.set(game, [...(kept.get(game) ?? []), event].slice(-capacity));
            }
          }
          const newestFirst = [...made].reverse();
          for (const game of ["one", "two"]) {
            const mine = kept.get(game) ?? [];
            for (let seq = 0; seq <= made.length; seq += 1) {
              const lost = newestFirst.find((event) => event.game_id === game && !mine.includes(event));
              const found = log.after(ofGame(game), seq);
              if (found === "outrun") expect(seq).toBeLessThan(Math.max(lost?.seq ?? 0, forgotten));
              else expect(found).toEqual(made.filter((event) => event.game_id === game && event.seq > seq));
              if (seq >= Math.max(lost?.seq ?? 0, forgotten)) expect(found).not.toBe("outrun");
            }
          }
          const lost = newestFirst.find((event) => kept.get(event.game_id)?.includes(event) !== true);
          expect(log.floor(all)).toBe(lost?.seq ?? 0);
          const read: AnyEvent[] = [];
          for (let seq = log.floor(all), page; ; seq = read.at(-1)?.seq ?? seq) {
            page = log.after(all, seq, most);
            expect(page.length).toBeLessThanOrEqual(most);
            if (page === "outrun" || page.length === 0) break;
            read.push(...page);
          }
          expect(read).toEqual(made.slice(log.floor(all)));
        },
      ),
    );
  });
});

describe("an event", () => {
  it("is less than what may wait for a reader, whatever a caller wrote", () => {
    const prompt_max_characters = LIMITS_MAX.prompt_max_characters;
    const { engine, events } = rig({ limits: { prompt_max_characters } });
    crew(engine, ["aider"]);
    // Each is six bytes of JSON.
    const prompt = `p${"\u0001".repeat(prompt_max_characters - 1)}`;
    const metadata = { text: "x".repeat(METADATA_MAX_BYTES - 20) };
    engine.tasks.assign(all, work({ prompt, metadata }));
    const sizes = events.map((event) => Buffer.byteLength(JSON.stringify(event)));
    expect(Math.max(...sizes)).toBeGreaterThan(600_000);
    expect(Math.max(...sizes)).toBeLessThan(SEND_BUFFER_MAX_BYTES);
  });

  it("could be no longer, since a server cannot be told to take longer prompts", () => {
    const prompt_max_characters = LIMITS_MAX.prompt_max_characters + 1;
    expect(thrownBy(() => rig({ limits: { prompt_max_characters } }))).toMatchObject({
      code: "invalid_request",
      detail: [{ loc: ["limits", "prompt_max_characters"] }],
    });
  });
});

describe("the memory of the history", () => {
  it("of one game is bounded however long its texts are, and the newest event stays", () => {
    const { log, append } = logOf();
    append("quiet", 1, 100_000);
    append("loud", 200, 100_000);
    expect(log.bytes).toBeLessThan(11 * MEBIBYTE);
    expect(log.after(ofGame("quiet"), 0)).toHaveLength(1);
    expect(log.floor(ofGame("loud"))).toBeGreaterThan(140);
    append("loud", 1, 10_000_000);
    expect(log.after(ofGame("loud"), log.seq - 1)).toHaveLength(1);
    append("loud", 1);
    expect(log.bytes).toBeLessThan(MEBIBYTE);
  });

  it("of all games is bounded, and those that hold little lose nothing for those that hold much", () => {
    const { log, append } = logOf();
    append("quiet", 3);
    for (let game = 0; game < 100; game += 1) append(`game_${game}`, 40, 50_000);
    expect(log.bytes).toBeLessThanOrEqual(64 * MEBIBYTE);
    expect(log.bytes).toBeGreaterThan(55 * MEBIBYTE);
    expect(log.after(ofGame("quiet"), 0)).toHaveLength(3);
    const floors = Array.from({ length: 100 }, (_, game) => log.floor(ofGame(`game_${game}`)));
    expect(floors.every((floor, game) => log.after(ofGame(`game_${game}`), floor).length > 0)).toBe(true);
    expect(floors.filter((floor) => floor > 0).length).toBeGreaterThan(50);
  });

  it("is given back by a game that is forgotten", () => {
    const { log, append } = logOf();
    append("gone", 20, 50_000);
    log.forget("gone");
    log.forget("never there");
    expect(log.bytes).toBe(0);
  });

  it("is more where a server is told to keep more", () => {
    const { log, append } = logOf(100_000);
    append("one", 100_000, 20);
    expect(log.floor(ofGame("one"))).toBe(0);
  });
});
