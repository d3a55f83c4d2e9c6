import type { BodyOf } from "../../contract/index.js";

/** Where a page keeps the session that it comes back to: `sessionStorage`, or anything that has these of its methods. */
export interface ResumeStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What `connect` is asked for. */
export type ConnectGame = BodyOf<"gameConnect"> & {
  /**
   * Where the session is kept, so that the page finds its game and session again after a reload: a storage, or `true` for the page's
   * own `sessionStorage`. What cannot be kept or read there, as in a sandboxed frame, with the storage full or outside of a page,
   * changes nothing: it begins anew then, as without. Default false.
   *
   * The storage holds the session's token, for every script of the page to read: it lets nobody do more than the page itself.
   */
  readonly resume?: ResumeStorage | boolean | undefined;
};
