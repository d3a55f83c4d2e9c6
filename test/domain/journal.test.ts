import { describe, expect, it } from "vitest";
import type { Commit, EngineSnapshot } from "../../mock-server/domain/index.js";
import { RevConflict } from "../../mock-server/journal/journal.js";
import { MemoryJournal } from "../../mock-server/journal/memory-journal.js";
import { createBackend } from "../../mock-server/backend.js";
import { Replica } from "./replica.js";
import { all, crew, rig, thrownBy } from "./support.js";

const nothing = (): void => undefined;

function commit(rev: number, changes = 1): Commit {
  const change = { type: "session.closed", session_id: `session_${rev}` } as const;
  return { rev, at: rev, changes: Array.from({ length: changes }, () => change), reply: null };
}

function snapshot(): EngineSnapshot {
  return rig().engine.snapshot();
}

describe("a journal in memory", () => {
  it("gives back what was appended since the checkpoint, in order, each shard by itself", () => {
    const journal = new MemoryJournal();
    journal.checkpoint("red", 0, snapshot());
    journal.checkpoint("blue", 4, snapshot());
    journal.append("red", 0, [commit(1), commit(2)]);
    journal.append("red", 2, [commit(3)]);
    journal.append("blue", 4, [commit(5)]);
    expect(journal.read("red", 0)).toEqual([commit(1), commit(2), commit(3)]);
    expect(journal.read("red", 2)).toEqual([commit(3)]);
    expect(journal.read("red", 3)).toEqual([]);
    expect(journal.read("blue", 4)).toEqual([commit(5)]);
    expect(journal.load("blue")?.rev).toBe(4);
    expect(journal.load("green")).toBeNull();
  });

  it("refuses what does not follow, and keeps nothing of it", () => {
    const journal = new MemoryJournal();
    journal.checkpoint("red", 0, snapshot());
    journal.append("red", 0, [commit(1)]);
    expect(thrownBy(() => journal.append("red", 0, [commit(1)]))).toBeInstanceOf(RevConflict);
    expect(thrownBy(() => journal.append("red", 2, [commit(3)]))).toMatchObject({
      message: "The shard 'red' is at commit 1, and not at 2: catch up and try again.",
    });
    expect(journal.read("red", 0)).toEqual([commit(1)]);
  });

  it("forgets with a checkpoint what came before it", () => {
    const journal = new MemoryJournal();
    journal.checkpoint("red", 0, snapshot());
    journal.append("red", 0, [commit(1), commit(2), commit(3)]);
    journal.checkpoint("red", 2, snapshot());
    expect(journal.read("red", 2)).toEqual([commit(3)]);
    expect(journal.read("red", 1)).toBe("outrun");
  });

  it("keeps no more than its bound, and says so to who comes too late", () => {
    const journal = new MemoryJournal(nothing, 10);
    journal.checkpoint("red", 0, snapshot());
    for (let rev = 1; rev <= 6; rev += 1) journal.append("red", rev - 1, [commit(rev, 3)]);
    expect(journal.read("red", 2)).toBe("outrun");
    expect(journal.read("red", 3)).toEqual([commit(4, 3), commit(5, 3), commit(6, 3)]);
    journal.append("red", 6, [commit(7, 11)]);
    expect(journal.read("red", 6)).toBe("outrun");
    expect(journal.read("red", 7)).toEqual([]);
  });

  it("keeps nothing before the first checkpoint, from which alone something can be built", () => {
    const journal = new MemoryJournal();
    journal.append("red", 0, [commit(1)]);
    expect(journal.read("red", 0)).toBe("outrun");
    expect(journal.read("red", 1)).toEqual([]);
  });

  it("tells that there is something new, to all who listen, until they undo it", () => {
    const errors: unknown[] = [];
    const journal = new MemoryJournal((error) => errors.push(error));
    let told = 0;
    journal.subscribe("red", () => {
      throw new Error("from a listener");
    });
    const undo = journal.subscribe("red", () => (told += 1));
    journal.append("red", 0, [commit(1)]);
    undo();
    journal.append("red", 1, [commit(2)]);
    expect(told).toBe(1);
    expect(errors).toHaveLength(2);
  });

  it("brings a replica to where a backend is, from its checkpoint on", () => {
    const journal = new MemoryJournal();
    const backend = createBackend({ seed: 7, clock: "manual", parts: { journal: () => journal } });
    const { engine } = backend;
    crew(engine, ["aider", "claude"]);
    const { rev, ...rest } = backend.snapshot();
    journal.checkpoint("all", rev, { ...rest, rev });
    engine.tasks.assign(all, { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600 });
    backend.clock.advance(5_000);
    const loaded = journal.load("all");
    const replica = new Replica(loaded?.snapshot ?? snapshot());
    const commits = journal.read("all", loaded?.rev ?? 0);
    expect(commits).not.toBe("outrun");
    if (commits !== "outrun") for (const one of commits) replica.apply(one);
    const { saved_at } = backend.snapshot();
    expect({ ...replica.snapshot(), saved_at }).toEqual(backend.snapshot());
    backend.close();
  });
});
