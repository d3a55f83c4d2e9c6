import { describe, expect, it } from "vitest";
import { localControls } from "../../mock-server/console/controls/local-controls.js";
import { reportSchema } from "../../mock-server/console/controls/wire.js";
import { EngineError } from "../../mock-server/domain/index.js";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { read } from "../lib/read.js";

const all = { kind: "all" } as const;
const work = { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 };

const backendFrom = (snapshot?: unknown): MockBackend =>
  createMockBackend({
    seed: 1,
    clock: "manual",
    limits: { max_agents: 50 },
    ...(snapshot === undefined ? {} : { snapshot }),
  });

/** A snapshot in which there is something of everything. */
function saved(): unknown {
  const backend = backendFrom();
  const { engine, clock } = backend;
  engine.games.connect({ game_id: "red", metadata: { level: 3 } });
  const position = { x: 1, y: 2, z: 3 };
  engine.scenes.put(all, "hall", {
    game_id: "red",
    bounds: { min: position, max: position },
    spawn_points: [position],
    workspaces: [{ id: "desk", position }],
  });
  const red = { kind: "game", game_id: "red" } as const;
  const { id: agent_id } = engine.agents.create(red, { agent_type: "aider", scene_id: "hall" });
  engine.agents.create(all, { agent_type: "aider" });
  engine.agents.create(all, { agent_type: "claude" });
  engine.agents.move(red, { agent_id, position, sequence: 7 });
  engine.tasks.assign(red, { ...work, agent_id });
  clock.advance(60_000);
  engine.tasks.assign(red, { ...work, agent_id });
  engine.tasks.assign(red, { ...work, agent_id });
  engine.tasks.assignTeam(all, { ...work, team_size: 2 });
  engine.tasks.assign(all, work);
  clock.advance(4_000);
  const snapshot: unknown = JSON.parse(JSON.stringify(backend.snapshot()));
  backend.close();
  return snapshot;
}

type Path = readonly string[];

/** Where numbers and times stand in a value; of lists the first two items are looked into. */
function* fieldsOf(value: unknown, path: Path = []): Generator<{ path: Path; is: "number" | "time" }> {
  if (typeof value === "number") yield { path, is: "number" };
  else if (typeof value === "string" && /^\d{4}-.*Z$/.test(value)) yield { path, is: "time" };
  else if (typeof value === "object" && value !== null) {
    const entries: [string, unknown][] = Object.entries(value);
    for (const [name, part] of Array.isArray(value) ? entries.slice(0, 2) : entries)
      yield* fieldsOf(part, [...path, name]);
  }
}

/** The value with another one at a place. */
function withAt(value: unknown, [name, ...rest]: Path, other: unknown): unknown {
  if (name === undefined) return other;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? Object.assign([], value)
    : { ...Object(value) };
  copy[name] = withAt(copy[name], rest, other);
  return copy;
}

const EXTREMES = {
  number: [-1, 0, 0.5, 1e12, 1e15, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), Number.MAX_VALUE, -Number.MAX_VALUE],
  time: [
    "0000-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00.000Z",
    "2999-12-31T23:59:59.999Z",
    "3000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "2026-13-45T99:99:99.999Z",
    "2026-02-30T00:00:00.000Z",
  ],
};

/** What may just be loaded; what is counted on from there is more. */
const AT_BOUND: ReadonlySet<unknown> = new Set([1e12, 1e15, "2999-12-31T23:59:59.999Z"]);

/** Whether the snapshot was loaded; checks that it is refused with a name, or that the backend goes on as any does. */
async function goesOn(snapshot: unknown, named: string, isAtBound = false): Promise<boolean> {
  let backend: MockBackend;
  try {
    backend = backendFrom(snapshot);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: "invalid_request", message: expect.stringContaining(named) });
    return false;
  }
  const controls = localControls(backend);
  const { engine, clock } = backend;
  const before = engine.agents.list(all, { limit: 500 }).items.length;
  const { id: agent_id } = engine.agents.create(all, { agent_type: "aider" });
  const { id } = engine.tasks.assign(all, { ...work, agent_id });
  engine.agents.move(all, { agent_id, position: { x: 1, y: 1, z: 1 } });
  engine.games.connect({ game_id: "red" });
  const { seq } = engine.log;
  clock.advance(120_000);
  expect(engine.log.seq).toBeGreaterThan(seq);
  expect(engine.tasks.get(all, id).result).not.toBeNull();
  const ids = engine.agents.list(all, { limit: 500 }).items.map((agent) => agent.id);
  expect(ids).toHaveLength(before + 1);
  expect(engine.agents.list(all, { limit: 1, cursor: pageBefore(engine, before) }).items[0]?.id).toBe(
    agent_id,
  );
  const report = JSON.parse(JSON.stringify(await controls.report(0)));
  expect(read(reportSchema, report).status.total_agents).toBe(before + 1);
  if (!isAtBound) {
    const again = backendFrom(JSON.parse(await controls.saveSnapshot()));
    expect(again.engine.log.seq).toBe(engine.log.seq);
    again.close();
  }
  controls.close();
  backend.close();
  return true;
}

/** The cursor of the page that has so many agents. */
function pageBefore({ agents }: MockBackend["engine"], count: number): string {
  return agents.list(all, { limit: count }).next_cursor ?? "";
}

describe("a snapshot with one field at an extreme", { timeout: 60_000 }, () => {
  const snapshot = saved();
  const fields = [...fieldsOf(snapshot)];

  it("has something of everything that is looked at", () => {
    expect(fields.length).toBeGreaterThan(80);
  });

  it("as it was saved is loaded, and goes on", async () => {
    expect(await goesOn(snapshot, "")).toBe(true);
  });

  it.each(["seq", "saved_at"])(
    "is refused at its %s with the field named, and nothing has changed",
    (field) => {
      const backend = backendFrom();
      const before = JSON.stringify(backend.snapshot());
      const now = backend.clock.now();
      const value = field === "seq" ? 2 ** 53 - 1 : "9999-12-31T23:59:59.999Z";
      const restart = () => backend.restart({ snapshot: withAt(snapshot, [field], value) });
      expect(restart).toThrow(`snapshot.${field} must be`);
      expect(JSON.stringify(backend.snapshot())).toBe(before);
      expect(backend.clock.now()).toBe(now);
      backend.close();
    },
  );

  it.each(fields.map(({ path, is }) => [path.join("."), path, is] as const))(
    "at %s, is refused with the field named, or is loaded and goes on",
    async (_name, path, is) => {
      const field = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
      for (const extreme of EXTREMES[is])
        await goesOn(withAt(snapshot, path, extreme), field, AT_BOUND.has(extreme));
    },
  );
});
