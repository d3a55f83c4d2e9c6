import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nestsTooDeep } from "./nesting.js";
import type { Document, Node, Pair, YAMLMap } from "yaml";
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Found } from "./found.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";
import { KEY_FIELDS, LISTED_KEYS, LISTED_KEYS_MAX, PROFILE_KEYS } from "./settings.js";
import { describeYamlFault } from "./yaml-faults.js";

/** Bytes that a profile may have. */
export const PROFILE_MAX_BYTES = 65_536;

/** Faults of the syntax that are told at once; the later ones mostly follow from the first. */
const SYNTAX_FAULTS_MAX = 5;

/** One value of a profile and where it stands. */
export interface ProfileEntry {
  readonly key: string;
  readonly found: Found;
  readonly line: number | null;
  readonly column: number | null;
}

/** A profile as it was read. `exists` is false when there is no such file, which is no problem by itself. */
export interface Profile {
  readonly file: string;
  readonly exists: boolean;
  readonly entries: ReadonlyMap<string, ProfileEntry>;
  /** Of each key of `agentvm.api_keys` its fields, `agentvm.api_keys.0.role`; or one that is `agentvm.api_keys.0`, the key in one text. */
  readonly keys: readonly (readonly ProfileEntry[])[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads `file`, whose name is shown as it is given. */
export function readProfile(file: string, cwd: string): Profile {
  const source = readText(file, cwd);
  if (source.kind === "absent") return { file, exists: false, entries: new Map(), keys: [], problems: [] };
  if (source.kind === "problem") {
    return {
      file,
      exists: true,
      entries: new Map(),
      keys: [],
      problems: [problem({ file, message: source.message })],
    };
  }
  return { file, exists: true, ...parseProfile(file, source.text) };
}

type Source =
  | { readonly kind: "absent" }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "text"; readonly text: string };

function readText(file: string, cwd: string): Source {
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(cwd, file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return { kind: "problem", message: `expected a file that can be read, but reading it gave ${code}` };
  }
  if (bytes.byteLength > PROFILE_MAX_BYTES)
    return {
      kind: "problem",
      message: `expected at most ${PROFILE_MAX_BYTES} bytes, found ${bytes.byteLength}`,
    };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { kind: "problem", message: "expected text in UTF-8" };
  }
}

/**
 * Takes the known keys out of a profile's syntax tree. Nothing is built from the tree as a whole,
 * so that aliases that multiply cost nothing.
 */
export function parseProfile(file: string, text: string): Pick<Profile, "entries" | "keys" | "problems"> {
  const lines = new LineCounter();
  if (nestsTooDeep(text))
    return {
      entries: new Map(),
      keys: [],
      problems: [problem({ file, message: "the values are nested too deep" })],
    };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const place = (offset: number | undefined) => {
    if (offset === undefined) return { line: null, column: null };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors
      .slice(0, SYNTAX_FAULTS_MAX)
      .map((fault) => problem({ file, ...place(fault.pos[0]), message: describeYamlFault(fault) }));
    return { entries: new Map(), keys: [], problems };
  }
  const reader = new TreeReader(file, document, place);
  reader.read();
  return reader;
}

class TreeReader {
  readonly entries = new Map<string, ProfileEntry>();
  readonly keys: ProfileEntry[][] = [];
  readonly problems: ConfigProblem[] = [];
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #place: (offset: number | undefined) => Pick<ConfigProblem, "line" | "column">;

  constructor(
    file: string,
    document: Document.Parsed,
    place: (offset: number | undefined) => Pick<ConfigProblem, "line" | "column">,
  ) {
    this.#file = file;
    this.#document = document;
    this.#place = place;
  }

  read(): void {
    const root: unknown = this.#document.contents;
    if (isEmpty(root)) return;
    if (!isMap(root)) {
      this.#complain(root, null, `expected the sections ${sections().join(", ")}, found ${kindOf(root)}`);
      return;
    }
    for (const section of root.items) this.#readSection(section);
  }

