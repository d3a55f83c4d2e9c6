/** What stands where a value is expected. `given` is text of the environment, which has no types of its own. */
export type Found =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "given"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "boolean"; readonly boolean: boolean }
  | { readonly kind: "other"; readonly name: string };

/** Says what was found without showing text: any text may be a secret that stands at the wrong key. */
export function describeFound(found: Found): string {
  switch (found.kind) {
    case "text":
    case "given":
      return found.text.trim() === "" ? "empty text" : "other text";
    case "number":
      return `the number ${found.number}`;
    case "boolean":
      return found.boolean ? "true" : "false";
    case "other":
      return found.name;
  }
}

/** The value as a schema can check it; text of the environment becomes a number or a boolean where it reads as one. */
export function valueOf(found: Found, wanted: "text" | "number" | "boolean"): unknown {
  switch (found.kind) {
    case "text":
      return found.text;
    case "given":
      if (wanted === "number") return asNumber(found.text);
      return wanted === "boolean" ? (asBoolean(found.text) ?? found.text) : found.text;
    case "number":
      return found.number;
    case "boolean":
      return found.boolean;
    case "other":
      return undefined;
  }
}

function asNumber(text: string): unknown {
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text.trim()) ? Number(text) : text;
}

/** Reads a switch of the environment; null when it is none. */
export function asBoolean(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (["true", "1", "yes", "on"].includes(word)) return true;
  if (["false", "0", "no", "off"].includes(word)) return false;
  return null;
}
