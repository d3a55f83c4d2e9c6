import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { HOOKS, putHooks, takeHooks } from "../../../server/src/watch/claude/hooks-text.js";

const COMMAND =
  "'/usr/bin/node' '/home/ü/.local/state/agentvm/watch/hook.mjs' 'door.json' 2>/dev/null || true";
const OTHER = COMMAND.replace("/home/ü", "/home/other");

function put(text: string, command = COMMAND) {
  const done = putHooks(text, command);
  if ("problem" in done) throw new Error(done.problem);
  return done;
}

function take(text: string, made: Parameters<typeof takeHooks>[1]): string {
  const done = takeHooks(text, made);
  if ("problem" in done) throw new Error(done.problem);
  return done.text;
}

const handler = fc.record({
  matcher: fc.constantFrom("Bash", "*", "Edit|Write"),
  hooks: fc.array(
    fc.record(
      { type: fc.constant("command"), command: fc.string(), timeout: fc.nat(60) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
});
const hooks = fc.dictionary(
  fc.constantFrom(...HOOKS, "PreCompact", "Setup"),
  fc.array(handler, { maxLength: 3 }),
);

/** Settings as people and Claude Code write them, and as nobody does. */
const settings = fc
  .record(
    {
      hooks,
      permissions: fc.record({ allow: fc.array(fc.string()), deny: fc.array(fc.string()) }),
      env: fc.dictionary(fc.string(), fc.string()),
      other: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .chain((value) =>
    fc
      .record({
        indent: fc.constantFrom<string | number>(0, 1, 2, 4, "\t"),
        before: fc.constantFrom("", "\n", "  "),
        after: fc.constantFrom("", "\n", "\n\n", " "),
        crlf: fc.boolean(),
        loose: fc.boolean(),
      })
      .map(({ indent, before, after, crlf, loose }) => {
        const text = JSON.stringify(value, null, indent);
        const spread =
          loose && !/"[^"]*(?:\{\}|\[\])/.test(text)
            ? text.replace(/\{\}/g, "{ }").replace(/\[\]/g, "[\n]")
            : text;
        return before + (crlf ? spread.replaceAll("\n", "\r\n") : spread) + after;
      }),
  );

describe("hooks in settings", () => {
  it("are as if they had never been there once they are taken out, whatever the file looked like", () => {
    fc.assert(
      fc.property(settings, (text) => {
        const { text: with_, made } = put(text);
        expect(take(with_, made)).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  it("stand beside all that was there, each once, however often they are put in", () => {
    fc.assert(
      fc.property(settings, (text) => {
        const once = put(text, OTHER);
        const twice = putHooks(once.text, COMMAND, once.made);
        if ("problem" in twice) throw new Error(twice.problem);
        const value = JSON.parse(twice.text);
        const before = JSON.parse(text);
        for (const name of HOOKS) {
          const [ours, ...rest] = value.hooks[name];
          expect(ours.hooks).toMatchObject([{ type: "command", command: COMMAND }]);
          expect(rest).toEqual(before.hooks?.[name] ?? []);
        }
        expect({ ...value, hooks: null }).toEqual({ ...before, hooks: null });
        expect(take(twice.text, twice.made)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it("go also from a file that Claude Code has written anew meanwhile, and take nothing of others with them", () => {
    fc.assert(
      fc.property(settings, (text) => {
        const { text: with_, made } = put(text);
        const value = { ...JSON.parse(with_), permissions: { allow: ["Bash(npm test)"] } };
        const anew = JSON.stringify(value, null, 2);
        const left = JSON.parse(take(anew, made));
        expect(left).toEqual({ ...JSON.parse(text), permissions: { allow: ["Bash(npm test)"] } });
      }),
      { numRuns: 60 },
    );
  });

  it("make a file where there is none", () => {
    const { text, made } = put("");
    expect(JSON.parse(text)).toHaveProperty("hooks.Stop");
    expect(take(text, made)).toBe("{}\n");
  });

  it("hold up no session but for its end", () => {
    const { hooks: all } = JSON.parse(put("").text);
    const awaited = HOOKS.filter((name) => all[name][0].hooks[0].async !== true);
    expect(awaited).toEqual(["Stop", "StopFailure", "SessionEnd"]);
  });

  it.each([
    ["no JSON", "{\n  oops\n}", "it is no JSON"],
    ["JSON with a comment", '{\n  // mine\n  "a": 1\n}', "Comments are no part of JSON"],
    ["a list", "[]", "it is not as Claude Code's settings are"],
    ["hooks that are a list", '{"hooks": []}', "hooks is not as"],
    ["a hook that is a text", '{"hooks": {"Stop": "echo"}}', "hooks.Stop is not as"],
    ["more depth than anybody reads", `{"a":${"[".repeat(300)}${"]".repeat(300)}}`, "more than 200 deep"],
  ])("are not put into %s, and it is said why", (_what, text, why) => {
    const done = putHooks(text, COMMAND);
    expect("problem" in done && done.problem).toContain(why);
  });

  it("say at which line the JSON is wrong", () => {
    const done = putHooks('{\n  "a": 1,\n  "b": oops\n}', COMMAND);
    expect("problem" in done && done.problem).toMatch(/3:8/);
  });
});
