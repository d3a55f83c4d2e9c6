import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { readFileSync } from "node:fs";

const agent = JSON.parse(readFileSync(new URL("agent.json", import.meta.url), "utf8"));

const app = new Hono();
app.get("/agents/:agent_id", (context) =>
  context.json({ success: true, agent: { ...agent, id: context.req.param("agent_id") } }),
);
serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: "127.0.0.1" });
