import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventDataSchemas, TASK_OUTPUT_MAX_BYTES } from "../../src/contract/index.js";
import { OUTPUT_CUT_NOTICE, OutputBuffer } from "../../mock-server/domain/output-buffer.js";
import { charactersOf, excerptOf, utf8Length } from "../../mock-server/domain/utf8.js";
import { all, crew, get, only, rig, teamWork, thrownBy, work } from "./support.js";
import { read } from "../lib/read.js";

const TASK_TYPES = [
  "general",
  "debugging",
  "feature_development",
  "documentation",
  "explanation",
  "juggling",
];

describe("simulated work", () => {
  it("says in its first line that it is simulated", () => {
    const { engine } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    expect(engine.tasks.output(all, id, 0).lines[0]?.text).toMatch(/^\[simulated\].*\n$/);
  });

  it("takes 6 to 30 seconds, mostly succeeds and sometimes fails", () => {
    const { engine, advance } = rig({ limits: { max_agents: 400 } });
    crew(
      engine,
      Array.from({ length: 400 }, (_, index) => ["aider", "claude", "opencode", "custom"][index % 4] ?? ""),
    );
    const ids = Array.from({ length: 400 }, (_, index) => {
      return engine.tasks.assign(all, work({ task_type: TASK_TYPES[index % TASK_TYPES.length] ?? "" })).id;
    });
    advance(31);
    const tasks = ids.map((id) => get(engine, id));
    const completed = tasks.filter(({ status }) => status === "completed");
    const failed = tasks.filter(({ status }) => status === "failed");
    expect(completed.length + failed.length).toBe(400);
    expect(completed.length).toBeGreaterThan(280);
    expect(failed.length).toBeGreaterThan(8);
    for (const { result } of completed) {
      expect(result?.execution_time).toBeGreaterThanOrEqual(6);
      expect(result?.execution_time).toBeLessThanOrEqual(30);
    }
    expect(failed.every(({ result }) => result?.error?.message !== "" && result?.success === false)).toBe(
      true,
    );
  });

  it("is shown in states, in progress that only grows, and in both streams", () => {
    const { engine, events, advance } = rig({ limits: { max_agents: 60 } });
    crew(engine, Array<string>(60).fill("opencode"));
    const ids = Array.from(
      { length: 60 },
      () => engine.tasks.assign(all, work({ task_type: "debugging" })).id,
    );
    advance(31);
    const states = new Set(only(events, "agent.state_changed").map(({ data }) => data.state));
    expect([...states].sort()).toEqual(["coding", "error", "idle", "speaking", "thinking"]);
    const streams = ids.flatMap((id) => engine.tasks.output(all, id, 0).lines.map(({ stream }) => stream));
    expect(new Set(streams)).toEqual(new Set(["stdout", "stderr"]));
    for (const id of ids) {
      const shares = only(events, "task.progress")
        .filter(({ data }) => data.task_id === id)
        .map(({ data }) => data.progress);
      expect(shares.length).toBeGreaterThan(2);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
    }
  });

  it("makes events that fit the contract, every one", () => {
    const { engine, events, advance } = rig({ limits: { auto_spawn: true, session_ttl_seconds: 20 } });
    const { game_id } = engine.games.connect({});
    engine.scenes.put(all, "hall", {
      game_id,
      workspaces: [{ id: "desk", position: { x: 3, y: 0, z: 1 } }],
    });
    const agent = engine.agents.create(all, { agent_type: "aider", game_id, scene_id: "hall" });
    engine.tasks.assign(all, work({ agent_id: agent.id }));
    engine.tasks.assignTeam(all, teamWork());
    const waiting = engine.tasks.assign(all, work({ agent_id: agent.id }));
    engine.tasks.cancel(all, waiting.id, "no");
    advance(60);
    engine.agents.remove(all, agent.id);
    for (const event of events) {
      expect(read(eventDataSchemas[event.type], event.data)).toEqual(event.data);
    }
    expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(9);
  });

  it("is begun by walking to the desk that the agent's scene has for it", () => {
    const { engine, events, advance } = rig();
    const { game_id } = engine.games.connect({});
    const desk = { x: 3, y: 0, z: 1 };
    engine.scenes.put(all, "hall", { game_id, workspaces: [{ id: "desk", position: desk }] });
    const { id } = engine.agents.create(all, { agent_type: "aider", game_id, scene_id: "hall" });
    engine.tasks.assign(all, work({ agent_id: id }));
    expect(engine.agents.get(all, id).state).toBe("moving");
    advance(6);
    expect(engine.agents.get(all, id)).toMatchObject({ position: desk, scene_id: "hall" });
    expect(only(events, "agent.moved").map(({ data }) => data)).toEqual([
      { agent_id: id, position: desk, scene_id: "hall", sequence: null },
    ]);
  });

  it("takes any prompt as plain text", () => {
    const { engine } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ prompt: "pay $& and $1\nthen\tstop" }));
    const { lines } = engine.tasks.output(all, id, 0);
    expect(lines[1]?.text).toBe("[aider] Aider takes on: pay $& and $1 then stop\n");
  });
});

