import { routes } from "../../src/contract/routes.js";
import { PACKAGE_VERSION } from "../../src/contract/version.js";
import type { SystemStatus } from "../../src/contract/index.js";
import { toPrometheusText } from "./prometheus.js";
import type { Family, Sample } from "./prometheus.js";
import type { RequestCount, Stats } from "./stats.js";

/** The numbers of `/system/status` and the counts of requests as Prometheus reads them. */
export function metricsText(status: SystemStatus, stats: Stats): string {
  const gauge = (name: string, help: string, value: number): Family => ({
    name,
    type: "gauge",
    help,
    samples: [{ value }],
  });
  const times = status.response_time_ms;
  const families: Family[] = [
    {
      name: "agentvm_info",
      type: "gauge",
      help: "The version of the server.",
      samples: [{ labels: { version: PACKAGE_VERSION }, value: 1 }],
    },
    gauge("agentvm_uptime_seconds", "Seconds since the server started.", status.uptime_seconds),
    {
      name: "agentvm_agents",
      type: "gauge",
      help: "Agents by state.",
      samples: Object.entries(status.agents_by_state).map(([state, value]) => ({ labels: { state }, value })),
    },
    gauge("agentvm_agents_max", "Agents that one game may have at the same time.", status.max_agents),
    {
      name: "agentvm_tasks",
      type: "gauge",
      help: "Tasks by status; active ones are assigned or running, those that are over count until they are forgotten.",
      samples: [
        { labels: { status: "active" }, value: status.active_tasks },
        { labels: { status: "pending" }, value: status.pending_tasks },
        { labels: { status: "completed" }, value: status.completed_tasks },
        { labels: { status: "failed" }, value: status.failed_tasks },
        { labels: { status: "cancelled" }, value: status.cancelled_tasks },
      ],
    },
    gauge("agentvm_sessions", "Game sessions that are open.", status.sessions),
    gauge("agentvm_websocket_clients", "Clients on the event stream.", status.websocket_clients),
    {
      name: "agentvm_http_requests_total",
      type: "counter",
      help: "Requests by route and status.",
      samples: stats.counts().map(requestSample),
    },
    {
      name: "agentvm_http_request_duration_seconds",
      type: "summary",
      help: "Seconds that requests took until their answer began; quantiles are of the last requests.",
      samples: [
        { labels: { quantile: "0.5" }, value: times.p50 / 1_000 },
        { labels: { quantile: "0.95" }, value: times.p95 / 1_000 },
        { labels: { quantile: "0.99" }, value: times.p99 / 1_000 },
        { suffix: "_sum", value: stats.totalMs / 1_000 },
        { suffix: "_count", value: stats.requests },
      ],
    },
  ];
  if (status.resources !== null) {
    families.push(gauge("process_heap_bytes", "Bytes of heap in use.", status.resources.heap_bytes), {
      name: "process_cpu_seconds_total",
      type: "counter",
      help: "Seconds of processor time used.",
      samples: [{ value: status.resources.cpu_seconds }],
    });
  }
  return toPrometheusText(families);
}

function requestSample({ route, status, count }: RequestCount): Sample {
  const method = route === "none" ? "none" : routes[route].method;
  return { labels: { route, method, status: String(status) }, value: count };
}
