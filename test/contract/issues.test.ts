import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  describeDetail,
  issuesToDetail,
  positionSchema,
  taskAssignBodySchema,
  teamAssignBodySchema,
} from "../../src/contract/index.js";

/** What the contract says of a value that does not fit, as one line. */
function said(
  schema: { safeParse(value: unknown): { error?: { issues: z.core.$ZodIssue[] } | undefined } },
  value: unknown,
): string {
  return describeDetail(issuesToDetail(schema.safeParse(value).error?.issues ?? [], "body"));
}

describe("what is said of a wrong value", () => {
  it.each([
    ["a missing text", taskAssignBodySchema, {}, "body.prompt must be a string"],
    ["a number in place of a text", taskAssignBodySchema, { prompt: 7 }, "body.prompt must be a string"],
    ["a blank text", taskAssignBodySchema, { prompt: " " }, "body.prompt must not be blank"],
    ["a list in place of an object", taskAssignBodySchema, [], "body must be an object"],
    [
      "a share of an integer",
      teamAssignBodySchema,
      { prompt: "x", team_size: 2.5 },
      "body.team_size must be an integer",
    ],
    ["too few", teamAssignBodySchema, { prompt: "x", team_size: 1 }, "body.team_size must be at least 2"],
    ["too many", teamAssignBodySchema, { prompt: "x", team_size: 11 }, "body.team_size must be at most 10"],
    [
      "a bad id",
      taskAssignBodySchema,
      { prompt: "x", agent_id: "a/b" },
      "body.agent_id must be 1 to 64 characters of A-Z a-z 0-9 _ -",
    ],
    [
      "two unknown fields",
      taskAssignBodySchema,
      { prompt: "x", a: 1, b: 2 },
      "body.a is not a known field; body.b is not a known field",
    ],
    [
      "an unknown field inside",
      z.object({ at: positionSchema }),
      { at: { x: 0, y: 0, z: 0, w: 0 } },
      "body.at.w is not a known field",
    ],
    ["none of the choices", z.enum(["on", "off"]), "maybe", 'body must be "on" or "off"'],
    [
      "a text that is too long",
      z.string().check(z.maxLength(2)),
      "abc",
      "body must be at most 2 characters long",
    ],
    [
      "a list that is too short",
      z.array(z.string()).check(z.minLength(1)),
      [],
      "body must have at least 1 item",
    ],
    [
      "no form of a union",
      z.union([z.string(), z.number()]),
      true,
      "body fits none of the forms that are allowed here",
    ],
    ["a record that is none", z.record(z.string(), z.unknown()), 7, "body must be an object"],
    ["not a multiple", z.number().check(z.multipleOf(5)), 7, "body must be a multiple of 5"],
    ["no address", z.url(), "x", "body must be a valid url"],
  ])("%s", (_what, schema, value, line) => {
    expect(said(schema, value)).toBe(line);
  });

  it("names every fault, not just the first", () => {
    expect(said(taskAssignBodySchema, { prompt: "", priority: -1, timeout: 0 })).toBe(
      "body.prompt must not be blank; body.priority must be at least 0; body.timeout must be more than 0",
    );
  });

  it("keeps the rule that was broken and the place as parts", () => {
    const issues = positionSchema.safeParse({ x: 0, y: 0, z: 1e9 }).error?.issues ?? [];
    expect(issuesToDetail(issues, "query")).toEqual([
      { loc: ["query", "z"], msg: "must be at most 100000", type: "too_big" },
    ]);
  });

  it("never repeats the value, which may be a secret", () => {
    expect(said(taskAssignBodySchema, { prompt: "x", agent_id: "not/secret-key" })).not.toContain(
      "secret-key",
    );
  });
});
