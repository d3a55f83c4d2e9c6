import { $constructor, $ZodUnion } from "zod/v4/core";
import type { $ZodUnionDef, SomeType } from "zod/v4/core";
import { isObject } from "./is-object.js";
import type { Schema } from "./schema.js";

interface TaggedDefinition extends $ZodUnionDef {
  readonly tag: string;
}

/** One of several objects, of which a field says which it is: the faults are those of the one that is meant. */
const Tagged = /* @__PURE__ */ $constructor<$ZodUnion, TaggedDefinition>(
  "AgentVMTagged",
  (tagged, definition) => {
    $ZodUnion.init(tagged, definition);
    const { tag, options } = definition;
    const byTag = new Map<unknown, Schema>();
    const values = options.flatMap((option) => [...(option._zod.propValues?.[tag] ?? [])]);
    for (const option of options)
      for (const value of option._zod.propValues?.[tag] ?? []) byTag.set(value, option);
    tagged._zod.parse = (payload, context) => {
      const input: unknown = payload.value;
      const { issues } = payload;
      if (!isObject(input)) issues.push({ code: "invalid_type", expected: "object", input, inst: tagged });
      else {
        const option = byTag.get(input[tag]);
        if (option !== undefined) return option._zod.run(payload, context);
        issues.push({ code: "invalid_value", values, path: [tag], input: input[tag], inst: tagged });
      }
      return payload;
    };
  },
);

/** One of several objects, told apart by the field `tag`. */
/* @__NO_SIDE_EFFECTS__ */ export function tagged<const T extends readonly SomeType[]>(
  tag: string,
  options: T,
): $ZodUnion<T>;
/* @__NO_SIDE_EFFECTS__ */ export function tagged(tag: string, options: readonly Schema[]): $ZodUnion {
  return new Tagged({ type: "union", tag, options, inclusive: false });
}
