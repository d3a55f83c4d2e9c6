import * as z from "./zod.js";
import { checked, whole } from "./schema.js";

/** Largest absolute value of a coordinate, in the game's own units. */
export const COORDINATE_MAX = 100_000;

/** Pattern of every id on the wire: opaque, 1 to 64 characters. It needs no escaping in a URL. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** An opaque id. */
export const idSchema = checked(
  z.string(),
  z.regex(ID_PATTERN, "must be 1 to 64 characters of A-Z a-z 0-9 _ -"),
);

/** A point in time on the wire: ISO 8601, UTC, with milliseconds. */
export const timestampSchema = checked(
  z.string(),
  z.regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
    "must be a UTC time like 2026-01-31T12:00:00.000Z",
  ),
);

/** Whether a value is one that {@link COORDINATE_MAX} allows: a number, and none that is not finite. */
export function isCoordinate(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= COORDINATE_MAX;
}

const coordinateSchema = checked(z.number(), z.gte(-COORDINATE_MAX), z.lte(COORDINATE_MAX));

const coordinates = { x: coordinateSchema, y: coordinateSchema, z: coordinateSchema };
/** A place in the game's world: three finite numbers between -100000 and 100000, in the game's own units. */
export const positionSchema = z.strictObject(coordinates);
export type Position = z.output<typeof positionSchema>;

/** A position as a server tells it; a client ignores what it says beside the three numbers. */
export const placeSchema = z.object(coordinates);

/** A word that names a kind of thing: a task type, an agent type, a capability. */
export const keywordSchema = checked(
  z.string(),
  z.regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z a-z 0-9 _ -"),
);

/** Text that a person reads: not blank, at most `maximum` characters. */
/* @__NO_SIDE_EFFECTS__ */ export function textSchema(maximum: number) {
  return checked(z.string(), z.regex(/\S/, "must not be blank"), z.maxLength(maximum));
}

/** A share between 0 and 1. */
export const shareSchema = checked(z.number(), z.gte(0), z.lte(1));

/** A whole number from 0 up. */
export const countSchema = checked(whole(), z.gte(0));

/** A place in the event log: `epoch` is one life of the log, `seq` counts its events from 1. */
export const cursorSchema = z.object({ epoch: idSchema, seq: countSchema });
export type Cursor = z.output<typeof cursorSchema>;

/** Items a page of a list when the caller does not say. */
export const PAGE_LIMIT_DEFAULT = 100;

/** Items a page of a list at the most. */
export const PAGE_LIMIT_MAX = 500;

/** The part of a list's query that pages through it; `cursor` is the `X-Next-Cursor` of the page before. */
export const pageQuery = {
  limit: z.optional(checked(whole(), z.gte(1), z.lte(PAGE_LIMIT_MAX))),
  cursor: z.optional(checked(z.string(), z.minLength(1), z.maxLength(256))),
};
