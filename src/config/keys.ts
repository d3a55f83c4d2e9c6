import { createHash } from "node:crypto";
import { KEY_ROLES } from "../contract/roles.js";
import type { KeyRole } from "../contract/roles.js";
import { describeFound } from "./found.js";
import type { Variables } from "./expand.js";
import { expand } from "./expand.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";
import type { Profile, ProfileEntry } from "./profile.js";
import { LISTED_KEYS } from "./settings.js";

/** A key of `agentvm.api_keys`. Of its secret the SHA-256 alone is held, so that the configuration can be shown. */
export interface ConfiguredKey {
  readonly name: string;
  readonly role: KeyRole;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

const WRITTEN = /^([^:]*):([^:]*):(.*)$/s;

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const SECRET = /^[\x21-\x7e]{1,4096}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const EXPECTED = {
  name: "a name: 1 to 32 characters of A-Z a-z 0-9 _ - that begin with a letter",
  role: `one of ${KEY_ROLES.join(", ")}`,
  secret: "a secret: printable ASCII without spaces, in quotes where it is a number",
  sha256: "the SHA-256 of a secret: 64 digits of 0-9 a-f, in quotes",
} as const;
type Field = keyof typeof EXPECTED;

/** Fields of one key, each with its place. */
type Fields = ReadonlyMap<string, { readonly text: string; readonly entry: ProfileEntry }>;

/** The keys that a server of this profile takes beside its first, `agentvm.api_key`. */
export function readKeys(profile: Profile, env: Variables, problems: ConfigProblem[]): ConfiguredKey[] {
  const keys = profile.keys.flatMap((entries) => readKey(entries, { profile, env, problems }));
  for (const field of ["name", "sha256"] as const) {
    if (new Set(keys.map((key) => key[field])).size === keys.length) continue;
    const message = `has ${field === "name" ? "a name" : "a secret"} twice`;
    problems.push(problem({ file: profile.file, key: LISTED_KEYS, message }));
  }
  return keys;
}

interface Reading {
  readonly profile: Profile;
  readonly env: Variables;
  readonly problems: ConfigProblem[];
}

/** One key, or nothing, when what is wrong with it is among the problems. */
function readKey(entries: readonly ProfileEntry[], reading: Reading): ConfiguredKey[] {
  const before = reading.problems.length;
  const read = new Map(entries.flatMap((entry) => readField(entry, reading)));
  const fields = read.get("") === undefined ? read : writtenOut(read, reading);
  const [first] = entries;
  if (first === undefined || reading.problems.length > before) return [];
  const [name, role, secret, sha256] = (["name", "role", "secret", "sha256"] as const).map((field) =>
    checkField(field, fields, reading),
  );
  if (reading.problems.length > before) return [];
  const known = KEY_ROLES.find((one) => one === role);
  const wrong =
    name === undefined || known === undefined
      ? `expected ${name === undefined ? "a name" : "a role"} in it`
      : (secret === undefined) === (sha256 === undefined)
        ? "expected either a secret or its sha256 in it"
        : null;
  if (wrong !== null || name === undefined || known === undefined) {
    const key = first.key.split(".").slice(0, 3).join(".");
    complain(reading, { ...first, key }, wrong ?? "");
    return [];
  }
  const hash =
    sha256 ??
    createHash("sha256")
      .update(secret ?? "")
      .digest("hex");
  return [{ name, role: known, sha256: hash }];
}

/** The name of a field, empty for a key in one text, and what it holds. */
function readField(
  entry: ProfileEntry,
  reading: Reading,
): [string, { readonly text: string; readonly entry: ProfileEntry }][] {
  const field = entry.key.split(".")[3] ?? "";
  const expected = isField(field) ? EXPECTED[field] : "name:role:secret";
  const expanded = expand(entry.found, reading.env);
  if (expanded.kind === "missing") {
    for (const variable of expanded.variables)
      complain(reading, entry, `is not set; expected ${expected}`, variable);
    return [];
  }
  if (expanded.kind === "malformed") {
    complain(reading, entry, `expected ${expected}, found \${ without a name and a }`);
    return [];
  }
  const { found } = expanded;
  if (found.kind === "text" || found.kind === "given") return [[field, { text: found.text, entry }]];
  // A number may be a secret without its quotes.
  const what = found.kind === "number" ? "a number" : describeFound(found);
  complain(reading, entry, `expected ${expected}, found ${what}`);
  return [];
}

/** The fields of a key in one text. */
function writtenOut(read: Fields, reading: Reading): Fields {
  const whole = read.get("");
  if (whole === undefined) return read;
  const { text, entry } = whole;
  const [, name = "", role = "", secret = ""] = WRITTEN.exec(text) ?? [];
  if (name === "") complain(reading, entry, "expected name:role:secret, or these as keys, found other text");
  return new Map(Object.entries({ name, role, secret }).map(([key, value]) => [key, { text: value, entry }]));
}

function checkField(field: Field, fields: Fields, reading: Reading): string | undefined {
  const given = fields.get(field);
  if (given === undefined) return undefined;
  const { text, entry } = given;
  const fits = {
    name: () => NAME.test(text),
    role: () => KEY_ROLES.some((role) => role === text),
    secret: () => SECRET.test(text),
    sha256: () => SHA256.test(text),
  };
  if (fits[field]()) return text;
  const found = text.trim() === "" ? "empty text" : "other text";
  complain(reading, entry, `expected ${EXPECTED[field]}, found ${found}`);
  return undefined;
}

function isField(name: string): name is Field {
  return Object.hasOwn(EXPECTED, name);
}

function complain(
  { profile, problems }: Reading,
  { key, line, column }: Pick<ProfileEntry, "key" | "line" | "column">,
  message: string,
  variable?: string,
): void {
  const place = problem({ file: profile.file, line, column, key, message });
  problems.push(variable === undefined ? place : { ...place, variable });
}
