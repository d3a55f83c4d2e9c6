import {
  $constructor,
  $ZodArray,
  $ZodBoolean,
  $ZodCheckRegex,
  $ZodDefault,
  $ZodLiteral,
  $ZodNullable,
  $ZodNumber,
  $ZodObject,
  $ZodOptional,
  $ZodString,
  $ZodUnion,
  $ZodUnknown,
} from "zod/v4/core";
import { isObject } from "./is-object.js";
import type { $ZodCheck, $ZodType, ParsePayload } from "zod/v4/core";

/** What reading gives for a value that its schema does not fit. */
export const MISFIT = Symbol("misfit");

/** Reads a value as its schema says, or gives {@link MISFIT}. */
export type Reader = (value: unknown) => unknown;

/** A whole number that JavaScript holds exactly: zod's own kind is one of five, with the bounds of each. */
export const Whole = /* @__PURE__ */ $constructor<$ZodNumber<number>>("AgentVMWhole", (whole, definition) => {
  $ZodNumber.init(whole, definition);
  const parse = whole._zod.parse.bind(whole._zod);
  whole._zod.bag.format = "safeint";
  whole._zod.parse = (payload, context) => {
    const input: unknown = payload.value;
    if (!Number.isFinite(input)) return parse(payload, context);
    if (!Number.isSafeInteger(input))
      payload.issues.push({ code: "invalid_type", expected: "int", input, inst: whole });
    return payload;
  };
});

const readers = new WeakMap<$ZodType, Reader>();

/**
 * What reads values of a schema where nothing is wrong with them, which is nearly always: functions that are put together once, in the
 * place of the payloads that zod makes for every field, and several times as fast. It says no more than that a value does not fit;
 * what is wrong with it, zod says. Events come by the thousand a second, and so do moves. Nothing is evaluated from text, which a
 * Content-Security-Policy forbids.
 */
export function readerOf(schema: $ZodType): Reader {
  let reader = readers.get(schema);
  if (reader === undefined) {
    reader = withChecks(schema, readerFor(schema));
    readers.set(schema, reader);
  }
  return reader;
}

function readerFor(schema: $ZodType): Reader {
  if (schema instanceof $ZodObject) return objectReader(schema);
  if (schema instanceof $ZodString) return (value) => (typeof value === "string" ? value : MISFIT);
  if (schema instanceof Whole) return (value) => (Number.isSafeInteger(value) ? value : MISFIT);
  if (schema instanceof $ZodNumber)
    return (value) => (typeof value === "number" && Number.isFinite(value) ? value : MISFIT);
  if (schema instanceof $ZodBoolean) return (value) => (typeof value === "boolean" ? value : MISFIT);
  if (schema instanceof $ZodUnknown) return (value) => value;
  if (schema instanceof $ZodLiteral) {
    const values: readonly unknown[] = schema._zod.def.values;
    return (value) => (values.includes(value) ? value : MISFIT);
  }
  if (schema instanceof $ZodNullable) {
    const read = readerOf(schema._zod.def.innerType);
    return (value) => (value === null ? null : read(value));
  }
  if (schema instanceof $ZodOptional) {
    const read = readerOf(schema._zod.def.innerType);
    return (value) => (value === undefined ? undefined : read(value));
  }
  if (schema instanceof $ZodDefault) {
    const { def } = schema._zod;
    const read = readerOf(def.innerType);
    return (value) => (value === undefined ? def.defaultValue : read(value));
  }
  if (schema instanceof $ZodArray) {
    const { maximum } = schema._zod.bag;
    return listReader(readerOf(schema._zod.def.element), typeof maximum === "number" ? maximum : Infinity);
  }
  if (schema instanceof $ZodUnion) return firstOf(schema._zod.def.options.map(readerOf));
  throw new TypeError(`A schema of the type ${schema._zod.def.type} has no reader yet; add it to reader.ts.`);
}

function listReader(read: Reader, maximum: number): Reader {
  return (value) => {
    if (!Array.isArray(value) || value.length > maximum) return MISFIT;
    const list: unknown[] = [];
    for (const item of value) {
      const part = read(item);
      if (part === MISFIT) return MISFIT;
      list.push(part);
    }
    return list;
  };
}

function firstOf(options: readonly Reader[]): Reader {
  return (value) => {
    for (const read of options) {
      const part = read(value);
      if (part !== MISFIT) return part;
    }
    return MISFIT;
  };
}

/** A field of an object: its name, what reads it, and whether it may be left out. */
type Field = readonly [name: string, read: Reader, isNeeded: boolean];

function objectReader(schema: $ZodObject): Reader {
  const { shape, catchall } = schema._zod.def;
  const fields = Object.entries(shape).map(([name, field]): Field => [
    name,
    readerOf(field),
    field._zod.optin === undefined,
  ]);
  const others = catchall && othersReader(new Set(Object.keys(shape)), catchall);
  return (value) => {
    if (!isObject(value)) return MISFIT;
    const object: Record<string, unknown> = {};
    for (const [name, read, isNeeded] of fields) {
      const given = value[name];
      if (given === undefined && isNeeded && !(name in value)) return MISFIT;
      const part = read(given);
      if (part === MISFIT) return MISFIT;
      if (part !== undefined || name in value) object[name] = part;
    }
    return others === undefined || others(value, object) ? object : MISFIT;
  };
}

/** Reads into an object what it has beside its fields; false where that is not allowed. */
function othersReader(
  known: ReadonlySet<string>,
  schema: $ZodType,
): (value: Readonly<Record<string, unknown>>, object: Record<string, unknown>) => boolean {
  const isStrict = schema._zod.def.type === "never";
  const read = isStrict ? () => MISFIT : readerOf(schema);
  return (value, object) => {
    for (const name in value) {
      // The one name that would change the object itself is left out.
      if (known.has(name) || (name === "__proto__" && !isStrict)) continue;
      const part = read(value[name]);
      if (part === MISFIT) return false;
      object[name] = part;
    }
    return true;
  };
}

/** Asks zod's own checks, all with one payload: nothing is made for a value that fits. */
function withChecks(schema: $ZodType, read: Reader): Reader {
  const { def, traits } = schema._zod;
  const all: readonly object[] = [...(traits.has("$ZodCheck") ? [schema] : []), ...(def.checks ?? [])];
  return all.filter(isCheck).reduce(withCheck, read);
}

/** Adds one check. Those that nearly every field has are asked without a payload. */
function withCheck(read: Reader, check: $ZodCheck<unknown>): Reader {
  if (check instanceof $ZodCheckRegex) {
    const { pattern } = check._zod.def;
    return (given) => {
      const value = read(given);
      return typeof value === "string" && pattern.test(value) ? value : MISFIT;
    };
  }
  const payload: ParsePayload = { value: undefined, issues: [] };
  return (given) => {
    payload.value = read(given);
    if (payload.value === MISFIT) return MISFIT;
    void check._zod.check(payload);
    if (payload.issues.length === 0) return payload.value;
    payload.issues = [];
    return MISFIT;
  };
}

function isCheck(one: object): one is $ZodCheck<unknown> {
  return "_zod" in one;
}
