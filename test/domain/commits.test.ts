import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Commit } from "../../mock-server/domain/commit.js";
import { createBackendClock } from "../../mock-server/domain/index.js";
import { calls, commands, limits, patience, prepared, run, watchedWork } from "./random-commands.js";
import { Replica } from "./replica.js";
import { all, crew, rig, thrownBy, work, type Rig } from "./support.js";

/** A rig that keeps its commits, and says what it is told while. */
function kept(append: (commit: Commit) => void = () => undefined): { tested: Rig; commits: Commit[] } {
  const commits: Commit[] = [];
  const tested = rig({
    append(commit) {
      append(commit);
      commits.push(commit);
    },
  });
  return { tested, commits };
}

describe("a commit", () => {
  it("holds all that a command did, its time and its reply, and is numbered without a gap", () => {
    const { tested, commits } = kept();
    const { engine, clock } = tested;
    clock.advance(5_000);
    const [worker = ""] = crew(engine, ["aider"]);
    const task = engine.tasks.assign(all, work({ agent_id: worker }));
    expect(commits.map(({ rev }) => rev)).toEqual([1, 2]);
    const [created, assigned] = commits;
    expect(created).toMatchObject({ at: clock.now(), reply: { id: worker } });
    expect(created?.changes.map(({ type }) => type)).toEqual(["agent.created", "ids.given"]);
    expect(assigned?.reply).toBe(task);
    expect(assigned?.changes.map(({ type }) => type)).toEqual([
      "task.assigned",
      "work.chosen",
      "agent.state_changed",
      "task.started",
      "job.planned",
      "output.written",
      "output.written",
      "work.kept",
      "job.planned",
      "ids.given",
    ]);
  });

  it("is made of what falls due too, each thing at its own time", () => {
    const { tested, commits } = kept();
    crew(tested.engine, ["aider"]);
    tested.engine.tasks.assign(all, work());
    const before = commits.length;
    tested.advance(60);
    const due = commits.slice(before);
    expect(due.length).toBeGreaterThan(3);
    expect(due.every(({ reply, at }) => reply === null && at < tested.clock.now())).toBe(true);
    expect(new Set(due.map(({ at }) => at)).size).toBe(due.length);
  });

  it("is made by nothing that only looks, and by nothing that was refused", () => {
    const { tested, commits } = kept();
    tested.engine.agents.list(all, {});
    expect(thrownBy(() => tested.engine.agents.remove(all, "agent_none"))).toMatchObject({
      code: "agent_not_found",
    });
    expect(commits).toEqual([]);
  });

  it("is one where several things are asked for as one command, and what fails of them is not in it", () => {
    const { tested, commits } = kept();
    const { engine } = tested;
    const heard: number[] = [];
    engine.log.subscribe(() => heard.push(commits.length));
    const reply = engine.command(() => {
      const [first = ""] = crew(engine, ["aider"]);
      const failed = thrownBy(() =>
        engine.command(() => {
          crew(engine, ["claude"]);
          throw new Error("in the middle");
        }),
      );
      expect(failed).toMatchObject({ message: "in the middle" });
      crew(engine, ["opencode"]);
      return first;
    });
    expect(commits).toHaveLength(1);
    expect(commits[0]?.reply).toBe(reply);
    expect(engine.agents.list(all, {}).items.map(({ type }) => type)).toEqual(["aider", "opencode"]);
    expect(tested.events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(heard).toEqual([1, 1]);
  });

  it("is heard of by nobody before it is kept", () => {
    const order: string[] = [];
    const { tested } = kept(() => order.push("kept"));
    tested.engine.log.subscribe(({ type }) => order.push(type));
    crew(tested.engine, ["aider"]);
    expect(order).toEqual(["kept", "agent.created"]);
  });

  it("has not happened when it cannot be kept", () => {
    let isFull = false;
    const { tested } = kept(() => {
      if (isFull) throw new Error("The disk is full.");
    });
    const { engine, events } = tested;
    crew(engine, ["aider"]);
    const before = engine.snapshot();
    const told = [...events];
    isFull = true;
    expect(thrownBy(() => engine.tasks.assign(all, work()))).toMatchObject({ message: "The disk is full." });
    expect(thrownBy(() => crew(engine, ["claude"]))).toBeInstanceOf(Error);
    expect(engine.snapshot()).toEqual(before);
    expect(events).toEqual(told);
    expect(engine.log.seq).toBe(before.seq);
    isFull = false;
    const again = rig();
    crew(again.engine, ["aider"]);
    expect(engine.tasks.assign(all, work())).toEqual(again.engine.tasks.assign(all, work()));
    expect(events).toEqual(again.events);
  });

  it("that is due and cannot be kept is tried again a second later, and keeps nothing else from being done", () => {
    let isFull = false;
    const { tested } = kept(() => {
      if (isFull) throw new Error("The disk is full.");
    });
    const { engine, clock } = tested;
    crew(engine, ["aider"]);
    const { id } = engine.tasks.assign(all, work());
    isFull = true;
    clock.advance(600_000);
    expect(thrownBy(() => engine.runDue())).toMatchObject({ message: "The disk is full." });
    isFull = false;
    crew(engine, ["claude"]);
    tested.advance(60);
    expect(engine.tasks.get(all, id).completed_at).not.toBeNull();
  });

  it("is heard by the others, whole, when one of those who hear it throws, and when the one throws who is told of that", () => {
    const { engine, events } = rig({
      onListenerError: () => {
        throw new Error("from the report");
      },
    });
    const late: number[] = [];
    engine.log.subscribe(() => {
      throw new Error("from a listener");
    });
    engine.log.subscribe(({ seq }) => late.push(seq));
    crew(engine, ["aider", "claude"]);
    engine.tasks.assign(all, work());
    expect(late).toEqual(events.map(({ seq }) => seq));
    expect(engine.log.seq).toBe(events.at(-1)?.seq);
    expect(engine.log.after(all, 0)).toEqual(events);
  });
});

// Each runs thousands of commands; a busy machine takes its time.
describe("whatever is asked", { timeout: 120_000 }, () => {
  it("is known to a replica that has the commits alone, at each of them, and the replica goes on in the same way", () => {
    fc.assert(
      fc.property(fc.nat(), limits, commands, calls, (seed, someLimits, before, after) => {
        let follow: (commit: Commit) => void = () => undefined;
        const append = (commit: Commit) => follow(commit);
        const { tested: first, sessions } = prepared(seed, someLimits, { append });
        const replica = new Replica(first.engine.snapshot());
        follow = (commit) => {
          replica.apply(commit);
          // It is not kept yet while it is handed over, and all of it has been done.
          const { analytics: _late, ...known } = replica.snapshot();
          const { analytics: _kept, ...made } = first.engine.snapshot();
          expect(known).toEqual({ ...made, rev: commit.rev });
        };
        for (const one of before) {
          run(first, sessions, one);
          // What was reported is added up once it is kept.
          const { analytics } = first.engine.snapshot();
          expect(replica.snapshot().analytics).toEqual(analytics);
        }

        const clock = createBackendClock("manual");
        clock.advance(first.clock.now() - clock.now());
        const made: Commit[][] = [[], []];
        follow = (commit) => made[0]?.push(commit);
        const second = rig({
          seed: seed + 1,
          work: watchedWork(),
          limits: someLimits,
          clock,
          // It was there all the time, so that nothing lay: the time is the same for both.
          snapshot: { ...replica.snapshot(), saved_at: first.engine.snapshot().saved_at },
          append: (commit) => made[1]?.push(commit),
        });
        const secondSessions = [...sessions];
        for (const one of after) {
          run(first, sessions, one);
          run(second, secondSessions, one);
        }
        expect(JSON.stringify(made[1])).toBe(JSON.stringify(made[0]));
        expect(second.engine.snapshot()).toEqual(first.engine.snapshot());
      }),
      { numRuns: 60, ...patience },
    );
  });
});
