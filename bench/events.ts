import { readFileSync } from "node:fs";
import { AgentVM } from "oligarchy-agentvm/slim";
import type { ChildServer } from "./child-server.js";
import { EventReader } from "./event-reader.js";
import { median, quantile } from "./measure.js";
import type { Report } from "./report.js";
import { startAgentvm, startBare } from "./servers.js";

const ROUNDS = 5;
const AGENTS = 1_000;

/** How many clients, and how many events are on the way at once: all are read before the next batch is asked for. */
const LOADS = [
  { clients: 1, batch: 1_000, batches: 40 },
  { clients: 100, batch: 200, batches: 12 },
  { clients: 1_000, batch: 50, batches: 6 },
] as const;

const DELAY = { clients: 100, everyMs: 10, events: 300 };
const RESUMED = 10_000;
const IDLE = 1_000;

interface Contender {
  readonly name: "agentvm serve" | "bare ws";
  readonly server: ChildServer;
  readonly agents: readonly string[];
}

type Figures = Record<Contender["name"], number[]>;

/** Live events beside bare `ws` doing the same: how many, how late, how fast after an absence, and what an idle client costs. */
export async function benchEvents(report: Report): Promise<void> {
  const contenders = [await agentvm(), await bare()] as const;
  try {
    // Memory first, while neither server has any that it could use again.
    await idle(report, contenders);
    await throughput(report, contenders);
    await delay(report, contenders);
    await resume(report, contenders);
  } finally {
    await Promise.all(contenders.map(({ server }) => server.stop()));
  }
}

async function agentvm(): Promise<Contender> {
  const server = await startAgentvm(["--max-agents", String(AGENTS), "--event-buffer", String(2 * RESUMED)]);
  const client = new AgentVM({ endpoint: server.url, apiKey: "development-key", events: false });
  const agents: string[] = [];
  for (let made = 0; made < AGENTS; made += 100) {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      id: String(index),
      method: "POST" as const,
      path: "/agents/create",
      body: { agent_type: "aider" },
    }));
    for (const { body } of await client.batch(requests)) {
      if (typeof body === "object" && body !== null && "agent_id" in body) agents.push(String(body.agent_id));
    }
  }
  await client.close();
  if (agents.length !== AGENTS) throw new Error(`Only ${agents.length} agents were made.`);
  return { name: "agentvm serve", server, agents };
}

async function bare(): Promise<Contender> {
  const agents = Array.from({ length: AGENTS }, (_, index) => `agent_${String(index).padStart(8, "0")}`);
  return { name: "bare ws", server: await startBare("bare-ws"), agents };
}

/** So many events, each about another agent, so that none supersedes another. */
function moves({ agents }: Contender, count: number, x: number): object {
  return {
    type: "positions",
    updates: agents.slice(0, count).map((agent_id) => ({ agent_id, position: { x, y: 0, z: 0 } })),
  };
}

function connectAll({ server }: Contender, count: number): Promise<EventReader[]> {
  return Promise.all(Array.from({ length: count }, () => EventReader.connect(server.url)));
}

async function throughput(report: Report, contenders: readonly Contender[]): Promise<void> {
  report.section("Live events: deliveries a second, every client hears every event");
  const rows: (string | number)[][] = [];
  for (const load of LOADS) {
    const rates: Figures = { "agentvm serve": [], "bare ws": [] };
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const contender of contenders) {
        const rate = await deliveries(contender, load);
        if (round >= 0) rates[contender.name].push(rate);
      }
    }
    const share = shareOf(rates);
    rows.push([load.clients, ...bothMedians(rates).map(Math.round), share]);
    if (load.clients === 100)
      report.want("deliveries a second at 100 clients to bare ws", share, { atLeast: 0.7 });
  }
  report.table(["clients", "agentvm serve", "bare ws", "of bare ws"], rows);
}

async function deliveries(contender: Contender, load: (typeof LOADS)[number]): Promise<number> {
  const readers = await connectAll(contender, load.clients);
  const [driver] = readers;
  if (driver === undefined) throw new Error("There is no client.");
  const start = process.hrtime.bigint();
  for (let batch = 1; batch <= load.batches; batch += 1) {
    driver.send(moves(contender, load.batch, batch));
    await Promise.all(readers.map((reader) => reader.reached(batch * load.batch)));
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  for (const reader of readers) reader.close();
  return (load.clients * load.batch * load.batches) / seconds;
}

async function delay(report: Report, contenders: readonly Contender[]): Promise<void> {
  const p50s: Figures = { "agentvm serve": [], "bare ws": [] };
  const p99s: Figures = { "agentvm serve": [], "bare ws": [] };
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const contender of contenders) {
      const late = await delays(contender);
      if (round < 0) continue;
      p50s[contender.name].push(quantile(late, 0.5));
      p99s[contender.name].push(quantile(late, 0.99));
    }
  }
  report.section(
    `Live events: delay at ${(DELAY.clients * 1_000) / DELAY.everyMs} deliveries a second to ${DELAY.clients} clients, milliseconds`,
  );
  const table = contenders.map(({ name }) => [name, median(p50s[name]), median(p99s[name])]);
  report.table(["server", "p50", "p99"], table);
  report.want("p99 of the delay to that of bare ws", shareOf(p99s), { atMost: 2 });
}

