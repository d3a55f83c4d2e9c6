import { expect, it } from "vitest";
import { Starts } from "../../../server/src/adapters/opencode/starts.js";
import type { TaskServer } from "../../../server/src/adapters/opencode/server.js";

/** Starts that a test ends when it wants, and in which order they have begun. */
function rig() {
  const starts = new Starts();
  const begun: string[] = [];
  const ends = new Map<string, (started: TaskServer | string) => void>();
  const take = (name: string, signal = new AbortController().signal) =>
    starts.take(() => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    }, signal);
  return { begun, take, end: (name: string, started: TaskServer | string) => ends.get(name)?.(started) };
}

const SERVER: TaskServer = {
  process: {
    pid: undefined,
    lines: (async function* () {})(),
    exited: new Promise(() => undefined),
    onErrorLine: () => undefined,
    errorText: () => "",
    write: () => undefined,
    endInput: () => undefined,
    waitsFor: (promise) => promise,
    stop: async () => undefined,
  },
  call: async () => null,
  events: async () => (async function* () {})(),
};

const settled = () => new Promise((resolve) => void setImmediate(resolve));

it("has the first opencode make its database alone, and all others start at once when that listens", async () => {
  const { begun, take, end } = rig();
  const all = ["a", "b", "c"].map((name) => take(name));
  await settled();
  expect(begun).toEqual(["a"]);
  end("a", SERVER);
  await settled();
  expect(begun).toEqual(["a", "b", "c"]);
  end("b", SERVER);
  end("c", SERVER);
  expect(await Promise.all(all)).toEqual([SERVER, SERVER, SERVER]);
});

it("has the next one try where the first did not start, one at a time", async () => {
  const { begun, take, end } = rig();
  const [a] = ["a", "b", "c"].map((name) => take(name));
  await settled();
  end("a", "It is broken.");
  expect(await a).toBe("It is broken.");
  await settled();
  expect(begun).toEqual(["a", "b"]);
});

it("starts none for a task that is cancelled while it waits", async () => {
  const { begun, take, end } = rig();
  const cancel = new AbortController();
  void take("a");
  const b = take("b", cancel.signal);
  cancel.abort(new Error("cancelled"));
  end("a", SERVER);
  await expect(b).rejects.toThrow("cancelled");
  expect(begun).toEqual(["a"]);
});
