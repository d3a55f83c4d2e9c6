import { describe, expect, it } from "vitest";
import { all, crew, get, ofGame, only, rig, thrownBy, work, type RigOptions } from "../domain/support.js";
import { fakeWorker, newest } from "./fake-worker.js";

/** A task of a game at work. */
function working(options: RigOptions = {}) {
  const worker = fakeWorker();
  const tested = rig({ work: worker, ...options });
  const { session_id: session } = tested.engine.games.connect({ game_id: "red" });
  const [agentId = ""] = crew(tested.engine, ["aider"], ofGame("red"));
  const { id: taskId } = tested.engine.tasks.assign(ofGame("red"), work());
  const members = () => tested.engine.agents.list(ofGame("red"), {}).items.map(({ id }) => id);
  return { ...tested, session, worker, agentId, taskId, members, job: newest(worker.jobs) };
}

describe("an agent that helps with a task", () => {
  it("comes where its parent is, at work, and is told as a part of it", () => {
    const { job, engine, agentId, taskId, events } = working();
    job.place({ x: 1, y: 2, z: 3 });
    const id = job.child("t1", { name: "Explorer", state: "thinking" });
    const child = engine.agents.get(ofGame("red"), id ?? "");
    expect(child).toMatchObject({
      name: "Explorer",
      type: "aider",
      parent_agent_id: agentId,
      state: "thinking",
      current_task_id: taskId,
      position: { x: 1, y: 2, z: 3 },
      game_id: "red",
    });
    expect(only(events, "agent.created").at(-1)?.data.agent).toEqual(child);
  });

  it("is seen doing what is said of it, and is one however often", () => {
    const { job, engine, members } = working();
    const id = job.child("t1", { state: "thinking" });
    expect(job.child("t1", { state: "coding" })).toBe(id);
    expect(engine.agents.get(all, id ?? "")).toMatchObject({ state: "coding", name: "t1" });
    expect(members()).toHaveLength(2);
  });

  it("leaves when it is gone, and another may come under its name", () => {
    const { job, members, agentId } = working();
    const first = job.child("t1", { state: "thinking" });
    expect(job.child("t1", "gone")).toBe(first);
    expect(job.child("t1", "gone")).toBeNull();
    expect(members()).toEqual([agentId]);
    expect(job.child("t1", { state: "thinking" })).not.toBe(first);
  });

  it.each<[string, (tested: ReturnType<typeof working>) => unknown]>([
    ["is done", ({ job }) => job.finish(null)],
    ["is cancelled", ({ engine, taskId }) => engine.tasks.cancel(all, taskId, null)],
    ["loses its agent", ({ engine, agentId }) => engine.agents.remove(all, agentId)],
    [
      "is of a game that is emptied",
      ({ engine, session, advance }) => {
        engine.games.disconnect(session);
        advance(31);
      },
    ],
  ])("leaves when its task %s, once", (_how, end) => {
    const tested = working();
    const { job, engine, events } = tested;
    const ids = [job.child("a", { state: "thinking" }), job.child("b", { state: "coding" })];
    end(tested);
    const removed = only(events, "agent.removed").map(({ data }) => data.agent_id);
    expect(removed.filter((id) => ids.includes(id))).toEqual(ids);
    expect(
      engine.agents.list(all, {}).items.filter(({ parent_agent_id }) => parent_agent_id !== null),
    ).toEqual([]);
    expect(engine.snapshot().world.children).toEqual([]);
    expect(job.child("c", { state: "thinking" })).toBeNull();
  });

  it("may be removed by hand: its task goes on, and what waited for it goes to others", () => {
    const { job, engine, taskId, agentId } = working();
    const id = job.child("t1", { state: "thinking" }) ?? "";
    const [free = ""] = crew(engine, ["claude"], ofGame("red"));
    const next = engine.tasks.assign(all, work({ agent_id: id }));
    expect(next.status).toBe("assigned");
    engine.agents.remove(all, id);
    expect(get(engine, taskId)).toMatchObject({ status: "running", agent_id: agentId });
    expect(get(engine, next.id)).toMatchObject({ status: "running", agent_id: free });
  });

  it("is one of eight at the most", () => {
    const { job, members } = working({ limits: { max_agents: 50 } });
    const ids = Array.from({ length: 9 }, (_, nth) => job.child(`t${nth}`, { state: "thinking" }));
    expect(ids.filter((id) => id !== null)).toHaveLength(8);
    expect(ids[8]).toBeNull();
    expect(members()).toHaveLength(9);
  });

  it("counts among the agents that its game may have", () => {
    const { job, engine } = working({ limits: { max_agents: 2 } });
    expect(job.child("a", { state: "thinking" })).not.toBeNull();
    expect(job.child("b", { state: "thinking" })).toBeNull();
    expect(thrownBy(() => engine.agents.create(ofGame("red"), { agent_type: "aider" }))).toMatchObject({
      code: "agent_limit_reached",
    });
  });

  it("takes no work itself, and is no member of a team", () => {
    const { job, engine } = working({ limits: { max_agents: 2 } });
    job.child("t1", { state: "thinking" });
    expect(engine.tasks.assign(ofGame("red"), work()).status).toBe("pending");
    expect(engine.counts().idle_agents).toBe(0);
  });

  it("stands in a snapshot, from which another goes on", () => {
    const { job, engine, taskId } = working();
    const id = job.child("t1", { state: "thinking" }) ?? "";
    job.keep({ count: 1 });
    const worker = fakeWorker();
    const second = rig({ work: worker, snapshot: JSON.parse(JSON.stringify(engine.snapshot())) });
    expect(second.engine.snapshot()).toEqual(engine.snapshot());
    second.engine.tasks.cancel(all, taskId, null);
    expect(second.engine.agents.list(all, {}).items.map((agent) => agent.id)).not.toContain(id);
  });

  it.each(["", "x".repeat(201)])("has a name with its worker: %j is none", (child) => {
    const { job } = working();
    expect(thrownBy(() => job.child(child, { state: "thinking" }))).toMatchObject({
      code: "invalid_request",
    });
  });
});
