import { Buffer } from "node:buffer";
import type { Variables } from "../environment.js";

/** Names of variables that hold a secret. */
const SECRET_NAME =
  /(?:^|[_-]|api)(?:key|token|secret|password|passwd|passphrase|pass|pwd|pat|credentials?)s?(?:$|[_-])|(?:token|secret|password|apikey|auth)$/i;

/** Two that only look like it: they are folders. */
const FOLDERS: ReadonlySet<string> = new Set(["PWD", "OLDPWD"]);

/** A value of this length is looked for whatever it is made of. A shorter one could be a word, which would be missing everywhere. */
const LONG = 12;
const SHORT = 5;

/** Characters of a part of a value from which on it tells the value. */
const PART_MIN = 16;

/** Characters of a value that are looked for; what follows them is taken out by the shape of a key, or not at all. */
const VALUE_MAX = 8_192;

/** Forms of values that are looked for, at the most: a table is made of them. */
const FORMS_MAX = 2_000;

/** Whether a variable of this name holds a secret. */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name) && !FOLDERS.has(name.toUpperCase());
}

/** The secrets among the variables of an environment, in all the forms in which they may be printed. */
export function secretForms(environment: Variables, more: readonly string[] = []): readonly string[] {
  const values = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && namesSecret(name) ? [value] : [],
  );
  const forms = new Set([...values, ...more].flatMap((value) => formsOf(value)));
  return [...forms].slice(0, FORMS_MAX);
}

function formsOf(value: string): readonly string[] {
  const whole = value.trim().slice(0, VALUE_MAX);
  if (!tellsSomething(whole)) return [];
  // Texts are looked at line by line, so that of a key of several lines each line is a secret.
  const lines = whole.split(/\r?\n/).filter((line) => line.length >= PART_MIN || line === whole);
  return [...lines, JSON.stringify(whole).slice(1, -1), ...inUrls(whole), ...inBase64(whole)];
}

/** Whether a value is worth to be looked for: `true`, `4000` and `password` stand in every other text. */
function tellsSomething(value: string): boolean {
  if (value.length >= LONG) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(value));
  return value.length >= SHORT && kinds.length >= 2;
}

function inUrls(value: string): readonly string[] {
  // Halves of characters cannot be encoded: through bytes they become question marks.
  const encoded = encodeURIComponent(Buffer.from(value).toString());
  return [encoded, encoded.replace(/%../g, (code) => code.toLowerCase()), encoded.replaceAll("%20", "+")];
}

/** In base64, alone or with something before it: there are three ways to lie on groups of three bytes. */
function inBase64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The ends have bits of what stands before and behind.
    const from = Math.ceil((before * 4) / 3);
    const to = Math.floor(((before + bytes.length) * 4) / 3);
    const core = encoded.slice(from, to);
    if (core.length < LONG) return [];
    return [core, core.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
