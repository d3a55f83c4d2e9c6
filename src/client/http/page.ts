import { ContractError } from "../../errors/contract-error.js";

/** Empty pages in a row that lead on and are followed: a server may leave things out, but not for ever. */
const EMPTY_PAGES_MAX = 100;

/** One page of a list: an array that knows where the next page begins. */
export type Page<T> = T[] & {
  /** Hand it back as `cursor` for the next page; null on the last one. */
  readonly nextCursor: string | null;
};

/** A list that is asked for: await it for one page, or iterate it for every item of every page. */
export type Listing<T> = Promise<Page<T>> & AsyncIterable<T>;

/** Makes a page of an array, which goes on being equal to one and printed as one. */
export function pageOf<T>(items: T[], nextCursor: string | null): Page<T> {
  giveCursor(items, nextCursor);
  return items;
}

function giveCursor<T>(items: T[], nextCursor: string | null): asserts items is Page<T> {
  Object.defineProperty(items, "nextCursor", { value: nextCursor });
}

/** Asks for a page at once, and for those after it while they are iterated. */
export function listing<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): Listing<T> {
  const first = ask(undefined);
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      let page = await first;
      for (let empty = 0; ;) {
        yield* page;
        if (page.nextCursor === null) return;
        empty = page.length === 0 ? empty + 1 : 0;
        if (empty > EMPTY_PAGES_MAX) throw endless();
        page = await ask(page.nextCursor);
      }
    },
  });
}

function endless(): ContractError {
  return new ContractError(
    `The list led on over ${EMPTY_PAGES_MAX} empty pages in a row, and was not read further.`,
    {
      code: "endless_list",
      outcome: "unknown",
      remediation:
        "Check that the endpoint is an AgentVM server, or read it page by page with cursor and a bound of your own.",
    },
  );
}
