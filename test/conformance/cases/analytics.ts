import { expect } from "vitest";
import { ANALYTICS_EVENTS_MAX } from "../../../src/contract/index.js";
import type { CasesOf } from "./case.js";

const at = "2026-01-01T00:00:00.000Z";
const call = { type: "call", at, call: "POST /tasks/assign", duration_ms: 10, retries: 0, error: null };
const click = { type: "interaction", at, agent_id: "agent_1", agent_type: "aider", kind: "click" };
const task = {
  type: "task",
  at,
  task_type: "debugging",
  agent_type: "aider",
  status: "completed",
  duration_seconds: 4,
};
const lost = { type: "connection", at, status: "waiting", reason: "network" };

/** What clients have measured. */
export const analyticsCases: CasesOf<"analyticsEvents" | "analyticsSummary"> = {
  analyticsEvents: {
    sample: async () => ({ path: "/analytics/events", body: { events: [call] } }),
    badBodies: {
      "no events": [{}, ["body", "events"]],
      "an empty list": [{ events: [] }, ["body", "events"]],
      "too many": [
        { events: Array.from({ length: ANALYTICS_EVENTS_MAX + 1 }, () => call) },
        ["body", "events"],
      ],
      "an event of no known type": [
        { events: [call, { ...click, type: "wish" }] },
        ["body", "events", 1, "type"],
      ],
      "a duration below 0": [
        { events: [{ ...call, duration_ms: -1 }] },
        ["body", "events", 0, "duration_ms"],
      ],
      "a task that is not over": [
        { events: [{ ...task, status: "running" }] },
        ["body", "events", 0, "status"],
      ],
      "an unknown field": [{ events: [{ ...click, player: "Ada" }] }, ["body", "events", 0, "player"]],
    },
    errors: {},
    behaviours: {
      "counts what it takes": async (world) => {
        const body = { events: [call, click, task, lost] };
        expect(await world.ok("POST", "/analytics/events", { body })).toEqual({ success: true, accepted: 4 });
      },
    },
  },
  analyticsSummary: {
    sample: async () => ({ path: "/analytics/summary" }),
    errors: {
      game_not_found: async (world) => {
        await world.fails("game_not_found", "GET", "/analytics/summary?game_id=none");
        const { game_id } = await world.game();
        const { as } = await world.game();
        await world.fails("game_not_found", "GET", `/analytics/summary?game_id=${game_id}`, { as });
      },
    },
    behaviours: {
      "is empty at first": async (world) => {
        expect(await world.ok("GET", "/analytics/summary")).toEqual({
          success: true,
          since: at,
          summary: {
            events: 0,
            calls: [],
            tasks: [],
            interactions: [],
            connections: { reconnects: 0, losses: 0 },
          },
        });
      },
      "adds up calls, tasks, interactions and connections": async (world) => {
        const failed = { ...call, duration_ms: 30, retries: 2, error: "internal_error" };
        const events = [
          call,
          failed,
          task,
          { ...task, status: "failed", duration_seconds: 2 },
          { ...task, agent_type: null, status: "cancelled", duration_seconds: null },
          click,
          { ...click, agent_type: null },
          lost,
          { ...lost, status: "live", reason: null },
        ];
        await world.ok("POST", "/analytics/events", { body: { events } });
        const { summary } = await world.ok("GET", "/analytics/summary");
        expect(summary).toMatchObject({
          events: 9,
          calls: [{ call: "POST /tasks/assign", count: 2, errors: 1, retries: 2, mean_ms: 20 }],
          tasks: [
            {
              task_type: "debugging",
              agent_type: "aider",
              completed: 1,
              failed: 1,
              cancelled: 0,
              mean_seconds: 3,
            },
            {
              task_type: "debugging",
              agent_type: null,
              completed: 0,
              failed: 0,
              cancelled: 1,
              mean_seconds: 0,
            },
          ],
          interactions: [{ agent_id: "agent_1", agent_type: "aider", count: 2 }],
          connections: { reconnects: 1, losses: 1 },
        });
      },
      "shows a session its own game alone": async (world) => {
        const one = await world.game();
        const other = await world.game();
        await world.ok("POST", "/analytics/events", { body: { events: [click] }, as: one.as });
        const eventsOf = async (path: string, options: object): Promise<unknown> =>
          (await world.ok("GET", path, options)).summary.events;
        expect(await eventsOf("/analytics/summary", { as: one.as })).toBe(1);
        expect(await eventsOf("/analytics/summary", { as: other.as })).toBe(0);
        expect(await eventsOf("/analytics/summary", {})).toBe(1);
        expect(await eventsOf(`/analytics/summary?game_id=${other.game_id}`, {})).toBe(0);
      },
    },
  },
};
