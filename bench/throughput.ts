import autocannon from "autocannon";
import { AgentVM } from "oligarchy-agentvm/slim";
import type { ChildServer } from "./child-server.js";
import { quantile } from "./measure.js";
import type { Report } from "./report.js";
import { startAgentvm, startBare, startJsonServer, startPrism } from "./servers.js";
import plainAgent from "./peers/agent.json" with { type: "json" };

/** Many and short, so that each server has some in which the machine does nothing else. */
const ROUNDS = 20;
const SECONDS_A_ROUND = 1;

/** Of a server's rounds the one that counts: what else the machine does makes a round slower and never faster. */
const UNDISTURBED = 0.8;

const CONNECTIONS = 20;

interface Contender {
  readonly name: string;
  readonly server: ChildServer;
  readonly path: string;
  readonly rounds: number[];
}

/** Requests a second for one agent: `agentvm serve` beside bare servers and beside other mock servers. */
export async function benchThroughput(report: Report): Promise<void> {
  const agentvm = await startAgentvm();
  const client = new AgentVM({ endpoint: agentvm.url, apiKey: "development-key" });
  const { id } = await client.agents.create("aider");
  await client.close();
  const at = (name: string, server: ChildServer, agentId: string): Contender => ({
    name,
    server,
    path: `/agents/${agentId}`,
    rounds: [],
  });
  const contenders = [
    at("agentvm serve", agentvm, id),
    at("bare node:http", await startBare("node-http"), "agent_1"),
    at("bare Hono", await startBare("hono"), "agent_1"),
    at("Prism", await startPrism(), "agent_1"),
    at("json-server", await startJsonServer(plainAgent), "agent_1"),
  ];
  for (let round = -1; round < ROUNDS; round++) {
    // Every other round the other way about, so that none always comes after the same one.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const rate = await requestsPerSecond(contender);
      if (round >= 0) contender.rounds.push(rate);
    }
  }
  await Promise.all(contenders.map(({ server }) => server.stop()));

  const rates = new Map(contenders.map(({ name, rounds }) => [name, quantile(rounds, UNDISTURBED)]));
  const share = (of: string, to: string): number =>
    (rates.get(of) ?? Number.NaN) / (rates.get(to) ?? Number.NaN);
  report.section(`GET /agents/{id} under load: requests a second, ${CONNECTIONS} connections`);
  report.table(
    ["server", "requests/s", "of node:http", "of Hono"],
    contenders.map(({ name }) => [
      name,
      Math.round(rates.get(name) ?? Number.NaN),
      share(name, "bare node:http"),
      share(name, "bare Hono"),
    ]),
  );
  report.want("agentvm serve to bare Hono", share("agentvm serve", "bare Hono"), { atLeast: 0.7 });
  report.want("agentvm serve to Prism", share("agentvm serve", "Prism"), { atLeast: 5 });
}

async function requestsPerSecond({ server, path, name }: Contender): Promise<number> {
  const result = await autocannon({
    url: server.url + path,
    connections: CONNECTIONS,
    duration: SECONDS_A_ROUND,
    headers: { "X-API-Key": "development-key" },
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(
      `${name} answered ${result.non2xx} requests with no success and dropped ${result.errors}.`,
    );
  }
  return result.requests.average;
}
