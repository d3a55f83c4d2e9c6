import { isObject } from "../../../src/contract/is-object.js";
import type { Checked } from "../../../src/contract/schema.js";
import { readScript } from "./check-script.js";
import { patternOf } from "./safe-pattern.js";
import type { Script } from "./script.js";

/**
 * A script as JSON has it, where a prompt that is written between strokes, `/like this/i`, is a pattern; or what is wrong with it.
 *
 * @param called What the place of each problem begins with.
 */
export function scriptOfJson(given: unknown, called: string): Checked<Script> {
  let script = given;
  if (isObject(given) && typeof given["prompt"] === "string") {
    try {
      script = { ...given, prompt: patternOf(given["prompt"]) ?? given["prompt"] };
    } catch {
      const msg = "is written as a pattern, /like this/, and is none";
      return { ok: false, problems: [{ loc: [called, "prompt"], msg, type: "value_error" }] };
    }
  }
  const read = readScript(script, called);
  if (isRight(script, read)) return { ok: true, value: script };
  return { ok: false, problems: read.ok ? [] : read.problems };
}

/** Whether what was read as a script is one. */
function isRight(_script: unknown, read: Checked<unknown>): _script is Script {
  return read.ok;
}
