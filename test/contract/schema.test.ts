import { deepStrictEqual } from "node:assert";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  check,
  describeProblems,
  positionSchema,
  routes,
  taskAssignBodySchema,
  teamAssignBodySchema,
} from "../../src/contract/index.js";
import { bodySamples } from "./request-samples.js";
import type { Route, Schema } from "../../src/contract/index.js";
import { readerOf, MISFIT } from "../../src/contract/reader.js";
import { checked, list, open, record, whole } from "../../src/contract/schema.js";

/** What is said of a value that does not fit, as one line. */
function said(schema: Schema, value: unknown): string {
  const checked = check(schema, value, "body");
  return checked.ok ? "" : describeProblems(checked.problems);
}

const shape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("circle"), radius: z.number() }),
  z.strictObject({ kind: z.literal("square"), side: z.number() }),
]);

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
      z.object({ at: positionSchema }),
      { at: { x: 0, y: 0, z: 0, w: 0 } },
      "body.at.w is not a known field",
    ],
    ["none of the choices", z.literal(["on", "off"]), "maybe", 'body must be "on" or "off"'],
    [
      "a text that is too long",
      checked(z.string(), z.maxLength(2)),
      "abc",
      "body must be at most 2 characters long",
    ],
    [
      "a list that is too short",
      checked(list(z.string()), z.minLength(1)),
      [],
      "body must have at least 1 item",
    ],
    ["a list that is too long", list(z.string(), 1), ["", ""], "body must have at most 1 items"],
    ["an item of a list", list(z.string()), ["a", 1], "body.1 must be a string"],
    ["a number that is none", z.number(), NaN, "body must be a number"],
    ["a flag that is none", z.boolean(), "true", "body must be a boolean"],
    [
      "no form of a union",
      z.union([z.string(), z.number()]),
      true,
      "body fits none of the forms that are allowed here",
    ],
    ["an unsafe integer", whole(), 2 ** 60, "body must be an integer"],
    ["no number in place of an integer", whole(), Infinity, "body must be a number"],
    ["no word in place of an open one", open("on", "off"), 7, "body must be a string"],
    ["a field that is not there", z.object({ a: z.unknown() }), {}, "body.a is missing"],
    ["a tag that is none", shape, { kind: "dot" }, 'body.kind must be "circle" or "square"'],
    ["no tag", shape, {}, 'body.kind must be "circle" or "square"'],
    ["no tagged object", shape, "circle", "body must be an object"],
    [
      "a fault of the object that is meant",
      shape,
      { kind: "square", side: "a" },
      "body.side must be a number",
    ],
    ["a record that is none", record(z.unknown()), 7, "body must be an object"],
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
      [list(shape), items],
      [positionSchema, fields],
    ] as const) {
      const checked = check(schema, value, "body");
      const count = checked.ok ? 0 : checked.problems.length;
      expect(count).toBeGreaterThanOrEqual(100);
      expect(count).toBeLessThan(110);
    }
  });

  it("says of a list that is too long nothing more, and nothing of its items", () => {
    expect(said(list(z.string(), 2), [1, 2, 3])).toBe("body must have at most 2 items");
  });

  it("passes over what an object has from its prototype, which nobody wrote into it", () => {
    const vector: object = Object.create({ length: 3, add: () => 0 });
    Object.assign(vector, { x: 1, y: 2, z: 3 });
    expect(check(z.object({ at: positionSchema }), { at: vector }, "body")).toEqual({
      ok: true,
      value: { at: { x: 1, y: 2, z: 3 } },
    });
    expect(said(positionSchema, Object.assign(vector, { w: 4 }))).toBe("body.w is not a known field");
  });

  it("is the contract's own words, whatever a page says to its zod", () => {
    const before = z.config();
    z.config({ customError: () => "nope", localeError: () => "nope" });
    try {
      expect(said(taskAssignBodySchema, {})).toBe("body.prompt must be a string");
    } finally {
      z.config({ customError: before.customError, localeError: before.localeError });
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

/** What zod reads of a value, or {@link MISFIT}. */
function readByZod(schema: Schema, value: unknown): unknown {
  const read = z.safeParse(schema, value);
  return read.success ? read.data : MISFIT;
}

/** The bodies of requests that the samples have, good ones and bad ones. */
const wireSamples = Object.entries(bodySamples).map(([name, { good, bad }]): [string, Schema, unknown[]] => {
  const route: Route | undefined = new Map<string, Route>(Object.entries(routes)).get(name);
  if (route?.body === undefined) throw new Error(`${name} takes no body.`);
  return [name, route.body, [...good, ...bad]];
});

/** The value with each of its parts in turn left out, or replaced by something else. */
function spoilt(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [null, -1, "", {}, []];
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    const { [name]: _gone, ...rest } = Object.fromEntries(Object.entries(value));
    const others = spoilt(part).map((one) =>
      Array.isArray(value) ? Object.assign([...value], { [name]: one }) : { ...rest, [name]: one },
    );
    return Array.isArray(value) ? others : [rest, { ...rest, [name]: undefined }, ...others];
  });
}

const names = fc.constantFrom("a", "b", "c", "__proto__", "constructor");
const bound = fc.integer({ min: -3, max: 3 });

/** Schemas of every kind that the contract has, one in another. */
const { schemas } = fc.letrec<{ schemas: Schema; leaf: Schema }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<Schema>(
      z.string(),
      checked(z.string(), z.minLength(1), z.maxLength(1)),
      checked(z.string(), z.regex(/^a/), z.maxLength(2)),
      z.number(),
      z.boolean(),
      z.unknown(),
      z.literal(["a", 1, true]),
      z.looseObject({}),
      open("a", "b"),
    ),
    bound.map((n) => checked(z.number(), z.gte(n))),
    bound.map((n) => checked(z.number(), z.gt(n), z.lte(2))),
    bound.map((n) => checked(whole(), z.lte(n))),
  ),
  schemas: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    tie("schemas").map((inner) => z.nullable(inner)),
    tie("schemas").map((item) => list(item)),
    tie("schemas").map((item) => z.array(item)),
    fc
      .tuple(tie("schemas"), fc.integer({ min: 0, max: 3 }))
      .map(([item, n]) => checked(list(item, n), z.minLength(1))),
    tie("schemas").map((values) => record(values)),
    fc.tuple(tie("schemas"), tie("schemas")).map((options) => z.union(options)),
    fc
      .tuple(tie("leaf"), tie("leaf"))
      .map(([one, other]) =>
        z.discriminatedUnion("a", [
          z.object({ a: z.literal("x"), b: one }),
          z.object({ a: z.literal(["y", 1]), b: other }),
        ]),
      ),
    fc
      .tuple(
        fc.dictionary(
          fc.constantFrom("a", "b", "c"),
          fc.tuple(tie("schemas"), fc.constantFrom("needed", "optional", "default")),
        ),
        fc.constantFrom(z.object, z.strictObject, z.looseObject),
      )
      .map(([shape, make]) =>
        make(
          Object.fromEntries(
            Object.entries(shape).map(([name, [inner, how]]): [string, Schema] => [
              name,
              how === "optional" ? z.optional(inner) : how === "default" ? z._default(inner, () => 7) : inner,
            ]),
          ),
        ),
      ),
  ),
}));

const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("", "a", "b", "ab", "x", "😀", null, undefined, true, NaN, Infinity, 1.5, 2 ** 60, -0),
    bound,
    fc.array(tie("values"), { maxLength: 4 }),
    fc.dictionary(names, tie("values"), { maxKeys: 4 }),
  ),
}));

describe("what reads values that fit", { timeout: 60_000 }, () => {
  it("takes what zod takes, and reads the same", () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        // Not vitest's, which goes by a field of the name constructor.
        deepStrictEqual(readerOf(schema)(value), readByZod(schema, value));
      }),
      { numRuns: 10_000 },
    );
  });

  it("does so for every schema of the contract, in good values and in ones that are wrong at one place", () => {
    for (const [name, schema, samples] of wireSamples) {
      for (const sample of samples) {
        for (const value of [sample, ...spoilt(sample)])
          expect([name, readerOf(schema)(value)]).toStrictEqual([name, readByZod(schema, value)]);
      }
    }
  });

  it("does not change what it reads", () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        const before = structuredClone(value);
        check(schema, value, "value");
        expect(value).toEqual(before);
      }),
    );
  });
});
