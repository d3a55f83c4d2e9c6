import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, YAMLError } from "yaml";
import { isObject } from "../../../src/contract/is-object.js";
import { scriptOfJson } from "../../work/scripts/script-of-json.js";
import type { Script } from "../../work/scripts/script.js";
import { nestsTooDeep } from "./nesting.js";

/** Scripts that one file may have. */
const SCRIPTS_MAX = 1_000;

/** Problems of a file that are told; past it their number is. */
const PROBLEMS_TOLD = 10;

/** Something wrong in a file of scripts. */
interface Fault {
  /** Characters from the beginning of the file on; undefined for the file as a whole. */
  readonly offset?: number | undefined;
  readonly message: string;
}

/** The scripts of a file, or what is wrong with it: each a line with its place, `scripts.yaml:3:9: script 1 takes must be a number`. */
export type ParsedScripts =
  | { readonly ok: true; readonly scripts: readonly Script[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the text of a file of scripts, in YAML or JSON, which YAML has in it. */
export function parseScripts(file: string, text: string): ParsedScripts {
  if (nestsTooDeep(text)) return { ok: false, problems: [`${file}: the values are nested too deep`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [syntax] = document.errors;
  // The later ones mostly follow from the first.
  const read = syntax === undefined ? scriptsOf(document) : [syntaxFault(syntax)];
  if (!isFaults(read)) return { ok: true, scripts: read.scripts };
  const told = read.slice(0, PROBLEMS_TOLD).map(({ offset, message }) => {
    const { line, col } = offset === undefined ? { line: 0, col: 0 } : lines.linePos(offset);
    return line === 0 ? `${file}: ${message}` : `${file}:${line}:${col}: ${message}`;
  });
  const left = read.length - told.length;
  return { ok: false, problems: left > 0 ? [...told, `and ${left} more`] : told };
}

function syntaxFault({ code, message, pos: [offset] }: YAMLError): Fault {
  return {
    offset,
    message: code === "MULTIPLE_DOCS" ? "expected one document; this is a second one" : message,
  };
}

interface Scripts {
  readonly scripts: readonly Script[];
}

function isFaults(read: Scripts | readonly Fault[]): read is readonly Fault[] {
  return Array.isArray(read);
}

function scriptsOf(document: Document.Parsed): Scripts | readonly Fault[] {
  const whole = plain(document);
  if (whole === undefined) return [{ message: "its aliases (*name) stand for too much" }];
  const isNamed = isObject(whole) && Object.hasOwn(whole, "scripts");
  const given: unknown = isNamed ? whole["scripts"] : whole;
  const path = isNamed ? ["scripts"] : [];
  if (isNamed) {
    const [other] = Object.keys(whole).filter((name) => name !== "scripts");
    if (other !== undefined)
      return [
        { offset: offsetOf(document, [other], true), message: `${shown(other)} is not known; scripts is` },
      ];
  }
  if (!Array.isArray(given))
    return [
      { offset: offsetOf(document, path), message: "expected a list of scripts, or scripts: and a list" },
    ];
  const items: readonly unknown[] = given;
  if (items.length > SCRIPTS_MAX)
    return [{ message: `has ${items.length} scripts; ${SCRIPTS_MAX} are the most` }];
  const faults: Fault[] = [];
  const scripts: Script[] = [];
  for (const [place, item] of items.entries()) {
    const called = `script ${place + 1}`;
    const read = scriptOfJson(isObject(item) ? { name: called, ...item } : item, called);
    if (read.ok) scripts.push(read.value);
    else
      for (const { loc, msg, type } of read.problems)
        faults.push({
          offset: offsetOf(document, [...path, place, ...loc.slice(1)], type === "unrecognized_keys"),
          message: `${loc.join(".")} ${msg}`,
        });
  }
  return faults.length > 0 ? faults : { scripts };
}

/** The document as values; undefined where aliases would make too many of it. */
function plain(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS();
    return value ?? null;
  } catch {
    return undefined;
  }
}

/** Where a value stands, or its name, or what comes nearest above it; undefined where that is nothing. */
function offsetOf(
  document: Document.Parsed,
  path: readonly (string | number)[],
  atName = false,
): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    // One where there may be several is the first of its list.
    if (typeof step === "number" && !isSeq(node)) continue;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = (atName ? null : startOf(pair.value)) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number") {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (!(isScalar(node) || isMap(node) || isSeq(node) || isAlias(node))) return undefined;
  return node.range?.[0] ?? undefined;
}

/** A name from the file as it can stand in a message. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 64));
}
