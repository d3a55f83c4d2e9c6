import { expect, it } from "vitest";
import { parseScenarios } from "../../../server/src/scripted-model/index.js";

function problemsOf(text: string): readonly string[] {
  const parsed = parseScenarios("fix.yaml", text);
  return parsed.ok ? [] : parsed.problems;
}

it.each([
  [
    "a step that is not known",
    "- steps:\n    - sing: la\n",
    /^fix\.yaml:2:7: 0\.steps\.0\.sing is not known here$/,
  ],
  ["a value of the wrong kind", "- steps:\n    - read: 7\n", /^fix\.yaml:2:13: 0\.steps\.0\.read /],
  [
    "a field that a step lacks",
    "- steps:\n    - write: { path: a }\n",
    /^fix\.yaml:2:14: 0\.steps\.0\.write\.content /,
  ],
  [
    "two things in one step",
    "- steps:\n    - { say: a, read: b }\n",
    /^fix\.yaml:2:7: .*say and read.*each a step of its own$/,
  ],
  [
    "otherwise where nothing can fail",
    "- steps:\n    - { say: a, otherwise: [] }\n",
    /^fix\.yaml:2:7: .*tools alone/,
  ],
  ["a pattern that is none", "- prompt: /(/\n  steps: []\n", /^fix\.yaml:1:11: 0\.prompt is no pattern/],
  ["a mistake in YAML", "- steps: [\n", /^fix\.yaml:\d+:\d+: /],
  ["an empty file", "", /^fix\.yaml/],
  ["something else than a list", "scenarios: 7\n", /^fix\.yaml:1:12: scenarios /],
  ["nesting without end", "[".repeat(50_000), /^fix\.yaml/],
])("names the place of %s", (_, text, expected) => {
  const [first] = problemsOf(text);
  expect(first).toMatch(expected);
});

it("tells ten problems, and how many there are beside them", () => {
  const problems = problemsOf(`- steps:\n${"    - sing: la\n".repeat(25)}`);
  expect(problems).toHaveLength(11);
  expect(problems.at(-1)).toBe("and 15 more");
});

it("reads JSON, which YAML has in it", () => {
  expect(problemsOf(JSON.stringify({ scenarios: [{ prompt: "jump", steps: [{ say: "Done." }] }] }))).toEqual(
    [],
  );
});
