import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { createMockBackend } from "../../../mock-server/index.js";
import type { MockBackend } from "../../../mock-server/index.js";
import type { Work } from "../../../mock-server/work/work.js";
import { systemClock } from "../../../src/contract/index.js";
import { createGodotFacade } from "../../../src/godot/index.js";
import type { GodotFacade } from "../../../src/godot/index.js";
import { cuedDiff, cuedWork } from "../../work/cued-work.js";

const pushSchema = z.object({
  client: z.number(),
  replies: z.array(
    z.object({
      id: z.number(),
      value: z.optional(z.unknown()),
      error: z.optional(z.looseObject({ code: z.string(), message: z.string() })),
    }),
  ),
  news: z.array(z.looseObject({ event: z.optional(z.looseObject({ type: z.string() })) })),
});
const taskSchema = z.object({ task_id: z.string() });
type Pushed = z.infer<typeof pushSchema>;

/** A page whose frames are drawn when the test says, around a backend whose clock is the test's too. */
class Page {
  readonly backend: MockBackend;
  readonly pushes: Pushed[] = [];
  readonly released: string[] = [];
  readonly facade: GodotFacade;
  #frames: (() => void)[] = [];

  constructor(work?: () => Work) {
    this.backend = createMockBackend({
      seed: 7,
      clock: "manual",
      limits: { max_agents: 1_000, rate_limit_per_minute: 1_000_000 },
      ...(work === undefined ? {} : { parts: { work } }),
    });
    this.facade = createGodotFacade({
      place: (endpoint) => {
        if (endpoint !== "mock://") throw new TypeError("no such place");
        return { target: this.backend.connection(), release: () => this.released.push(endpoint) };
      },
      clock: systemClock(),
      frames: {
        next: (callback) => {
          this.#frames.push(callback);
          return () => {
            this.#frames = this.#frames.filter((one) => one !== callback);
          };
        },
      },
    });
  }

