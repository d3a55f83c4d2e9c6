import type { Found } from "./found.js";

/** The variables of a process, as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A value of a profile after `${NAME}` was put in, or the names that the environment does not have. */
export type Expanded =
  | { readonly kind: "value"; readonly found: Found }
  | { readonly kind: "missing"; readonly variables: readonly string[] }
  | { readonly kind: "malformed" };

/** `$${`, which stands for `${` itself, or `${` with what follows up to `}`. */
const REFERENCE = /(\$\$\{|\$\{[^}]*\}?)/;

/**
 * Puts the variables of the environment into a value. `$${NAME}` stands for `${NAME}` itself.
 * What a variable holds is not looked at again, so that nothing can expand without end.
 */
export function expand(found: Found, env: Variables): Expanded {
  if (found.kind !== "text" || !found.text.includes("${")) return { kind: "value", found };
  const missing = new Set<string>();
  const parts: string[] = [];
  let referred = false;
  for (const part of found.text.split(REFERENCE)) {
    if (part === "$${") parts.push("${");
    else if (!part.startsWith("${")) parts.push(part);
    else {
      const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(part)?.[1];
      if (name === undefined) return { kind: "malformed" };
      referred = true;
      const value = variable(env, name);
      if (value === null) missing.add(name);
      else parts.push(value);
    }
  }
  if (missing.size > 0) return { kind: "missing", variables: [...missing] };
  return { kind: "value", found: { kind: referred ? "given" : "text", text: parts.join("") } };
}

/** What a variable holds; null when it is not set or blank, which is how containers write "not set". */
export function variable(env: Variables, name: string): string | null {
  const value = env[name];
  return value === undefined || value.trim() === "" ? null : value;
}
