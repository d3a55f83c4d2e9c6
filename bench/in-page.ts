import axios from "axios";
import { Hono } from "hono";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { createMockBackend } from "oligarchy-agentvm/mock";
import { AgentVM } from "oligarchy-agentvm";
import { AgentVM as SlimAgentVM } from "oligarchy-agentvm/slim";
import { bodyOf } from "./body.js";
import { measure, ratio } from "./measure.js";
import type { Report } from "./report.js";

/** A call on the in-page host, through both entries of the SDK, beside what else could answer it in the page. */
export async function benchInPage(report: Report): Promise<void> {
  const backend = createMockBackend({ seed: 7, limits: { rate_limit_per_minute: 1_000_000_000 } });
  const connection = backend.connection();
  const slim = new SlimAgentVM(connection);
  const full = new AgentVM(connection);
  // A function around the embedded backend's `fetch` hides the shorter way that it carries.
  const overHttp = { ...connection, fetch: (...call: Parameters<typeof fetch>) => backend.fetch(...call) };
  const slimOverHttp = new SlimAgentVM(overHttp);
  const fullOverHttp = new AgentVM(overHttp);
  const agent = await slim.agents.create("aider");
  const path = `/agents/${agent.id}`;
  const answer = { success: true, agent };
  const headers = { "X-API-Key": "development-key" };

  const hono = new Hono();
  hono.get("/agents/:agent_id", (context) => context.json(answer));
  const bare = axios.create({ adapter: "fetch", env: { fetch: backend.fetch } });
  const mswUrl = `http://intercepted.localhost${path}`;
  const msw = setupServer(
    http.get("http://intercepted.localhost/agents/:agent_id", () => HttpResponse.json(answer)),
  );
  const intercepted = {
    before: () => {
      msw.listen({ onUnhandledRequest: "error" });
    },
    after: () => {
      msw.close();
    },
  };

  const results = await measure(
    [
      { name: "SDK, slim", run: () => slim.agents.get(agent.id) },
      { name: "SDK, whole", run: () => full.agents.get(agent.id) },
      { name: "SDK, slim, over backend.fetch", run: () => slimOverHttp.agents.get(agent.id) },
      { name: "SDK, axios, over backend.fetch", run: () => fullOverHttp.agents.get(agent.id) },
      {
        name: "backend.fetch, body read",
        run: () => bodyOf(backend.fetch(connection.endpoint + path, { headers })),
      },
      { name: "Hono app.request()", run: async () => hono.request(path, { headers }) },
      {
        name: "Hono app.request(), body read",
        run: () => bodyOf(hono.request(path, { headers })),
      },
      { name: "axios on backend.fetch", run: () => bare.get(connection.endpoint + path, { headers }) },
      { name: "MSW, fetch", run: () => bodyOf(fetch(mswUrl, { headers })), ...intercepted },
      { name: "MSW, axios", run: () => axios.get(mswUrl, { headers }), ...intercepted },
    ],
    { rounds: 15, calls: 1_500 },
  );
  await slim.close();
  await full.close();
  await slimOverHttp.close();
  await fullOverHttp.close();
  backend.close();

  report.section("GET /agents/{id} in the page: microseconds a call");
  report.table(
    ["way", "median", "to Hono", "to Hono, body read"],
    [...results.values()].map((result) => [
      result.name,
      result.median,
      ratio(result, results.get("Hono app.request()")),
      ratio(result, results.get("Hono app.request(), body read")),
    ]),
  );
  const to = (of: string, peer: string): number => ratio(results.get(of), results.get(peer));
  report.want("in-page slim to app.request()", to("SDK, slim", "Hono app.request()"), { atMost: 2 });
  report.want("MSW (fetch) to in-page slim", to("MSW, fetch", "SDK, slim"), { atLeast: 3 });
  report.want(
    "in-page slim over fetch to app.request()",
    to("SDK, slim, over backend.fetch", "Hono app.request()"),
    {
      atMost: 2,
    },
  );
  report.want(
    "in-page SDK with axios to axios",
    to("SDK, axios, over backend.fetch", "axios on backend.fetch"),
    {
      atMost: 1.3,
    },
  );
}
