import { expect } from "vitest";
import { EngineError } from "../../../mock-server/domain/index.js";
import { ROUTE_NAMES, PACKAGE_VERSION, routes } from "../../../src/contract/index.js";
import type { CasesOf } from "./case.js";

/** The routes about the server itself, but the batch. */
export const systemCases: CasesOf<"health" | "openapi" | "asyncapi" | "docs" | "systemStatus" | "metrics"> = {
  health: {
    sample: async () => ({ path: "/health", as: "nobody" }),
    errors: {},
    behaviours: {
      "tells that it is well, and its version": async (world) => {
        expect(await world.ok("GET", "/health", { as: "nobody" })).toEqual({
          status: "healthy",
          service: "agentvm-mock",
          version: PACKAGE_VERSION,
          timestamp: "2026-01-01T00:00:00.000Z",
        });
      },
      "takes no notice of credentials": async (world) => {
        await world.ok("GET", "/health", { as: { key: "wrong" } });
        await world.ok("GET", "/health", { as: { token: "wrong" } });
        await world.ok("GET", "/health", { as: "nobody", headers: { Authorization: "Basic eDp5" } });
      },
    },
  },
  openapi: {
    sample: async () => ({ path: "/openapi.json", as: "nobody" }),
    errors: {},
    behaviours: {
      "names every path of the contract": async (world) => {
        const { openapi, paths } = await world.ok("GET", "/openapi.json", { as: "nobody" });
        expect(openapi).toMatch(/^3\.1\./);
        for (const name of ROUTE_NAMES) expect(Object.keys(paths)).toContain(routes[name].path);
      },
      "says when it cannot be had for now, and when to ask again": {
        options: {
          parts: {
            documents: {
              openapi: async () => {
                throw new EngineError("unavailable", "Not now.", { retryAfterSeconds: 7 });
              },
              asyncapi: async () => "{}",
              page: async () => "",
            },
          },
        },
        run: async (world) => {
          await world.fails("unavailable", "GET", "/openapi.json");
          expect((await world.call("GET", "/openapi.json")).headers.get("retry-after")).toBe("7");
        },
      },
    },
  },
  asyncapi: {
    sample: async () => ({ path: "/asyncapi.json", as: "nobody" }),
    errors: {},
    behaviours: {
      "is AsyncAPI 3": async (world) => {
        expect((await world.ok("GET", "/asyncapi.json", { as: "nobody" })).asyncapi).toMatch(/^3\./);
      },
    },
  },
  docs: {
    sample: async () => ({ path: "/docs", as: "nobody" }),
    errors: {},
    behaviours: {
      "is a page that loads nothing from elsewhere": async (world) => {
        const { text, headers } = await world.call("GET", "/docs", { as: "nobody" });
        expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
        expect(text).toMatch(/^<!doctype html>/i);
        expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      },
    },
  },
  systemStatus: {
    sample: async () => ({ path: "/system/status" }),
    errors: {},
    behaviours: {
      "counts agents, tasks, sessions, requests and time": async (world) => {
        await world.endedTask();
        await world.task();
        await world.task();
        await world.game();
        const { status, timestamp } = await world.ok("GET", "/system/status");
        expect(timestamp).toBe("2026-01-01T01:00:00.000Z");
        expect(status).toMatchObject({
          total_agents: 1,
          idle_agents: 0,
          active_tasks: 1,
          pending_tasks: 1,
          sessions: 1,
          max_agents: 20,
          auto_spawn: false,
          min_idle_agents: 2,
          websocket_clients: 0,
          uptime_seconds: 3_600,
          requests: 5,
          error_rate: 0,
          response_time_ms: { p50: 0, p95: 0, p99: 0 },
          resources: null,
          api_connected: true,
        });
        expect([status.completed_tasks, status.failed_tasks].sort()).toEqual([0, 1]);
        expect(status.task_completion_rate).toBe(status.completed_tasks);
      },
    },
  },
  metrics: {
    sample: async () => ({ path: "/metrics" }),
    errors: {},
    behaviours: {
      "tells the same numbers in Prometheus's format": async (world) => {
        await world.agent();
        const { text, headers } = await world.call("GET", "/metrics");
        expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
        expect(text).toContain('agentvm_agents{state="idle"} 1\n');
        expect(text).toContain(
          'agentvm_http_requests_total{route="agentCreate",method="POST",status="200"} 1\n',
        );
      },
      "has a help and a type before each family, and lines of the right form only": async (world) => {
        await world.call("GET", "/nowhere");
        const { text } = await world.call("GET", "/metrics");
        expect(text.endsWith("\n")).toBe(true);
        const families = new Set<string>();
        for (const line of text.trimEnd().split("\n")) {
          const name = /^# TYPE (\w+) (?:counter|gauge|summary)$/.exec(line)?.[1];
          if (name !== undefined) families.add(name);
          if (line.startsWith("#")) continue;
          const sample = /^(\w+)(?:\{(?:\w+="[^"]*",?)*\})? (\S+)$/.exec(line);
          expect(Number.isFinite(Number(sample?.[2]))).toBe(true);
          expect(families).toContain(sample?.[1]?.replace(/_(?:sum|count)$/, ""));
        }
      },
    },
  },
};
