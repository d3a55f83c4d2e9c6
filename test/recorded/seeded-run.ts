import { createMockBackend } from "../../mock-server/index.js";
import type { BackendOptions } from "../../mock-server/index.js";
import { systemClock } from "../../src/contract/clock.js";

/** How many runs are recorded; the seed of a run is its number. */
export const RUNS = 200;

const COMMANDS = 20;
const TYPES = ["aider", "opencode", "claude", "custom"];
const GAMES = ["red", "blue"];
const KINDS = ["general", "debugging", "teaching", "refactoring"];
const key = "recorded-runs";

/** Numbers of its own, so that a change of the backend's source of chance cannot change what is asked of it. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b9 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

function optionsOf(seed: number): BackendOptions {
  return {
    seed,
    clock: "manual",
    apiKeys: [key],
    limits: {
      max_agents: 3 + (seed % 7),
      min_idle_agents: seed % 3,
      auto_spawn: seed % 4 === 0,
      completed_task_ttl_seconds: seed % 5 === 0 ? 20 : 86_400,
      session_ttl_seconds: seed % 6 === 0 ? 40 : 3_600,
      rate_limit_per_minute: 100_000,
    },
    // The connection lives in real time: however much is played in a moment, nobody is late with a pong.
    parts: { tokens: tokensOf(), requestId: () => "request", wallClock: systemClock() },
  };
}

function tokensOf(): () => string {
  let count = 0;
  return () => `token-${(count += 1)}-of-a-recorded-run`;
}

/**
 * Plays one run: a backend, calls of many kinds by a key and by two games, and time that goes on by itself only here. Gives every
 * event of the stream as the wire writes it, in order, and every move beside it.
 */
export async function playSeededRun(seed: number): Promise<{ events: string[]; moves: string[] }> {
  const backend = createMockBackend(optionsOf(seed));
  const { endpoint, fetch, WebSocket } = backend.connection();
  const below = numbersFrom(seed);
  const heard: string[] = [];
  const moves: string[] = [];
  let told = 0;
  const known = { seq: -1, agents: ["agent_none"], tasks: ["task_none"], tokens: new Map<string, string>() };

  const socket = new WebSocket(`${endpoint.replace(/^http/, "ws")}/ws`);
  socket.onopen = () => socket.send(JSON.stringify({ type: "hello", protocol: 1, api_key: key }));
  socket.onmessage = ({ data }) => {
    const frame: unknown = JSON.parse(String(data));
    if (isNumbered(frame)) known.seq = frame.seq;
    if (isEvent(frame)) heard.push(String(data));
    if (isLatest(frame)) moves.push(...frame.events.map((event) => JSON.stringify(event)));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  backend.engine.log.subscribe(({ type }) => {
    if (type === "agent.moved") told += 1;
  });
  /** Waits until the socket has brought all that has happened. */
  const hear = async () => {
    while (known.seq < backend.engine.log.seq || moves.length < told) await turn();
  };
  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<unknown> => {
    const credentials = token === undefined ? { "X-API-Key": key } : { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      headers: { ...credentials, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    await hear();
    return text === "" ? null : JSON.parse(text);
  };
  const keep = (list: string[], answer: unknown, name: string) => {
    if (typeof answer !== "object" || answer === null) return;
    const found: unknown = Reflect.get(answer, name);
    for (const id of Array.isArray(found) ? found : [found]) if (typeof id === "string") list.push(id);
  };
  const one = <T>(list: readonly [T, ...T[]] | readonly T[], otherwise: T): T =>
    list[below(list.length)] ?? otherwise;
  const connect = async (game_id: string) => {
    const answer = await call("POST", "/game/connect", { game_id });
    const tokens: string[] = [];
    keep(tokens, answer, "session_token");
    for (const token of tokens) known.tokens.set(game_id, token);
    const workspaces = [{ id: "desk", position: { x: 1, y: 2, z: 3 } }];
    await call("PUT", "/game/scene/hall", { game_id, workspaces });
  };
  const place = () => ({ x: below(40), y: 0, z: below(40) / 4 });
  /** Somebody: the key, or the session of a game. */
  const somebody = () => (below(3) === 0 ? undefined : known.tokens.get(one(GAMES, "red")));

  const commands: readonly (() => Promise<unknown>)[] = [
    async () => {
      const scene = below(2) === 0 ? { scene_id: "hall" } : {};
      const body = { agent_type: one(TYPES, "aider"), ...scene };
      keep(known.agents, await call("POST", "/agents/create", body, somebody()), "agent_id");
    },
    async () => {
      const agent = below(2) === 0 ? { agent_id: one(known.agents, "agent_none") } : {};
      const body = {
        prompt: `Fix the jump, part ${below(9)}`,
        task_type: one(KINDS, "general"),
        priority: 1 + below(3),
        timeout: one([5, 600], 600),
        ...agent,
      };
      keep(known.tasks, await call("POST", "/tasks/assign", body, somebody()), "task_id");
    },
    async () => {
      const body = {
        prompt: "Add multiplayer",
        team_size: 2 + below(2),
        preferred_types: [one(TYPES, "aider")],
      };
      keep(known.tasks, await call("POST", "/tasks/assign/collaborative", body, somebody()), "task_ids");
    },
    () => call("POST", `/tasks/${one(known.tasks, "task_none")}/cancel`, {}, somebody()),
    () =>
      call("PUT", `/agents/${one(known.agents, "agent_none")}/position`, { position: place() }, somebody()),
    () =>
      call(
        "PUT",
        "/agents/positions",
        { updates: known.agents.slice(1, 4).map((agent_id) => ({ agent_id, position: place() })) },
        somebody(),
      ),
    () => call("DELETE", `/agents/${one(known.agents, "agent_none")}`, undefined, somebody()),
    () => connect(one(GAMES, "red")),
    async () => {
      const token = known.tokens.get(one(GAMES, "red"));
      if (token !== undefined) await call("POST", "/game/disconnect", undefined, token);
    },
  ];
  const weights = [5, 7, 2, 2, 4, 2, 1, 1, 1];
  const weighted = commands.flatMap((command, place) =>
    Array.from({ length: weights[place] ?? 1 }, () => command),
  );

  await hear();
  for (const game of GAMES) await connect(game);
  for (let count = 0; count < COMMANDS; count += 1) {
    await one(weighted, () => Promise.resolve())();
    backend.clock.advance(one([10, 700, 3_000, 9_000], 10));
    await hear();
  }
  backend.clock.advance(120_000);
  await hear();
  socket.close();
  backend.close();
  return { events: heard, moves };
}

/** A frame that says how far the log has come: an event, or the welcome. */
function isNumbered(frame: unknown): frame is { readonly seq: number } {
  return typeof frame === "object" && frame !== null && "seq" in frame && typeof frame.seq === "number";
}

/** A frame of what stands beside the stream. */
function isLatest(frame: unknown): frame is { readonly events: readonly unknown[] } {
  return typeof frame === "object" && frame !== null && "events" in frame && Array.isArray(frame.events);
}

function isEvent(frame: unknown): boolean {
  return isNumbered(frame) && "data" in frame;
}
