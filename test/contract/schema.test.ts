import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  check,
  describeProblems,
  positionSchema,
  taskAssignBodySchema,
  teamAssignBodySchema,
} from "../../src/contract/index.js";
import type { Schema } from "../../src/contract/index.js";
import * as s from "../../src/contract/schema/index.js";

/** What is said of a value that does not fit, as one line. */
function said(schema: Schema, value: unknown): string {
  const checked = check(schema, value, "body");
  return checked.ok ? "" : describeProblems(checked.problems);
}

const shape = s.tagged(
  "kind",
  s.strictObject({ kind: s.literal("circle"), radius: s.number() }),
  s.strictObject({ kind: s.literal("square"), side: s.number() }),
);

describe("what is said of a wrong value", () => {
  it.each<[string, Schema, unknown, string]>([
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
      s.object({ at: positionSchema }),
      { at: { x: 0, y: 0, z: 0, w: 0 } },
      "body.at.w is not a known field",
    ],
    ["none of the choices", s.literal("on", "off"), "maybe", 'body must be "on" or "off"'],
    ["a text that is too long", s.string(s.noLonger(2)), "abc", "body must be at most 2 characters long"],
    ["a list that is too short", s.array(s.string(), s.someItems), [], "body must have at least 1 item"],
    [
      "a list that is too long",
      s.array(s.string(), s.noMoreItems(1)),
      ["", ""],
      "body must have at most 1 items",
    ],
    ["an item of a list", s.array(s.string()), ["a", 1], "body.1 must be a string"],
    ["a number that is none", s.number(), NaN, "body must be a number"],
    ["a flag that is none", s.boolean(), "true", "body must be a boolean"],
    [
      "no form of a union",
      s.union(s.string(), s.number()),
      true,
      "body fits none of the forms that are allowed here",
    ],
    ["a tag that is none", shape, { kind: "dot" }, 'body.kind must be "circle" or "square"'],
    ["no tag", shape, {}, 'body.kind must be "circle" or "square"'],
    ["no tagged object", shape, "circle", "body must be an object"],
    [
      "a fault of the object that is meant",
      shape,
      { kind: "square", side: "a" },
      "body.side must be a number",
    ],
    ["a record that is none", s.record(s.unknown()), 7, "body must be an object"],
  ])("%s", (_what, schema, value, line) => {
    expect(said(schema, value)).toBe(line);
  });

  it("names every fault, not just the first", () => {
    expect(said(taskAssignBodySchema, { prompt: "", priority: -1, timeout: 0 })).toBe(
      "body.prompt must not be blank; body.priority must be at least 0; body.timeout must be more than 0",
    );
  });

  it("names a hundred and not many more of the faults of a list or an object that is full of them", () => {
    const items = Array.from({ length: 50_000 }, () => ({ kind: "circle", b: 1 }));
    const fields = Object.fromEntries(items.map((_, at) => [`field${at}`, 1]));
    for (const [schema, value] of [
      [s.array(shape), items],
      [positionSchema, fields],
    ] as const) {
      const checked = check(schema, value, "body");
      const count = checked.ok ? 0 : checked.problems.length;
      expect(count).toBeGreaterThanOrEqual(100);
      expect(count).toBeLessThan(110);
    }
  });

  it("keeps the rule that was broken and the place as parts", () => {
    expect(check(positionSchema, { x: 0, y: 0, z: 1e9 }, "query")).toEqual({
      ok: false,
      problems: [{ loc: ["query", "z"], msg: "must be at most 100000", type: "too_big" }],
    });
  });

  it("never repeats the value, which may be a secret", () => {
    expect(said(taskAssignBodySchema, { prompt: "x", agent_id: "not/secret-key" })).not.toContain(
      "secret-key",
    );
  });
});

/** A schema of ours beside the one of zod that means the same. */
interface Twins {
  readonly ours: Schema;
  readonly theirs: z.ZodMiniType;
}

const names = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
const shapes = <T>(part: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), part), { selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));

const bound = fc.integer({ min: -3, max: 3 });
const size = fc.integer({ min: 0, max: 3 });

