import { PAGE_LIMIT_DEFAULT } from "../../src/contract/primitives.js";
import { invalidRequest } from "./errors.js";
import type { Page } from "./types.js";

/** Bytes after which a page ends, however many items it may have: what is answered is held until the caller has read it. */
export const PAGE_BYTES = 4_194_304;

/** One page of records, which come in the order of their ordinals; the cursor is the ordinal of the last one told. */
export function pageOf<R extends { readonly ordinal: number }, T>(
  records: Iterable<R>,
  query: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  give: (record: R) => T | undefined,
  size: (item: T) => number,
): Page<T> {
  const limit = query.limit ?? PAGE_LIMIT_DEFAULT;
  const after = query.cursor === undefined ? -1 : ordinalOf(query.cursor);
  const items: T[] = [];
  let last = after;
  let bytes = 0;
  for (const record of records) {
    if (record.ordinal <= after) continue;
    const item = give(record);
    if (item === undefined) continue;
    if (items.length === limit || bytes >= PAGE_BYTES) return { items, next_cursor: last.toString(36) };
    items.push(item);
    bytes += size(item);
    last = record.ordinal;
  }
  return { items, next_cursor: null };
}

function ordinalOf(cursor: string): number {
  const ordinal = /^[0-9a-z]{1,10}$/.test(cursor) ? parseInt(cursor, 36) : NaN;
  if (!Number.isSafeInteger(ordinal)) {
    throw invalidRequest(["query", "cursor"], "must be the X-Next-Cursor of the page before");
  }
  return ordinal;
}
