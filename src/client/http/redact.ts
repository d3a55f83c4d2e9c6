const SHORTEST_SECRET = 4;

/**
 * Takes secrets out of a text, also as they look inside JSON, however deep, and inside a URL.
 * What is shorter than four characters stays: taking out a single letter would leave nothing to read.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    const forms = secret.replace(
      /[^A-Za-z0-9]/g,
      (sign) => `(?:\\\\*\\${sign}|%${sign.charCodeAt(0).toString(16)})`,
    );
    clean = clean.replace(new RegExp(forms, "gi"), "[redacted]");
  }
  return clean;
}

const HARMLESS = new Set(["accept", "content-type", "idempotency-key", "user-agent"]);

/** What among the headers of a request nobody else may see; a bearer token without the word before it. */
export function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => !HARMLESS.has(name))
    .map(([, value]) => value.replace(/^Bearer /, ""));
}
