import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { AgentVM } from "../../src/slim.js";
import type { AgentVMError, AgentVMOptions, Position } from "../../src/index.js";
import { loadLateCode } from "../lib/late-code.js";
import { seededRandom } from "../stream/client/support/random.js";
import { settle } from "../stream/client/support/virtual-clock.js";

const at = (x: number) => ({ x, y: 0, z: 0 });

beforeAll(loadLateCode);

describe("agents.move in a game loop", () => {
  let backend: MockBackend;
  let agentvm: AgentVM;
  const errors: AgentVMError[] = [];

  async function start(options: AgentVMOptions = {}): Promise<void> {
    backend = createMockBackend({ seed: 1, clock: "manual", limits: { max_agents: 100 } });
    agentvm = new AgentVM({ ...backend.connection(), clock: backend.clock, ...options });
    errors.length = 0;
    agentvm.on("error", (error) => errors.push(error));
    await agentvm.connect({ game_name: "My game" });
  }

  /** Lets time go on in frames of a game, with turns of the event loop between them. */
  async function frames(count: number, play: (frame: number) => void = () => undefined): Promise<void> {
    for (let frame = 0; frame < count; frame += 1) {
      play(frame);
      backend.clock.advance(1_000 / 60);
      for (let turn = 0; turn < 5; turn += 1) await settle();
    }
  }

  const placeOf = async (id: string): Promise<number> => (await agentvm.agents.get(id)).position.x;

  afterEach(async () => {
    await agentvm.close();
    backend.close();
  });

  it("ends with the server knowing where everybody is, for a fraction of the messages", async () => {
    await start();
    const agents = await Promise.all(Array.from({ length: 50 }, () => agentvm.agents.create("aider")));
    const before = (await agentvm.system.status()).requests;
    await frames(120, (frame) => {
      for (const [index, { id }] of agents.entries()) void agentvm.agents.move(id, at(index + frame / 10));
    });
    await frames(60);
    const { requests } = await agentvm.system.status();
    expect(requests - before).toBeLessThan(5);
    for (const [index, { id }] of agents.entries()) expect(await placeOf(id)).toBe(index + 11.9);
    const { moves } = agentvm.stats();
    expect(moves).toMatchObject({ calls: 6_000, waiting: 0, failed: 0 });
    expect(moves.messages).toBeLessThan(moves.calls / 40);
    expect(errors).toEqual([]);
  });

  it("answers a move that is awaited in full", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    expect(await agentvm.agents.move(id, at(3))).toEqual({
      success: true,
      agent_id: id,
      position: at(3),
      applied: true,
    });
    await expect(agentvm.agents.move("agent_none", at(1), {})).rejects.toMatchObject({
      code: "agent_not_found",
    });
    await expect(agentvm.agents.move(id, at(NaN))).rejects.toMatchObject({ code: "invalid_request" });
    await expect(agentvm.agents.move(id, at(NaN)).catch(() => "caught")).resolves.toBe("caught");
    const none = agentvm.agents.move("agent_none", at(1));
    await Promise.all([expect(none).rejects.toMatchObject({ code: "agent_not_found" }), frames(5)]);
  });

  it("answers a move with the agent's newest place where that is what went out", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    const first = agentvm.agents.move(id, at(1));
    void agentvm.agents.move(id, at(2));
    await frames(10);
    expect(await first).toMatchObject({ position: at(2) });
    const third = agentvm.agents.move(id, at(3));
    void agentvm.agents.move(id, at(4));
    await frames(10);
    expect(await third).toMatchObject({ applied: true, position: at(4) });
    expect(await placeOf(id)).toBe(4);
  });

  it.each([
    ["over the event stream", true],
    ["by requests", false],
  ])("sends no more where each move is looked at, %s", async (_way, events) => {
    const play = async (look: (moves: Promise<unknown>[]) => void) => {
      await start({ events, random: seededRandom(1) });
      const agents = await Promise.all(Array.from({ length: 50 }, () => agentvm.agents.create("aider")));
      const before = (await agentvm.system.status()).requests;
      await frames(60, (frame) => {
        look(agents.map(({ id }, index) => agentvm.agents.move(id, at(index + frame / 10))));
      });
      await frames(180);
      const { requests } = await agentvm.system.status();
      const { messages, sent, waiting } = agentvm.stats().moves;
      await agentvm.close();
      backend.close();
      return { requests: requests - before, messages, sent, waiting };
    };
    const ignored = await play(() => undefined);
    let answered = 0;
    const handled = await play((moves) => {
      for (const move of moves) move.catch(() => undefined);
    });
    const awaited = await play((moves) => {
      void Promise.all(moves).then((answers) => (answered += answers.length));
    });
    expect(handled).toEqual(ignored);
    expect(awaited).toEqual(ignored);
    expect(answered).toBe(60 * 50);
    expect(ignored.messages).toBeLessThan(65);
  });

  it("tells over the event stream too of an agent that is not there", async () => {
    await start();
    void agentvm.agents.move("agent_none", at(1));
    await frames(10);
    expect(errors).toMatchObject([{ name: "NotFoundError", code: "agent_not_found" }]);
    expect(agentvm.stats().moves).toMatchObject({ sent: 0, failed: 1, held: 0 });
  });

  it("answers moves that a restarted server never heard of, once it is back", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    await agentvm.agents.move(id, at(1));
    const saved = backend.snapshot();
    const moved = agentvm.agents.move(id, at(2));
    backend.restart({ snapshot: saved });
    await frames(120);
    expect(await moved).toMatchObject({ applied: true, position: at(2) });
    expect(await placeOf(id)).toBe(2);
  });

  it("ends moves that wait when the client is closed", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    await agentvm.agents.move(id, at(1));
    const waiting = agentvm.agents.move(id, at(2));
    await agentvm.close();
    await expect(waiting).rejects.toMatchObject({ name: "ClosedError" });
    await expect(agentvm.agents.move(id, at(3))).rejects.toMatchObject({ name: "ClosedError" });
  });

  it("works without an event stream, by requests", async () => {
    await start({ events: false });
    const { id } = await agentvm.agents.create("aider");
    void agentvm.agents.move(id, at(5));
    await frames(60);
    expect(await placeOf(id)).toBe(5);
  });

  it("tells of an agent that was removed while its move was on its way, and moves the others", async () => {
    await start({ events: false });
    const [gone, kept] = [await agentvm.agents.create("aider"), await agentvm.agents.create("aider")];
    await agentvm.agents.remove(gone.id);
    void agentvm.agents.move(gone.id, at(1));
    void agentvm.agents.move(kept.id, at(1));
    await frames(60);
    expect(errors).toMatchObject([{ name: "NotFoundError", code: "agent_not_found" }]);
    expect(await placeOf(kept.id)).toBe(1);
    expect(agentvm.stats().moves.held).toBe(1);
  });

  it("tells of a position that is none, and moves the others", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    void agentvm.agents.move(id, at(1));
    void agentvm.agents.move("agent_none", at(Infinity));
    await frames(10);
    expect(errors).toMatchObject([{ name: "InvalidRequestError", code: "invalid_request" }]);
    expect(await placeOf(id)).toBe(1);
  });

  it("tells of a place that is missing, and the game's frame goes on", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    const nowhere: Partial<Record<string, Position>> = {};
    // @ts-expect-error: what a game without types may pass.
    void agentvm.agents.move(id, nowhere["npc"]);
    await frames(2);
    expect(errors).toMatchObject([{ name: "InvalidRequestError", code: "invalid_request" }]);
  });

  it("takes a place as it is when it is told, whatever the game does with its vector afterwards", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    const vector = { x: 0, y: 0, z: 0 };
    await frames(60, (frame) => {
      vector.x = frame;
      void agentvm.agents.move(id, vector);
    });
    await frames(60);
    expect(await placeOf(id)).toBe(59);
  });

  it("follows a viewer who is one vector that the game moves", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    const camera = { x: 0, y: 0, z: 0 };
    const bands = [{ within: 10, every_ms: 100 }, { every_ms: 60_000 }];
    let heard = 0;
    agentvm.on("agent.moved", () => (heard += 1));
    const walk = (frame: number): void => {
      agentvm.agents.setViewer(camera, { bands });
      void agentvm.agents.move(id, at(500 + frame / 100));
    };
    await frames(60, walk);
    const fromAfar = heard;
    camera.x = 500;
    await frames(60, walk);
    expect(fromAfar).toBeLessThanOrEqual(1);
    expect(heard - fromAfar).toBeGreaterThan(5);
  });

  it("keeps its event stream when a viewer is nowhere, and tells of it", async () => {
    await start();
    agentvm.agents.setViewer(at(NaN));
    await frames(5);
    expect(errors).toMatchObject([{ name: "InvalidRequestError", code: "invalid_request" }]);
    expect(agentvm.state.status).toBe("live");
  });

  it("is obeyed after the page was loaded again, however many moves went before", async () => {
    await start();
    const { id } = await agentvm.agents.create("aider");
    for (let move = 0; move < 20_000; move += 1) void agentvm.agents.move(id, at(move));
    await frames(30);
    const again = new AgentVM({ ...backend.connection(), clock: backend.clock });
    const { applied } = await again.agents.move(id, at(1), { timeoutMs: 1_000 });
    expect(applied).toBe(true);
    await again.close();
  });

  it("can send all that waits at once", async () => {
    await start({ moves: { perSecond: 0.01 } });
    const { id } = await agentvm.agents.create("aider");
    void agentvm.agents.move(id, at(1));
    await frames(5);
    void agentvm.agents.move(id, at(2));
    await frames(5);
    await agentvm.agents.flushMoves();
    await frames(2);
    expect(await placeOf(id)).toBe(2);
  });

  it("is a call of its own each time where that is wanted", async () => {
    await start({ moves: false, events: false });
    const { id } = await agentvm.agents.create("aider");
    const before = (await agentvm.system.status()).requests;
    await Promise.all([agentvm.agents.move(id, at(1)), agentvm.agents.move(id, at(2))]);
    expect((await agentvm.system.status()).requests - before).toBe(3);
  });

  it("can be a call of its own where a viewer is set", async () => {
    await start({ moves: false });
    const { id } = await agentvm.agents.create("aider");
    let heard = 0;
    agentvm.on("agent.moved", () => (heard += 1));
    agentvm.agents.setViewer(at(-500), { bands: [{ every_ms: 60_000 }] });
    await frames(3);
    for (let x = 0; x < 5; x += 1) await agentvm.agents.move(id, at(x));
    await frames(10);
    // The second comes early, and all others a minute later.
    expect(heard).toBe(2);
  });

  it("hears less of what is far from the viewer, and in the end where it is", async () => {
    await start();
    const other = new AgentVM({ ...backend.connection(), clock: backend.clock });
    const { game_id } = await other.connect({ game_id: agentvm.gameId ?? "" });
    expect(game_id).toBe(agentvm.gameId);
    const [near, far] = [await agentvm.agents.create("aider"), await agentvm.agents.create("aider")];
    const heard = new Map<string, number[]>([
      [near.id, []],
      [far.id, []],
    ]);
    other.on("agent.moved", ({ data }) => heard.get(data.agent_id)?.push(data.position.x));
    other.agents.setViewer(at(0));
    await frames(5);
    await frames(240, (frame) => {
      void agentvm.agents.move(near.id, at(frame / 100));
      void agentvm.agents.move(far.id, at(300 + frame / 100));
    });
    await frames(360);
    expect(heard.get(near.id)?.length).toBeGreaterThan(20);
    expect(heard.get(far.id)?.length).toBeLessThanOrEqual(3);
    expect([heard.get(near.id)?.at(-1), heard.get(far.id)?.at(-1)]).toEqual([2.39, 302.39]);
    const live = other.agents.live();
    await frames(3);
    expect(live.get(far.id)?.position.x).toBe(302.39);
    await other.close();
  });
});