describe("a task's output", () => {
  it("is read from any byte on without losing or repeating a character", () => {
    const { engine, advance } = rig({ seed: 3 });
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work({ prompt: "Größe – naïve 𝒙 €" }));
    advance(40);
    const whole = engine.tasks.output(all, id, 0);
    const text = whole.lines.map((line) => line.text).join("");
    const bytes = new TextEncoder().encode(text);
    expect(whole.next_offset).toBe(bytes.length);
    expect(bytes.length).toBeGreaterThan(text.length);
    for (let offset = 0; offset < bytes.length; offset += 1) {
      const [first] = engine.tasks.output(all, id, offset).lines;
      const rest = engine.tasks
        .output(all, id, offset)
        .lines.map((line) => line.text)
        .join("");
      // The start of the character that the byte is in: UTF-8 marks the bytes that continue one.
      let start = offset;
      while (((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
      expect(first?.offset).toBe(start);
      expect(rest).toBe(new TextDecoder().decode(bytes.slice(start)));
    }
  });

  it("of which nothing is new is empty, and says whether more can come", () => {
    const { engine, advance } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    const { next_offset } = engine.tasks.output(all, id, 0);
    expect(engine.tasks.output(all, id, next_offset)).toEqual({ lines: [], next_offset, ended: null });
    expect(engine.tasks.output(all, id, 999_999)).toEqual({ lines: [], next_offset: 999_999, ended: null });
    advance(40);
    expect(engine.tasks.output(all, id, 999_999).ended).toBe(get(engine, id).status);
  });

  it("from an offset that is none is refused", () => {
    const { engine } = rig();
    const { id } = engine.tasks.assign(all, work());
    for (const offset of [-1, 0.5, Number.NaN]) {
      expect(thrownBy(() => engine.tasks.output(all, id, offset))).toMatchObject({ code: "invalid_request" });
    }
  });

  it("is told to those who follow it: more of it, and its end", () => {
    const { engine, advance } = rig();
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    let told = 0;
    const undo = engine.outputs.subscribe(id, () => (told += 1));
    advance(1);
    expect(told).toBe(1);
    engine.tasks.cancel(all, id, null);
    expect(told).toBe(2);
    undo();
    undo();
    advance(100_000);
    expect(told).toBe(2);
  });

  it("is cut at its bound, and its last line says so", () => {
    const buffer = new OutputBuffer(100);
    buffer.write("stdout", "short\n");
    buffer.write("stdout", `${"é".repeat(80)}\n`);
    buffer.write("stdout", "never\n");
    expect(buffer.size).toBeLessThanOrEqual(100);
    expect(buffer.lines.at(-1)?.text).toBe(OUTPUT_CUT_NOTICE);
    const { lines, next_offset } = buffer.from(0);
    expect(utf8Length(lines.map(({ text }) => text).join(""))).toBe(next_offset);
  });

  it("that was cut stays so when it is restored", () => {
    const buffer = new OutputBuffer(100);
    buffer.write("stdout", "x".repeat(101));
    const other = new OutputBuffer(100);
    other.restore(buffer.lines, buffer.full);
    other.write("stdout", "more\n");
    expect(other.from(0)).toEqual(buffer.from(0));
  });

  it("of the largest size fits into its bound", () => {
    const buffer = new OutputBuffer();
    for (let line = 0; line < 6_000; line += 1) buffer.write("stdout", `${"é".repeat(40)}\n`);
    expect(buffer.full).toBe(true);
    expect(buffer.size).toBeLessThanOrEqual(TASK_OUTPUT_MAX_BYTES);
    expect(buffer.size).toBeGreaterThan(TASK_OUTPUT_MAX_BYTES - 200);
  });
});

describe("texts in UTF-8", () => {
  it("are counted as an encoder counts them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  it("are shortened without cutting a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, maximum) => {
        const excerpt = excerptOf(text, maximum);
        expect(charactersOf(excerpt)).toBeLessThanOrEqual(maximum);
        expect(new TextDecoder().decode(new TextEncoder().encode(excerpt))).toBe(excerpt);
      }),
    );
  });
});
