import axios from "axios";
import { AgentVM } from "oligarchy-agentvm";
import { AgentVM as SlimAgentVM } from "oligarchy-agentvm/slim";
import { bodyOf } from "./body.js";
import { measure, ratio } from "./measure.js";
import type { Report } from "./report.js";
import { startAgentvm } from "./servers.js";

/** A call over HTTP to `agentvm serve`, through the SDK, beside bare axios and bare fetch. */
export async function benchOverHttp(report: Report): Promise<void> {
  const server = await startAgentvm();
  const options = { endpoint: server.url, apiKey: "development-key" };
  const full = new AgentVM(options);
  const slim = new SlimAgentVM(options);
  const agent = await full.agents.create("aider");
  const url = `${server.url}/agents/${agent.id}`;
  const headers = { "X-API-Key": "development-key" };
  const results = await measure(
    [
      { name: "SDK, axios", run: () => full.agents.get(agent.id) },
      { name: "axios", run: () => axios.get(url, { headers }) },
      { name: "SDK, slim", run: () => slim.agents.get(agent.id) },
      { name: "fetch, body read", run: () => bodyOf(fetch(url, { headers })) },
    ],
    { rounds: 15, calls: 400 },
  );
  await full.close();
  await slim.close();
  await server.stop();

  report.section("GET /agents/{id} over HTTP to agentvm serve: microseconds a call");
  report.table(
    ["way", "median", "to axios", "to fetch"],
    [...results.values()].map((result) => [
      result.name,
      result.median,
      ratio(result, results.get("axios")),
      ratio(result, results.get("fetch, body read")),
    ]),
  );
  report.want("SDK with axios over HTTP to axios", ratio(results.get("SDK, axios"), results.get("axios")), {
    atMost: 1.3,
  });
}