/** Schemas of every kind, one in another. Unions are left out on wish, for zod may tell the fault of one option. */
const twinsOf = (withUnions: boolean) =>
  fc.letrec<{ twins: Twins; leaf: Twins }>((tie) => ({
    leaf: fc.oneof(
      fc.constant({ ours: s.string(), theirs: z.string() }),
      fc.constant({ ours: s.string(s.notEmpty), theirs: z.string().check(z.minLength(1)) }),
      fc.constant({
        ours: s.string(s.matching(/^a/, "must begin with a")),
        theirs: z.string().check(z.regex(/^a/)),
      }),
      fc.constant({ ours: s.number(), theirs: z.number() }),
      bound.map((n) => ({ ours: s.number(s.atLeast(n)), theirs: z.number().check(z.gte(n)) })),
      bound.map((n) => ({ ours: s.number(s.above(n)), theirs: z.number().check(z.gt(n)) })),
      bound.map((n) => ({ ours: s.number(s.whole, s.atMost(n)), theirs: z.int().check(z.lte(n)) })),

      fc.constant({ ours: s.boolean(), theirs: z.boolean() }),
      fc.constant({ ours: s.unknown(), theirs: z.unknown() }),
      fc.constant({
        ours: s.literal<string | number | boolean>("a", 1, true),
        theirs: z.literal(["a", 1, true]),
      }),
      fc.constant({ ours: s.looseObject(), theirs: z.looseObject({}) }),
    ),
    twins: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      tie("twins").map(({ ours, theirs }) => ({ ours: s.nullable(ours), theirs: z.nullable(theirs) })),
      tie("twins").map(({ ours, theirs }) => ({ ours: s.array(ours), theirs: z.array(theirs) })),
      fc.tuple(tie("twins"), size).map(([{ ours, theirs }, n]) => ({
        ours: s.array(ours, s.someItems, s.noMoreItems(n)),
        theirs: z.array(theirs).check(z.minLength(1), z.maxLength(n)),
      })),
      tie("twins").map(({ ours, theirs }) => ({
        ours: s.record(ours),
        theirs: z.record(z.string(), theirs),
      })),
      ...(withUnions
        ? [
            fc.tuple(tie("leaf"), tie("leaf")).map(([one, other]) => ({
              ours: s.tagged(
                "a",
                s.object({ a: s.literal("x"), b: one.ours }),
                s.object({ a: s.literal<string | number>("y", 1), b: other.ours }),
              ),
              theirs: z.discriminatedUnion("a", [
                z.object({ a: z.literal("x"), b: one.theirs }),
                z.object({ a: z.literal(["y", 1]), b: other.theirs }),
              ]),
            })),
            fc.tuple(tie("twins"), tie("twins")).map(([one, other]) => ({
              ours: s.union(one.ours, other.ours),
              theirs: z.union([one.theirs, other.theirs]),
            })),
          ]
        : []),
      fc
        .tuple(shapes(fc.tuple(tie("twins"), fc.constantFrom("needed", "optional", "default"))), fc.boolean())
        .map(([shape, strict]) => {
          const ours: Record<string, Schema> = {};
          const theirs: Record<string, z.ZodMiniType> = {};
          for (const [name, [twin, how]] of Object.entries(shape)) {
            ours[name] =
              how === "optional"
                ? s.optional(twin.ours)
                : how === "default"
                  ? s.withDefault(twin.ours, () => 7)
                  : twin.ours;
            theirs[name] =
              how === "optional"
                ? z.optional(twin.theirs)
                : how === "default"
                  ? z._default(twin.theirs, () => 7)
                  : twin.theirs;
          }
          return strict
            ? { ours: s.strictObject(ours), theirs: z.strictObject(theirs) }
            : { ours: s.object(ours), theirs: z.object(theirs) };
        }),
    ),
  })).twins;

const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("", "a", "b", "ab", "1", "-2", null, true, false, NaN, Infinity, 1.5, 2 ** 60),
    bound,
    fc.array(tie("values"), { maxLength: 4 }),
    fc.dictionary(names, tie("values"), { maxKeys: 4 }),
  ),
}));

describe("a schema", () => {
  it("takes what zod's schema of the same meaning takes, and reads the same", () => {
    fc.assert(
      fc.property(twinsOf(true), values, ({ ours, theirs }, value) => {
        const mine = check(ours, value, "value");
        const other = z.safeParse(theirs, value);
        expect(mine.ok).toBe(other.success);
        if (mine.ok) expect(mine.value).toEqual(other.data);
      }),
      { numRuns: 5_000 },
    );
  });

  it("finds fault at the places where zod finds it", () => {
    const placesOf = (problems: readonly { readonly loc: readonly (string | number)[] }[]) =>
      new Set(problems.map(({ loc }) => JSON.stringify(loc)));
    fc.assert(
      fc.property(twinsOf(false), values, ({ ours, theirs }, value) => {
        const mine = check(ours, value, "value");
        const other = z.safeParse(theirs, value);
        if (mine.ok || other.success) return;
        const theirPlaces = other.error.issues.flatMap((issue) => {
          const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
          return issue.code === "unrecognized_keys"
            ? issue.keys.map((key) => ({ loc: ["value", ...path, key] }))
            : [{ loc: ["value", ...path] }];
        });
        expect(placesOf(mine.problems)).toEqual(placesOf(theirPlaces));
      }),
      { numRuns: 5_000 },
    );
  });

  it("does not change what it reads", () => {
    fc.assert(
      fc.property(twinsOf(true), values, ({ ours }, value) => {
        const before = structuredClone(value);
        check(ours, value, "value");
        expect(value).toEqual(before);
      }),
    );
  });
});
