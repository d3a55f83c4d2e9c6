import { isObject } from "../src/contract/is-object.js";
import { describeProblems } from "../src/contract/schema.js";
import { SCRIPTS_NAME, giveToPage } from "./godot/page-code.js";
import type { ScriptsCode } from "./godot/page-code.js";
import { scriptOfJson } from "./work/scripts/script-of-json.js";
import type { Script } from "./work/scripts/script.js";
import { createWorkersWith } from "./work/workers.js";

/** What the page of a Godot web export loads beside its script once an endpoint names a file of scripts. */
const code: ScriptsCode = {
  createWorkers: (parts) => createWorkersWith(null, parts),
  scriptOfJson,

  read(text) {
    let whole: unknown;
    try {
      whole = JSON.parse(text);
    } catch {
      throw new TypeError("The scripts are not JSON");
    }
    const given: unknown =
      isObject(whole) && Object.keys(whole).join() === "scripts" ? whole["scripts"] : whole;
    if (!Array.isArray(given)) throw new TypeError("There is no list of scripts");
    const list: readonly unknown[] = given;
    return list.map((item, place): Script => {
      const called = `script ${place + 1}`;
      const read = scriptOfJson(isObject(item) ? { name: called, ...item } : item, called);
      if (read.ok) return read.value;
      throw new TypeError(describeProblems(read.problems));
    });
  },
};

giveToPage(SCRIPTS_NAME, Object.freeze(code));