  #readSection(pair: Pair): void {
    const name = nameOf(pair.key);
    if (!sections().includes(name)) {
      this.#complain(pair.key, printable(name), `is not a known section; known are ${sections().join(", ")}`);
      return;
    }
    const content = this.#followed(pair.value);
    if (isEmpty(content)) return;
    if (!isMap(content)) {
      const expected = namesIn(name).join(", ");
      this.#complain(pair.key, name, `expected the keys ${expected} below it, found ${kindOf(content)}`);
      return;
    }
    this.#readValues(name, content);
  }

  #readValues(section: string, content: YAMLMap): void {
    for (const pair of content.items) {
      const name = nameOf(pair.key);
      const key = `${section}.${name}`;
      if (!PROFILE_KEYS.includes(key)) {
        const known = namesIn(section).join(", ");
        this.#complain(pair.key, printable(key), `is not a known key; known in ${section} are ${known}`);
        continue;
      }
      const value = this.#followed(pair.value);
      if (key === LISTED_KEYS) {
        this.#readKeys(pair, value);
        continue;
      }
      this.entries.set(key, { key, found: foundOf(value), ...this.#placeOf(pair.value ?? pair.key) });
    }
  }

  /** The keys of a server: a list of texts, or of fields. */
  #readKeys(pair: Pair, list: unknown): void {
    if (isEmpty(list)) return;
    if (!isSeq(list) || list.items.length > LISTED_KEYS_MAX) {
      const found = isSeq(list) ? `${list.items.length} of them` : kindOf(list);
      const expected = `expected a list of at most ${LISTED_KEYS_MAX} keys`;
      this.#complain(pair.value ?? pair.key, LISTED_KEYS, `${expected}, found ${found}`);
      return;
    }
    for (const [place, item] of list.items.entries()) {
      const key = `${LISTED_KEYS}.${place}`;
      const value = this.#followed(item);
      if (isMap(value)) this.keys.push(this.#fieldsOf(key, value));
      else this.keys.push([{ key, found: foundOf(value), ...this.#placeOf(item) }]);
    }
  }

  #fieldsOf(key: string, content: YAMLMap): ProfileEntry[] {
    const fields: ProfileEntry[] = [];
    if (content.items.length === 0)
      this.#complain(content, key, "expected a name, a role and a secret in it");
    for (const pair of content.items) {
      const name = nameOf(pair.key);
      if (!KEY_FIELDS.includes(name)) {
        const known = KEY_FIELDS.join(", ");
        this.#complain(pair.key, printable(`${key}.${name}`), `is not known; known in a key are ${known}`);
        continue;
      }
      const found = foundOf(this.#followed(pair.value));
      fields.push({ key: `${key}.${name}`, found, ...this.#placeOf(pair.value ?? pair.key) });
    }
    return fields;
  }

  /** The node that an alias stands for; an alias of an alias does not exist in YAML. */
  #followed(node: unknown): unknown {
    return isAlias(node) ? (node.resolve(this.#document) ?? node) : node;
  }

  #placeOf(node: unknown): Pick<ConfigProblem, "line" | "column"> {
    return this.#place(hasRange(node) ? (node.range?.[0] ?? undefined) : undefined);
  }

  #complain(node: unknown, key: string | null, message: string): void {
    this.problems.push(problem({ file: this.#file, key, ...this.#placeOf(node), message }));
  }
}

function hasRange(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function sections(): string[] {
  return [...new Set(PROFILE_KEYS.map((key) => key.slice(0, key.indexOf("."))))];
}

function namesIn(section: string): string[] {
  return PROFILE_KEYS.filter((key) => key.startsWith(`${section}.`)).map((key) =>
    key.slice(section.length + 1),
  );
}

function nameOf(key: unknown): string {
  if (!isScalar(key)) return "a key that is not text";
  return typeof key.value === "symbol" ? "<<" : String(key.value);
}

/** A name from the file as it can stand in a message. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
}

function foundOf(node: unknown): Found {
  const value = isScalar(node) ? node.value : undefined;
  switch (typeof value) {
    case "string":
      return { kind: "text", text: value };
    case "number":
      return { kind: "number", number: value };
    case "boolean":
      return { kind: "boolean", boolean: value };
    default:
      return { kind: "other", name: kindOf(node) };
  }
}

function kindOf(node: unknown): string {
  if (isAlias(node)) return "an alias (*name) of nothing; put the text in quotes if it is none";
  if (isEmpty(node)) return "nothing";
  if (isMap(node)) return "more keys";
  if (isSeq(node)) return "a list";
  return "one value";
}
