import * as z from "zod";
import { placesIn, withItem, withoutItem } from "./settings-text.js";
import type { JsonNode } from "./settings-text.js";

/** The hooks that are put in. */
export const HOOKS = [
  "SessionStart",
  "UserPromptSubmit",
  "PreToolUse",
  "PermissionRequest",
  "PostToolUse",
  "PostToolUseFailure",
  "Notification",
  "SubagentStart",
  "SubagentStop",
  "Stop",
  "StopFailure",
  "SessionEnd",
] as const;

/** Hooks for which a session waits, since it would be gone before they are done. */
const AWAITED: ReadonlySet<string> = new Set(["SessionEnd", "Stop", "StopFailure"]);

/** Seconds after which Claude Code ends one that hangs. */
const TIMEOUT_SECONDS = 2;

/** What of a file was made when hooks were put in, so that it can go with them. */
export const madeSchema = z.object({
  /** Whether there were no `hooks` before. */
  hooks: z.boolean(),
  /** The hooks of which there were none before. */
  events: z.array(z.string()),
});
export type Made = z.output<typeof madeSchema>;

/** What is taken for made where nobody remembers. */
export const ALL_MADE: Made = { hooks: true, events: [...HOOKS] };

/** Why hooks cannot be put into a text, or be taken out of it. */
export interface NoPlace {
  readonly problem: string;
}

/** Whether a command is the one that was put in, wherever it lies. */
function isOurs(command: string): boolean {
  return /agentvm[/\\]watch[/\\]hook\.m?js/.test(command);
}

const handler = z.looseObject({ hooks: z.array(z.looseObject({ command: z.string() })) });
const settings = z.looseObject({ hooks: z.optional(z.record(z.string(), z.array(z.unknown()))) });

/**
 * The text of a file of settings with the hooks in it. What is there stays as it is written.
 *
 * @param text Empty for a file that is not there.
 * @param before What was made when they were put in before, if they were.
 */
export function putHooks(
  text: string,
  command: string,
  before: Made = ALL_MADE,
): { readonly text: string; readonly made: Made } | NoPlace {
  const start = text.trim() === "" ? "{}\n" : text;
  const clean = hasHooks(start) ? takeHooks(start, before) : takeHooks(start, { hooks: false, events: [] });
  if ("problem" in clean) return clean;
  let now = clean.text;
  const unit = unitOf(now);
  const hadHooks = memberOf(placesIn(now), "hooks") !== null;
  if (!hadHooks) now = withItem(now, placesIn(now), '"hooks": {}', unit, "");
  const events: string[] = [];
  for (const name of [...HOOKS].reverse()) {
    const hooks = hooksIn(now);
    if (hooks === null) continue;
    const list = memberOf(hooks, name);
    const entry = entryOf(name, command);
    if (list === null) {
      events.push(name);
      now = withItem(now, hooks, `${JSON.stringify(name)}: [${entry}]`, unit.repeat(2), unit);
    } else now = withItem(now, list, entry, unit.repeat(3), unit.repeat(2));
  }
  return { text: now, made: { hooks: !hadHooks, events } };
}

/** The text without the hooks that were put in, and without what was made for them. */
export function takeHooks(text: string, made: Made): { readonly text: string } | NoPlace {
  if (text.trim() === "") return { text };
  const problem = problemIn(text);
  if (problem !== null) return { problem };
  let now = text;
  const unit = unitOf(text);
  let hooks = hooksIn(now);
  for (const event of hooks?.items.map(({ key }) => key ?? "") ?? []) {
    for (;;) {
      hooks = hooksIn(now);
      const list = hooks && memberOf(hooks, event);
      const place = list?.items.findIndex(({ value }) => isOurEntry(now, value)) ?? -1;
      if (!hooks || !list || place < 0) break;
      const isLast = list.items.length === 1 && made.events.includes(event);
      now = isLast
        ? withoutItem(
            now,
            hooks,
            hooks.items.findLastIndex(({ key }) => key === event),
            unit,
          )
        : withoutItem(now, list, place, unit.repeat(2));
    }
  }
  hooks = hooksIn(now);
  if (made.hooks && hooks?.items.length === 0) {
    const root = placesIn(now);
    now = withoutItem(
      now,
      root,
      root.items.findLastIndex(({ key }) => key === "hooks"),
      "",
    );
  }
  return { text: now };
}

/** Whether the hooks are in a text. */
export function hasHooks(text: string): boolean {
  return /agentvm[/\\]+watch[/\\]+hook\.m?js/.test(text);
}

function isOurEntry(text: string, { start, end }: JsonNode): boolean {
  const read = handler.safeParse(JSON.parse(text.slice(start, end)));
  return (
    read.success && read.data.hooks.length > 0 && read.data.hooks.every(({ command }) => isOurs(command))
  );
}

/** On one line: there are many of them, and nobody is to read more than that they are there. */
function entryOf(name: string, command: string): string {
  const hook = {
    type: "command",
    command,
    timeout: TIMEOUT_SECONDS,
    ...(!AWAITED.has(name) && { async: true }),
  };
  return JSON.stringify({ hooks: [hook] });
}

/** What is not as Claude Code's settings are; null where all is well. */
function problemIn(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const comments = /^\s*(\/\/|\/\*)/m.test(text)
      ? " Comments are no part of JSON, and Claude Code does not read them."
      : "";
    return `it is no JSON: ${placed(words, text)}.${comments}`;
  }
  const read = settings.safeParse(value);
  if (!read.success) {
    const [first] = read.error.issues;
    const where = first?.path.join(".") ?? "";
    return `${where === "" ? "it" : where} is not as Claude Code's settings are: ${first?.message ?? "it does not fit"}`;
  }
  try {
    placesIn(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return null;
}

/** What the parser says, with the line and column: it shows a piece of the text, in which what is wrong stands after ten characters. */
function placed(words: string, text: string): string {
  const [, wrong = "", cut, piece = ""] =
    /^Unexpected token '(.)', (\.\.\.)?"([\s\S]*)"(?:\.\.\.)? is not valid JSON$/u.exec(words) ?? [];
  const start = text.indexOf(piece);
  const told = /at position (\d+)/.exec(words)?.[1];
  const at =
    told !== undefined
      ? Number(told)
      : piece === "" || start < 0
        ? text.length
        : start + (cut === undefined ? piece.indexOf(wrong) : 10);
  const before = text.slice(0, at).split("\n");
  const plain =
    wrong === "" ? words.replace(/ (in JSON )?at position[\s\S]*$/, "") : `'${wrong}' is not expected`;
  return `${plain} at ${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function memberOf(node: JsonNode, name: string): JsonNode | null {
  // Of two of one name the last one counts, as in the value.
  return node.items.findLast(({ key }) => key === name)?.value ?? null;
}

function hooksIn(text: string): JsonNode | null {
  return memberOf(placesIn(text), "hooks");
}

/** What a file is indented with. */
function unitOf(text: string): string {
  return /^\s*\{[^\S\n]*\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
}