/** Milliseconds from asking for an event to each client's having it. */
async function delays(contender: Contender): Promise<number[]> {
  const readers = await connectAll(contender, DELAY.clients);
  const late: number[] = [];
  const begin = performance.now();
  for (const reader of readers) {
    reader.onEvent = (text) => {
      const sent = Number(/"x":([\d.]+)/.exec(text)?.[1]);
      late.push(performance.now() - begin - sent);
    };
  }
  for (let event = 0; event < DELAY.events; event += 1) {
    const due = begin + event * DELAY.everyMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    readers[event % readers.length]?.send(moves(contender, 1, performance.now() - begin));
  }
  await Promise.all(readers.map((reader) => reader.reached(DELAY.events)));
  for (const reader of readers) reader.close();
  return late;
}

async function resume(report: Report, contenders: readonly Contender[]): Promise<void> {
  const times: Figures = { "agentvm serve": [], "bare ws": [] };
  const bytes: Figures = { "agentvm serve": [], "bare ws": [] };
  for (const contender of contenders) {
    if (contender.name === "agentvm serve") await describeScenes(contender);
    else {
      const writer = await EventReader.connect(contender.server.url);
      for (let batch = 1; batch <= RESUMED / AGENTS; batch += 1) {
        writer.send(moves(contender, AGENTS, batch));
        await writer.reached(batch * AGENTS);
      }
      writer.close();
    }
  }
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const contender of contenders) {
      const { url } = contender.server;
      const now = await EventReader.connect(url);
      const { epoch, seq } = now.place;
      now.close();
      const start = performance.now();
      const reader = await EventReader.connect(url, { epoch, seq: seq - RESUMED });
      await reader.reached(RESUMED);
      if (round >= 0) times[contender.name].push(performance.now() - start);
      bytes[contender.name].push(reader.bytes);
      reader.close();
    }
  }
  report.section(`Live events: coming back after ${RESUMED} of them`);
  report.table(
    ["server", "milliseconds", "kB"],
    contenders.map(({ name }) => [name, median(times[name]), median(bytes[name]) / 1_000]),
  );
}

/** So many events that are kept for who comes back; moves are not. */
async function describeScenes({ server }: Contender): Promise<void> {
  const client = new AgentVM({ endpoint: server.url, apiKey: "development-key", events: false });
  const { game_id } = await client.connect();
  for (let made = 0; made < RESUMED; made += 100) {
    const requests = Array.from({ length: 100 }, (_, index) => ({
      id: String(index),
      method: "PUT" as const,
      path: "/game/scene/hall",
      body: { game_id },
    }));
    await client.batch(requests);
  }
  await client.close();
}

async function idle(report: Report, contenders: readonly Contender[]): Promise<void> {
  report.section(`Live events: memory of the server for ${IDLE} idle connections`);
  const rows: (string | number)[][] = [];
  for (const contender of contenders) {
    for (const reader of await connectAll(contender, 50)) reader.close();
    const before = residentKilobytes(contender.server.pid);
    const readers = await connectAll(contender, IDLE);
    const after = residentKilobytes(contender.server.pid);
    rows.push([contender.name, (after - before) / 1_000, (after - before) / IDLE]);
    for (const reader of readers) reader.close();
  }
  report.table(["server", "MB in all", "kB each"], rows);
  report.note("Resident memory of the process, after 50 connections that came and went.");
}

/** What the process holds in memory, as Linux tells it. */
function residentKilobytes(pid: number): number {
  const line = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1]);
}

function bothMedians(figures: Figures): [number, number] {
  return [median(figures["agentvm serve"]), median(figures["bare ws"])];
}

/** The median of what each round gives of the one to the other. */
function shareOf(figures: Figures): number {
  return median(
    figures["agentvm serve"].map((figure, round) => figure / (figures["bare ws"][round] ?? Number.NaN)),
  );
}
