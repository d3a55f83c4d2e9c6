import { isObject } from "../../../src/contract/is-object.js";
import { check, describeProblems } from "../../../src/contract/schema.js";
import type { Checked, Problem } from "../../../src/contract/schema.js";
import { deepFreeze } from "../../domain/index.js";
import { effectsSchema, fitsSchema, QUESTIONS_DEEP } from "./effects.js";
import type { ReadScript } from "./effects.js";
import { whyUnsafe } from "./safe-pattern.js";

/**
 * Looks at a script as it was given.
 *
 * @param place How many came before it; it is called by that where it has no name.
 * @throws TypeError that names the fields that are wrong.
 */
export function checkScript(given: unknown, place: number): ReadScript {
  const read = readScript(given, `script ${place + 1}`);
  if (read.ok) return read.value;
  throw new TypeError(`A script cannot be used: ${describeProblems(read.problems)}.`);
}

/** The same, giving what is wrong with it; the place of each problem begins with what the script is called by default. */
export function readScript(given: unknown, called: string): Checked<ReadScript> {
  if (!isObject(given)) return { ok: false, problems: [problem([called], "must be an object")] };
  const { prompt, ...rest } = given;
  const isPattern = prompt instanceof RegExp;
  const fields = Object.entries(isPattern ? rest : given);
  const isOfFit = ([field]: [string, unknown]) => Object.hasOwn(fitsSchema.shape, field);
  const fit = check(fitsSchema, Object.fromEntries(fields.filter(isOfFit)), called);
  const happening = Object.fromEntries(fields.filter((field) => !isOfFit(field)));
  const does = check(effectsSchema, inOneWay(happening, QUESTIONS_DEEP), called);
  const unsafe = isPattern ? whyUnsafe(prompt) : null;
  if (fit.ok && does.ok && unsafe === null) {
    const { name = called, ...fits } = fit.value;
    // Neither remembers where it matched last.
    const pattern = isPattern ? new RegExp(prompt.source, prompt.flags.replace(/[gy]/g, "")) : fits.prompt;
    return { ok: true, value: { ...fits, name, prompt: pattern, does: deepFreeze(does.value) } };
  }
  const problems = [...(fit.ok ? [] : fit.problems), ...(does.ok ? [] : does.problems)];
  if (unsafe !== null)
    problems.push(
      problem([called, "prompt"], `is a pattern that some text could keep busy for ever: it ${unsafe}`),
    );
  return { ok: false, problems };
}

function problem(loc: (string | number)[], msg: string): Problem {
  return { loc, msg, type: "value_error" };
}

/** What may be said in two ways, a text or several, one question or several, said in one. */
function inOneWay(given: unknown, deep: number): unknown {
  // A script that holds itself ends here, and is refused for what it has too deep inside.
  if (!isObject(given) || deep < 0) return given;
  const { asks, says, output, changes, ...rest } = given;
  return {
    ...rest,
    ...(asks !== undefined && { asks: listOf(asks).map((one) => questionInOneWay(one, deep - 1)) }),
    ...(says !== undefined && { says: listOf(says) }),
    ...(output !== undefined && { output: Array.isArray(output) ? output.map(lineOf) : [output] }),
    ...(changes !== undefined && { changes: changesInOneWay(changes) }),
  };
}

function questionInOneWay(given: unknown, deep: number): unknown {
  if (!isObject(given)) return given;
  const { answers, unanswered, ...rest } = given;
  const then = (effects: unknown) => inOneWay(effects, deep);
  return {
    ...rest,
    ...(answers !== undefined && {
      answers: isObject(answers)
        ? Object.fromEntries(Object.entries(answers).map(([answer, effects]) => [answer, then(effects)]))
        : answers,
    }),
    ...(unanswered !== undefined && { unanswered: then(unanswered) }),
  };
}

function changesInOneWay(given: unknown): unknown {
  if (!isObject(given) || !Array.isArray(given["files"])) return given;
  const files: unknown[] = given["files"];
  return { ...given, files: files.map((file) => (typeof file === "string" ? { path: file } : file)) };
}

function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given];
}

function lineOf(given: unknown): unknown {
  return typeof given === "string" ? `${given}\n` : given;
}