  /** Draws a frame. */
  frame(): void {
    for (const callback of this.#frames.splice(0)) callback();
  }

  get replies(): Pushed["replies"] {
    return this.pushes.flatMap((push) => push.replies);
  }

  get events(): string[] {
    return this.pushes.flatMap((push) => push.news).flatMap(({ event }) => (event ? [event.type] : []));
  }

  get crossings(): unknown {
    return JSON.parse(this.facade.crossings());
  }

  start(fields: object = {}): string {
    const message = {
      endpoint: "mock://",
      api_key: "",
      environment: "development",
      timeout_ms: 5_000,
      update_frequency: 60,
      game: { engine: "godot" },
      ...fields,
    };
    return this.facade.start(JSON.stringify(message), (text: string) => {
      this.pushes.push(pushSchema.parse(JSON.parse(text)));
    });
  }

  /** Draws frames until something is so. */
  async until(truth: () => boolean): Promise<void> {
    for (let turn = 0; turn < 2_000 && !truth(); turn += 1) {
      this.frame();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(truth()).toBe(true);
  }

  async connected(): Promise<void> {
    expect(this.start()).toBe('{"client":1}');
    await this.until(() => this.replies.length > 0);
    expect(this.replies[0]?.error).toBeUndefined();
  }

  submit(...commands: object[]): string {
    return this.facade.submit(JSON.stringify({ client: 1, commands }));
  }

  close(): void {
    this.facade.stop('{"client":1}');
    this.backend.close();
  }
}

describe("the facade that a Godot game finds in its page", () => {
  let page = new Page();
  const renew = (work?: () => Work): Page => (page = new Page(work));
  afterEach(() => page.close());

  it("says of positions what came of them, and of those that fit no contract too", async () => {
    await renew().connected();
    page.submit({ id: 1, route: "agentCreate", body: { agent_type: "aider" } });
    await page.until(() => page.replies.length > 1);
    const created = z.object({ agent: z.object({ id: z.string() }) });
    const { id: agent_id } = created.parse(page.replies[1]?.value).agent;
    const move = (id: number, ...updates: object[]) =>
      page.facade.submit(JSON.stringify({ client: 1, positions: [{ id, updates }] }));
    const position = { x: 1, y: 0, z: 0 };
    expect(move(2, { agent_id, position })).toBe("");
    await page.until(() => page.replies.length > 2);
    move(3, { agent_id, position: { x: 1e9, y: 0, z: 0 } }, { agent_id: "agent_gone", position });
    await page.until(() => page.replies.length > 3);
    move(4, { agent_id, position: { x: null } });
    await page.until(() => page.replies.length > 4);
    const bad = { agent_id, code: "invalid_request", error: expect.stringContaining("position") };
    expect(page.replies.slice(2)).toEqual([
      { id: 2, value: {} },
      { id: 3, value: { failed: [bad, expect.objectContaining({ agent_id: "agent_gone" })] } },
      { id: 4, value: { failed: [bad] } },
    ]);
  });

  it("says of positions that went nowhere that they did not get there", async () => {
    await renew().connected();
    page.backend.close();
    page.facade.submit(
      JSON.stringify({
        client: 1,
        positions: [{ id: 2, updates: [{ agent_id: "agent_1", position: { x: 0, y: 0, z: 0 } }] }],
      }),
    );
    await page.until(() => page.replies.length > 1);
    expect(page.replies[1]).toMatchObject({ id: 2, error: { code: "network_error" } });
  });

  it("connects, and tells the game but not its token", async () => {
    await renew().connected();
    const told = JSON.stringify(page.replies[0]);
    expect(told).toContain('"game_id":"game_');
    expect(told).not.toContain("token");
  });

  it("makes calls in the words of the wire", async () => {
    await renew().connected();
    expect(page.submit({ id: 1, route: "agentCreate", body: { agent_type: "aider" }, key: "k1" })).toBe("");
    await page.until(() => page.replies.some(({ id }) => id === 1));
    expect(page.replies.find(({ id }) => id === 1)).toMatchObject({
      value: { success: true, agent: { type: "aider" } },
    });
  });

  it("answers questions and reviews changes in the words of the wire, and gives a diff as the text that it is", async () => {
    await renew(cuedWork).connected();
    page.submit({ id: 1, route: "agentCreate", body: { agent_type: "aider" } });
    await page.until(() => page.replies.length > 1);
    page.submit({ id: 2, route: "taskAssign", body: { prompt: "The jump", task_type: "asking" } });
    await page.until(() => page.events.includes("task.question"));
    const [event] = page.pushes
      .flatMap(({ news }) => news)
      .filter((one) => one.event?.type === "task.question");
    const { task_id, question } = z
      .object({ task_id: z.string(), question: z.object({ question_id: z.string() }) })
      .parse(event?.event?.["data"]);
    const params = { task_id };
    page.submit({ id: 3, route: "taskDiff", params });
    await page.until(() => page.replies.some(({ id }) => id === 3));
    page.submit({ id: 4, route: "taskAnswer", params, body: { ...question, choice: "red" } });
    await page.until(() => page.events.includes("task.completed"));
    page.submit({ id: 5, route: "taskAssign", body: { prompt: "The jump", task_type: "changing" } });
    await page.until(() => page.replies.some(({ id }) => id === 5));
    const changing = { params: taskSchema.parse(page.replies.find(({ id }) => id === 5)?.value) };
    page.submit({ id: 6, route: "taskDiff", ...changing });
    await page.until(() => page.replies.some(({ id }) => id === 6));
    page.submit({ id: 7, route: "taskReview", ...changing, body: { verdict: "accept" } });
    await page.until(() => page.replies.some(({ id }) => id === 7));
    const reply = (wanted: number) => page.replies.find(({ id }) => id === wanted);
    expect(reply(3)).toMatchObject({ error: { code: "no_changes" } });
    expect(reply(4)).toMatchObject({ value: { success: true } });
    expect(reply(6)).toEqual({ id: 6, value: cuedDiff });
    expect(reply(7)).toMatchObject({ value: { changes: { review: "accepted" } } });
  });

  it("does the same work once under the same key", async () => {
    await renew().connected();
    const create = { route: "agentCreate", body: { agent_type: "aider" }, key: "same" };
    page.submit({ id: 1, ...create }, { id: 2, ...create });
    await page.until(() => page.replies.length === 3);
    expect(page.backend.engine.counts()).toMatchObject({ total_agents: 1 });
  });

  it("refuses what the contract has not, and what no frame of it fits, as replies", async () => {
    await renew().connected();
    page.submit(
      { id: 1, route: "noSuchCall" },
      { id: 2, route: "agentCreate", body: { agent_type: "aider", colour: "red" } },
      { id: 3, route: "agentGet", params: { agent_id: "agent_gone" } },
      { id: 4, route: "__proto__" },
    );
    await page.until(() => page.replies.length === 5);
    const codes = Object.fromEntries(page.replies.map(({ id, error }) => [id, error?.code]));
    expect(codes).toMatchObject({
      1: "invalid_request",
      2: "invalid_request",
      3: "agent_not_found",
      4: "invalid_request",
    });
  });

  it("crosses once a frame at the most, and not at all while nothing happens", async () => {
    await renew().connected();
    const before = page.pushes.length;
    page.submit(...Array.from({ length: 50 }, (_, id) => ({ id: id + 1, route: "health" })));
    await page.until(() => page.replies.length === 51);
    await new Promise((resolve) => setTimeout(resolve, 50));
    page.frame();
    const after = page.pushes.length;
    expect(after - before).toBeLessThanOrEqual(50);
    expect(page.crossings).toEqual({ in: 2, out: after });
    for (let turn = 0; turn < 5; turn += 1) page.frame();
    expect(page.pushes.length).toBe(after);
  });

  it("pushes nothing while the page draws no frames, and everything with the next one", async () => {
    await renew().connected();
    page.submit({ id: 1, route: "agentCreate", body: { agent_type: "aider" } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const held = page.pushes.length;
    page.frame();
    expect(page.pushes.length).toBe(held + 1);
    expect(page.pushes.at(-1)?.replies).toHaveLength(1);
    expect(page.events).toContain("agent.created");
  });

  it("takes ten thousand calls at once and refuses the next one, each with its reply", async () => {
    await renew().connected();
    page.submit(...Array.from({ length: 10_001 }, (_, id) => ({ id: id + 1, route: "health" })));
    await page.until(() => page.replies.length === 10_002);
    const codes = page.replies.flatMap(({ error }) => (error === undefined ? [] : [error.code]));
    expect(codes).toEqual(["too_many_calls"]);
  });

  it("gives the output that there is, without waiting for a task's end", async () => {
    await renew().connected();
    page.submit({ id: 1, route: "agentCreate", body: { agent_type: "aider" } });
    await page.until(() => page.replies.length === 2);
    page.submit({ id: 2, route: "taskAssign", body: { prompt: "Take a while" } });
    await page.until(() => page.replies.length === 3);
    page.backend.clock.advance(1_000);
    const answer = z.parse(z.object({ task_id: z.string() }), page.replies[2]?.value);
    page.submit({ id: 3, route: "taskOutput", params: { task_id: answer.task_id }, query: { offset: 0 } });
    await page.until(() => page.replies.length === 4);
    expect(page.replies[3]?.value).toMatchObject({ done: false, status: "" });
  });

  it("answers an endpoint that names nothing with an error, and holds nothing of it", () => {
    renew();
    expect(JSON.parse(page.start({ endpoint: "nowhere" }))).toMatchObject({ error: { code: "internal" } });
    expect(JSON.parse(page.submit({ id: 1, route: "health" }))).toMatchObject({
      error: { code: "not_connected" },
    });
  });

  it("lets the place go when the manager is stopped, and pushes nothing more", async () => {
    await renew().connected();
    page.submit({ id: 1, route: "health" });
    const before = page.pushes.length;
    expect(page.facade.stop('{"client":1}')).toBe("");
    await page.until(() => page.released.length === 1);
    expect(page.pushes.length).toBe(before);
    expect(JSON.parse(page.facade.stop('{"client":1}'))).toMatchObject({ error: { code: "not_connected" } });
  });

  it("never throws and always answers with a text, whatever it is given", () => {
    renew();
    const { facade } = page;
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string()), (given) => {
        for (const entry of ["start", "submit", "stop"] as const) {
          const answer: unknown = Reflect.apply(facade[entry], facade, [given, given]);
          if (typeof answer !== "string") return false;
          if (answer !== "") JSON.parse(answer);
        }
        return true;
      }),
    );
  });

  it("outlives a game that throws when it is told something", async () => {
    renew();
    const message = JSON.stringify({
      endpoint: "mock://",
      api_key: "",
      environment: "development",
      timeout_ms: 5_000,
      update_frequency: 60,
      game: {},
    });
    const told: string[] = [];
    page.facade.start(message, (text: string) => {
      told.push(text);
      throw new Error("the game's own failure");
    });
    await page.until(() => told.length > 0);
    page.submit({ id: 1, route: "health" });
    await page.until(() => told.length > 1);
    expect(told[1]).toContain("healthy");
  });

  it("cannot be changed by other scripts of the page", () => {
    renew();
    expect(Object.isFrozen(page.facade)).toBe(true);
  });
});
