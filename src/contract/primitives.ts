import * as z from "zod/mini";
import { atLeast, atMost, matching, noLonger, notEmpty, whole } from "./checks.js";

/** Largest absolute value of a coordinate, in the game's own units. */
export const COORDINATE_MAX = 100_000;

/** Pattern of every id on the wire: opaque, 1 to 64 characters. It needs no escaping in a URL. */
export const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** An opaque id. */
export const idSchema = z
  .string()
  .check(matching(ID_PATTERN, "must be 1 to 64 characters of A-Z a-z 0-9 _ -"));

/** A point in time on the wire: ISO 8601, UTC, with milliseconds. */
export const timestampSchema = z
  .string()
  .check(
    matching(
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
      "must be a UTC time like 2026-01-31T12:00:00.000Z",
    ),
  );

const coordinateSchema = z.number().check(atLeast(-COORDINATE_MAX), atMost(COORDINATE_MAX));

const coordinates = { x: coordinateSchema, y: coordinateSchema, z: coordinateSchema };
/** A place in the game's world: three finite numbers between -100000 and 100000, in the game's own units. */
export const positionSchema = z.strictObject(coordinates);
export type Position = z.infer<typeof positionSchema>;

/** A position as a server tells it; a client ignores what it says beside the three numbers. */
export const placeSchema = z.object(coordinates);

/** A word that names a kind of thing: a task type, an agent type, a capability. */
export const keywordSchema = z
  .string()
  .check(matching(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 characters of A-Z a-z 0-9 _ -"));

/** Text that a person reads: not blank, at most `maximum` characters. */
export function textSchema(maximum: number) {
  return z.string().check(matching(/\S/, "must not be blank"), noLonger(maximum));
}

/** Free data of the game's own; the server keeps it and gives it back. */
export const metadataSchema = z.looseObject({});
export type Metadata = z.infer<typeof metadataSchema>;

/** A share between 0 and 1. */
export const shareSchema = z.number().check(atLeast(0), atMost(1));

/** A whole number from 0 up. */
export const countSchema = z.number().check(whole, atLeast(0));

/** A place in the event log: `epoch` is one life of the log, `seq` counts its events from 1. */
export const cursorSchema = z.object({ epoch: idSchema, seq: countSchema });
export type Cursor = z.infer<typeof cursorSchema>;

/**
 * A number that a query writes as text. It is what `z.coerce.number()` makes, without the coercions to big integers
 * and dates that come along with that name into every bundle.
 */
export function numeric() {
  return new z.ZodMiniNumber({ type: "number", coerce: true });
}

/** Items a page of a list when the caller does not say. */
export const PAGE_LIMIT_DEFAULT = 100;

/** Items a page of a list at the most. */
export const PAGE_LIMIT_MAX = 500;

/** The part of a list's query that pages through it; `cursor` is the `X-Next-Cursor` of the page before. */
export const pageQuery = {
  limit: z.optional(numeric().check(whole, atLeast(1), atMost(PAGE_LIMIT_MAX))),
  cursor: z.optional(z.string().check(notEmpty, noLonger(256))),
};
