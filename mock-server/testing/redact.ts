/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

/** Names of fields that hold secrets. */
const SECRET_NAME =
  /(?:^|_|-)(?:tokens?|secrets?|passwords?|api_?keys?|apikeys?|authorization|credentials?|cookies?)$/i;
const SECRET_CAMEL = /(?:Token|Secret|Password|ApiKey|Authorization|Credentials?)s?$/;

/** Whether a text has anything that looks like the name of such a field. */
const MAY_HOLD_SECRETS = /token|secret|password|key|authorization|credential|cookie|bearer /i;

const BEARER = /\bbearer\s+[A-Za-z0-9._~+/=-]+/gi;

/** Levels of a value that are looked into; what is deeper is left out. */
const LEVELS_MAX = 100;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || SECRET_CAMEL.test(name);
}

/** A value without its secrets: those of fields that are named so, and those that are known. Numbers stay: they count tokens. */
export function redactValue(value: unknown, known: readonly string[] = [], level = 0): unknown {
  if (typeof value === "string") return redactWords(value, known);
  if (typeof value !== "object" || value === null) return value;
  if (level >= LEVELS_MAX) return REDACTED;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => redactValue(item, known, level + 1));
  }
  const entries = Object.entries(value).map(([name, part]: [string, unknown]): [string, unknown] => [
    name,
    isSecretName(name) && (typeof part === "string" || typeof part === "object") && part !== null
      ? REDACTED
      : redactValue(part, known, level + 1),
  ]);
  return Object.fromEntries(entries);
}

/** A text of JSON, or any other, without its secrets. */
export function redactText(text: string, known: readonly string[] = []): string {
  const without = redactWords(text, known);
  if (!MAY_HOLD_SECRETS.test(without)) return without;
  try {
    return JSON.stringify(redactValue(JSON.parse(without), known));
  } catch {
    return without;
  }
}

function redactWords(text: string, known: readonly string[]): string {
  let without = text;
  for (const secret of known) if (without.includes(secret)) without = without.replaceAll(secret, REDACTED);
  return without.replace(BEARER, `Bearer ${REDACTED}`);
}
