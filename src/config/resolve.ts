import { check } from "../contract/schema.js";
import { describeFound, valueOf } from "./found.js";
import type { Found } from "./found.js";
import type { Variables } from "./expand.js";
import { expand, variable } from "./expand.js";
import type { Profile } from "./profile.js";
import type { ConfigProblem } from "./problem.js";
import { problem } from "./problem.js";
import { reasonOf } from "./reason.js";
import type { Setting } from "./settings.js";

/** A value that was found and is right, with where it stands; nothing found, or something wrong that is among the problems. */
export type Resolved<T> =
  | { readonly kind: "value"; readonly value: T; readonly place: ConfigProblem }
  | { readonly kind: "absent" }
  | { readonly kind: "wrong" };

/** Finds the value of one setting: the environment's where it is set, else the profile's. Both are checked. */
export function resolveSetting<T>(
  setting: Setting<T>,
  profile: Profile,
  env: Variables,
  problems: ConfigProblem[],
): Resolved<T> {
  const override = setting.variable === null ? null : variable(env, setting.variable);
  const fromProfile = resolveEntry(setting, profile, env, override !== null, problems);
  if (override === null || setting.variable === null) return fromProfile;
  const place = problem({ key: setting.key, variable: setting.variable, message: "" });
  return checkFound(setting, { kind: "given", text: override }, place, problems);
}

function resolveEntry<T>(
  setting: Setting<T>,
  profile: Profile,
  env: Variables,
  overridden: boolean,
  problems: ConfigProblem[],
): Resolved<T> {
  const entry = profile.entries.get(setting.key);
  if (entry === undefined) return { kind: "absent" };
  const place = problem({
    file: profile.file,
    line: entry.line,
    column: entry.column,
    key: setting.key,
    message: "",
  });
  const expanded = expand(entry.found, env);
  switch (expanded.kind) {
    case "value":
      return checkFound(setting, expanded.found, place, problems);
    case "malformed":
      problems.push({ ...place, message: `expected ${setting.expected}, found \${ without a name and a }` });
      return { kind: "wrong" };
    case "missing":
      // What the environment gives by the setting's own variable needs no other.
      if (overridden) return { kind: "absent" };
      for (const name of expanded.variables)
        problems.push({ ...place, variable: name, message: `is not set; expected ${setting.expected}` });
      return { kind: "wrong" };
  }
}

function checkFound<T>(
  setting: Setting<T>,
  found: Found,
  place: ConfigProblem,
  problems: ConfigProblem[],
): Resolved<T> {
  const result = check(setting.schema, valueOf(found, setting.wanted), setting.key);
  if (result.ok) return { kind: "value", value: result.value, place };
  const reason = found.kind === "text" || found.kind === "given" ? reasonOf(result.problems[0]?.msg) : "";
  problems.push({
    ...place,
    message: `expected ${setting.expected}, found ${describeFound(found)}${reason}`,
  });
  return { kind: "wrong" };
}

/** The value, or another where there is none. */
export function valueOr<T, O = T>(resolved: Resolved<T>, otherwise: O): T | O {
  return resolved.kind === "value" ? resolved.value : otherwise;
}
