import { setTimeout as delay } from "node:timers/promises";
import axios from "axios";
import { FRAME_RATE, busyTime, playFrames } from "./frames.js";
import { Vector, gameOf, walk } from "./game-of.js";
import type { Game } from "./game-of.js";
import { quantile } from "./measure.js";
import type { Report } from "./report.js";

const SECONDS = 10;
const FRAMES = SECONDS * FRAME_RATE;
const AGENTS = 1_000;

/** Frames of the naive way that are played: it takes so long that all of them would be an hour of the same. */
const NAIVE_FRAMES = 20;

/**
 * Frames before those that are measured: two minutes of play. What is called sixty times a second is compiled only then, and until
 * then the compiler's own threads take the processor from a frame now and again; what that costs is told in a row of its own.
 */
const WARM_UP = 120 * FRAME_RATE;

/** The same for a game that finds the code compiled by the games before it. */
const SHORT_WARM_UP = 15 * FRAME_RATE;

/** Agents of the table of growth. */
const SIZES = [10, 100, 1_000, 10_000] as const;

interface Played {
  readonly requests: number;
  readonly bytes: number;
  readonly frames: readonly number[];
  /** Agents that the server has elsewhere than the game in the end. */
  readonly astray: number;
}

/** A game loop that moves every agent in every frame, beside one request for each of these moves; and how its cost grows with their number. */
export async function benchMoving(report: Report): Promise<void> {
  const idle = await playFrames(FRAMES, () => undefined);
  const naive = await playNaive();
  const far = await playMoves(AGENTS, { viewer: true, warmUp: WARM_UP });
  const text = await playMoves(AGENTS, { viewer: true, asText: true });
  const all = await playMoves(AGENTS, { viewer: false });
  const awaited = await playMoves(AGENTS, { viewer: false, awaits: true });
  const awaitedFar = await playMoves(AGENTS, { viewer: true, awaits: true });

  report.section(`${AGENTS} agents that move for ${SECONDS} s at ${FRAME_RATE} frames a second, in the page`);
  const row = (way: string, { requests, bytes, frames, astray }: Played): (string | number)[] => [
    way,
    requests,
    Math.round(bytes / 1_000),
    quantile(frames, 0.5),
    quantile(frames, 0.99),
    astray,
  ];
  report.table(
    ["way", "messages", "kB sent", "frame p50, ms", "frame p99, ms", "astray"],
    [
      row("an empty loop, which is the measure's own noise", {
        requests: 0,
        bytes: 0,
        frames: idle,
        astray: 0,
      }),
      row("agents.move, and a viewer", far),
      ["the same game's first ten seconds", "", "", quantile(far.early, 0.5), quantile(far.early, 0.99), ""],
      row("the same over a socket that takes text alone", text),
      row("agents.move, and no viewer", all),
      row("await Promise.all of each frame's moves, and no viewer", awaited),
      row("await Promise.all of each frame's moves, and a viewer", awaitedFar),
      row(`axios, a PUT each (${NAIVE_FRAMES} frames, times ${FRAMES / NAIVE_FRAMES})`, naive),
    ],
  );
  report.note(
    "What is handed over in the page without becoming text has no bytes; a server gets what the row of text says.",
  );
  report.note(
    "A frame's time is the main thread's until the next: the game's, the client's and the embedded backend's, garbage included.",
  );
  report.want("fewer requests for 1,000 moving agents", naive.requests / text.requests, { atLeast: 300 });
  report.want("fewer requests without a viewer", naive.requests / all.requests, { atLeast: 300 });
  report.want("ms a frame at p99 with a viewer", quantile(far.frames, 0.99), { atMost: 1 });
  report.want(
    "times the frame at p50 where all moves are awaited",
    quantile(awaited.frames, 0.5) / quantile(all.frames, 0.5),
    { atMost: 2 },
  );
  report.want("times the messages where all moves are awaited", awaited.requests / all.requests, {
    atMost: 1.1,
  });
  const played = [far, text, all, awaited, awaitedFar, naive];
  report.want(
    "agents astray in the end",
    played.reduce((sum, { astray }) => sum + astray, 0),
    { atMost: 0 },
  );

  report.section("How the cost of moving agents grows, a viewer set, after fifteen seconds of play");
  const rows: (string | number)[][] = [];
  for (const agents of SIZES) {
    const { requests, frames, heap } = await playMoves(agents, { viewer: true });
    rows.push([agents, quantile(frames, 0.5), quantile(frames, 0.99), requests / SECONDS, heap / 1_000_000]);
  }
  report.table(["agents", "frame p50, ms", "frame p99, ms", "messages a second", "heap, MB"], rows);
}

