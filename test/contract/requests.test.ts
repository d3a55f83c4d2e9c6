import { describe, expect, it } from "vitest";
import {
  ROUTE_NAMES,
  type Problem,
  type Route,
  type Schema,
  agentListQuerySchema,
  check,
  fits,
  routes,
  taskAssignBodySchema,
  taskListQuerySchema,
  taskOutputQuerySchema,
} from "../../src/contract/index.js";
import { parsedQuery } from "../../mock-server/calls/input.js";
import { bodySamples } from "./request-samples.js";
import { read } from "../lib/read.js";

function problemsOf(schema: Schema, body: unknown): Problem[] {
  const checked = check(schema, body, "body");
  return checked.ok ? [] : checked.problems;
}

const sampled = Object.entries(bodySamples).map(([name, samples]) => {
  const route: Route | undefined = new Map<string, Route>(Object.entries(routes)).get(name);
  if (route?.body === undefined) throw new Error(`${name} takes no body.`);
  return { name, schema: route.body, ...samples };
});

describe("the samples", () => {
  it("are there for every call that takes a body", () => {
    const withBody = ROUTE_NAMES.filter((name) => "body" in routes[name]);
    expect(Object.keys(bodySamples).sort()).toEqual([...withBody].sort());
  });
});

describe.each(sampled)("the body of $name", ({ schema, good, bad }) => {
  it.each(good.map((body) => [JSON.stringify(body), body]))("may be %s", (_text, body) => {
    expect(problemsOf(schema, body)).toEqual([]);
  });

  it.each(bad.map(([body, place]) => [JSON.stringify(body).slice(0, 80), place, body]))(
    "may not be %s, and the refusal names %s",
    (_text, place, body) => {
      expect(problemsOf(schema, body).map(({ loc }) => loc.join("."))).toEqual([place]);
    },
  );

  it("refuses an unknown field by its name", () => {
    const body = { ...Object(good[0]), surprise: 1 };
    expect(problemsOf(schema, body)).toEqual([
      { loc: ["body", "surprise"], msg: "is not a known field", type: "unrecognized_keys" },
    ]);
  });
});

describe("a task", () => {
  it("gets the contract's defaults", () => {
    expect(read(taskAssignBodySchema, { prompt: "Fix it" })).toEqual({
      prompt: "Fix it",
      task_type: "general",
      priority: 1,
      timeout: 600,
    });
  });
});

describe("a query", () => {
  it("has its numbers written in digits", () => {
    expect(parsedQuery(agentListQuerySchema, { limit: "500" })).toEqual({ limit: 500 });
    expect(parsedQuery(taskOutputQuerySchema, { offset: "0" })).toEqual({ offset: 0 });
    for (const limit of ["", "0x10", "1e2", " 5", "+5"])
      expect(() => parsedQuery(agentListQuerySchema, { limit })).toThrow("query.limit");
  });

  it.each([
    { limit: "0" },
    { limit: "501" },
    { limit: "1.5" },
    { limit: "ten" },
    { limit: "-1" },
    { cursor: "" },
    { state: "asleep" },
    { colour: "red" },
  ])("of agents may not be %j", (query) => {
    expect(fits(agentListQuerySchema, query)).toBe(false);
  });

  it.each([{ status: "done" }, { agent_id: "a/b" }, { team: "t" }])("of tasks may not be %j", (query) => {
    expect(fits(taskListQuerySchema, query)).toBe(false);
  });

  it.each([{ offset: "-1" }, { offset: "1.5" }, { offset: "x" }])("of output may not be %j", (query) => {
    expect(fits(taskOutputQuerySchema, query)).toBe(false);
  });
});
