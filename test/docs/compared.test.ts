import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as entry from "../../mock-server/testing.js";
import { createHandlers } from "../../mock-server/msw.js";
import { startMockServer } from "../../mock-server/node.js";
import { createMockBackend } from "../../mock-server/testing.js";

/** What the command can do, which tests of its own run. */
const COMMANDS = ["agentvm serve", "agentvm serve --scripts", "agentvm record"];

interface Row {
  readonly what: string;
  readonly here: string;
  readonly others: readonly string[];
}

const rows = readFileSync("docs/compared.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|") && !/^\| -|^\|[^|]*\| here /.test(line))
  .map((line): Row => {
    const [what = "", here = "", ...others] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    return { what, here, others };
  });

/** Places of a page as GitHub and the site name them. */
function placesOf(page: string): readonly string[] {
  return [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** What stands in a guide below a place; all of it without one. */
function sectionOf(page: string, place: string | undefined): string {
  const text = readFileSync(page, "utf8");
  if (place === undefined) return text;
  const title = text.split("\n").filter((line) => line.startsWith("## "))[placesOf(page).indexOf(place) - 1];
  return text.slice(text.indexOf(title ?? "")).split(/\n## /)[0] ?? "";
}

/** Whether something of that name can be used: from an entry, of a backend, a field of a script, or the command. */
function isThere(name: string): boolean {
  const backend = createMockBackend();
  const [first = "", last = first] = name.split(".");
  const among: readonly object[] = [
    { ...entry, createHandlers, startMockServer },
    entry.matchers,
    { clock: true, seed: true, work: true, replay: true },
    { takes: 0, states: 0, says: 0, output: 0, fails: 0, asks: 0, changes: 0 },
  ];
  const ofBackend: object = Reflect.get(backend, first) ?? {};
  const isOfBackend = first in backend && (last === first || last in ofBackend);
  backend.close();
  return isOfBackend || among.some((one) => name in one) || COMMANDS.includes(name);
}

function codesOf(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The fault that a row's codes make, like `status: 503`; null where they are no fields of one. */
function faultOf(codes: readonly string[]): Record<string, unknown> | null {
  const fields = codes.map((code) => /^(\w+): (.+)$/.exec(code));
  if (fields.length === 0 || fields.includes(null)) return null;
  return Object.fromEntries(
    fields.map((field) => [field?.[1] ?? "", JSON.parse(field?.[2] ?? "null") as unknown]),
  );
}

const isFault = ({ here }: Row): boolean => /\]\(faults\.md#(calls|how-often|the-event-stream)\)/.test(here);

describe("the page that compares", () => {
  it("has a row for everything that faults and scripts can do", () => {
    const said = rows.flatMap(({ here }) => codesOf(here)).join(" ");
    const answers = ["timeout", "reset_peer", "limit_data", "html", "empty"];
    const streams = ["cut", "half_open", "latency", "duplicate", "garbage", "close"];
    const all = [
      ...answers.map((name) => `answer: "${name}"`),
      ...streams.map((name) => `stream: "${name}"`),
      ..."status latency jitter times chance after event takes states says output fails asks changes".split(
        " ",
      ),
    ];
    expect(all.filter((name) => !said.includes(name))).toEqual([]);
  });

  it.each(rows)("says where it is documented: $what", ({ here, others }) => {
    const [, page = "", place] = /\]\(([\w-]+\.md)(?:#([\w-]+))?\)/.exec(here) ?? [];
    expect(existsSync(`docs/${page}`)).toBe(true);
    if (place !== undefined) expect(placesOf(`docs/${page}`)).toContain(place);
    expect(others).toHaveLength(4);
    expect(others.filter((cell) => cell === "")).toEqual([]);
  });

  it.each(rows.filter(isFault))("names faults that a backend takes: $what", ({ here }) => {
    const codes = codesOf(here);
    const groups = here.includes("), `") ? codes.map((code) => [code]) : [codes];
    const backend = createMockBackend({ seed: 7 });
    for (const group of groups) {
      const fault = faultOf(group);
      const isOfCalls = fault !== null && !("stream" in fault);
      expect(() => backend.faults.add({ ...(isOfCalls && { route: "agentList" }), ...fault })).not.toThrow();
    }
    backend.close();
  });

  it.each(rows.filter((row) => !isFault(row) && codesOf(row.here).length > 0))(
    "names what its guide tells of, and what is there: $what",
    ({ here }) => {
      const [, page = "", place] = /\]\(([\w-]+\.md)(?:#([\w-]+))?\)/.exec(here) ?? [];
      const names = codesOf(here).map((code) => code.replace(/: .*|\(\)/g, ""));
      expect(names.some((name) => sectionOf(`docs/${page}`, place).includes(name))).toBe(true);
      expect(names.filter((name) => !isThere(name))).toEqual([]);
    },
  );
});