async function playMoves(
  agents: number,
  {
    viewer,
    asText = false,
    awaits = false,
    warmUp = SHORT_WARM_UP,
  }: {
    readonly viewer: boolean;
    readonly asText?: boolean;
    /** Whether each frame awaits all of its moves; the next frame is drawn meanwhile, as in a page. */
    readonly awaits?: boolean;
    readonly warmUp?: number;
  },
): Promise<Played & { readonly heap: number; readonly early: readonly number[] }> {
  const game = await gameOf(agents, { asText });
  const { agentvm } = game;
  const characters = game.agents.map((id) => ({ id, position: new Vector() }));
  const camera = Object.assign(new Vector(), { x: 20, z: 8 });
  const move = (frame: number): void => {
    if (viewer) agentvm.agents.setViewer(camera);
    const moves: Promise<unknown>[] | null = awaits ? [] : null;
    // Counted by hand: what an iterator leaves behind would be half of all the garbage.
    for (let index = 0; index < characters.length; index += 1) {
      const character = characters[index];
      if (character === undefined) continue;
      const moved = agentvm.agents.move(character.id, walk(character.position, index, frame));
      if (moves !== null) moves.push(moved);
    }
    if (moves !== null) void Promise.all(moves);
  };
  // What was there before this game is not this game's cost.
  globalThis.gc?.();
  const early = (await playFrames(warmUp, move)).slice(0, FRAMES);
  Object.assign(game.traffic, { messages: 0, bytes: 0 });
  const sentBefore = agentvm.stats().moves.messages;
  const frames = await playFrames(FRAMES, (frame) => move(frame + warmUp));
  const { messages, bytes } = game.traffic;
  // Text is counted where it leaves; what is handed over is known to the client alone.
  const requests = asText ? messages : agentvm.stats().moves.messages - sentBefore;
  await agentvm.agents.flushMoves();
  // What was sent last is on its way.
  await delay(100);
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed;
  const astray = await astrayOf(game, FRAMES + warmUp - 1);
  await game.close();
  return { requests, bytes, frames, early, heap, astray };
}

/** One PUT an agent a frame, as the first loop that comes to mind does it. */
async function playNaive(): Promise<Played> {
  const game = await gameOf(AGENTS);
  const { endpoint, apiKey, fetch } = game.backend.connection();
  const client = axios.create({ adapter: "fetch", env: { fetch }, headers: { "X-API-Key": apiKey } });
  let bytes = 0;
  const frames: number[] = [];
  for (let frame = 0; frame < NAIVE_FRAMES; frame += 1) {
    const busy = busyTime();
    for (const [index, id] of game.agents.entries()) {
      const body = { position: walk(new Vector(), index, frame) };
      bytes += JSON.stringify(body).length;
      await client.put(`${endpoint}/agents/${id}/position`, body);
    }
    frames.push(busy());
  }
  const astray = await astrayOf(game, NAIVE_FRAMES - 1);
  await game.close();
  const times = FRAMES / NAIVE_FRAMES;
  return { requests: NAIVE_FRAMES * AGENTS * times, bytes: bytes * times, frames, astray };
}

async function astrayOf({ agentvm, agents }: Game, frame: number): Promise<number> {
  const places = new Map<string, { readonly x: number; readonly z: number }>();
  for await (const { id, position } of agentvm.agents.list({ limit: 500 })) places.set(id, position);
  return agents.filter((id, index) => {
    const wanted = walk(new Vector(), index, frame);
    const found = places.get(id);
    return found?.x !== wanted.x || found.z !== wanted.z;
  }).length;
}
