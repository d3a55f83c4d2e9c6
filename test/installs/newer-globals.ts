import { readFileSync } from "node:fs";
import { join } from "node:path";
import { oldestBrowsers } from "../../scripts/lib/targets.js";
import { tools } from "./consumer.js";

/** A part of MDN's table of what each browser has since when, below the name of a global or of one of its members. */
type Part = Readonly<Record<string, unknown>>;

function partOf(value: unknown): Part {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Whether a browser of that version has it whole, without a setting or another name. */
function isIn(support: unknown, version: number): boolean {
  const entries: unknown[] = Array.isArray(support) ? support : [support];
  return entries.map(partOf).some(({ version_added: added, flags, prefix, alternative_name: other }) => {
    if (flags !== undefined || prefix !== undefined || other !== undefined) return false;
    return typeof added === "string" && Number.parseFloat(added.replace("≤", "")) <= version;
  });
}

function isOld(part: Part): boolean {
  const { support } = partOf(part["__compat"]);
  return Object.entries(oldestBrowsers).every(([name, version]) => isIn(partOf(support)[name], version));
}

/** A global, or a member of one. */
type Newer = readonly [global: string, member: string | null];

/** The globals, and the members of globals, that one of the oldest browsers does not have. */
export function newerGlobals(): readonly Newer[] {
  const data: unknown = JSON.parse(
    readFileSync(join(tools, "node_modules/@mdn/browser-compat-data/data.json"), "utf8"),
  );
  const { api, javascript } = partOf(data);
  const globals = { ...partOf(api), ...partOf(partOf(javascript)["builtins"]) };
  return Object.entries(globals).flatMap(([global, found]): readonly Newer[] => {
    const part = partOf(found);
    if (part["__compat"] !== undefined && !isOld(part)) return [[global, null]];
    return Object.entries(part)
      .filter(([member, inner]) => member !== "__compat" && !isOld(partOf(inner)))
      .map(([member]) => [global, member.replace(/_static$/, "")]);
  });
}

/** A script that takes them away, for a page to run before anything of its own. */
export function withoutNewerGlobals(): string {
  return `{
    const drop = (from, name) => {
      try { if (from != null) delete from[name]; } catch {}
    };
    for (const [name, member] of ${JSON.stringify(newerGlobals())}) {
      const key = member?.startsWith("@@") ? Symbol[member.slice(2)] : member;
      if (member === null) drop(globalThis, name);
      else if (name === "Window") drop(globalThis, key), drop(Window.prototype, key);
      else drop(globalThis[name], key), drop(globalThis[name]?.prototype, key);
    }
    for (const name of ["dispose", "asyncDispose"]) drop(Symbol, name);
  }`;
}
