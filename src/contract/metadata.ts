import * as z from "./zod.js";
import { checked } from "./schema.js";

/** Bytes that free data may have, written as JSON in UTF-8. */
export const METADATA_MAX_BYTES = 16_384;

/** Values that free data may have, each field and each item of a list counted, those within others too. */
export const METADATA_MAX_VALUES = 1_000;

/** Free data as a server tells it; whoever took it saw to its size. */
export const toldMetadataSchema = z.looseObject({});
export type Metadata = z.output<typeof toldMetadataSchema>;

/** Free data of the game's own, as a caller gives it; the server keeps it and gives it back. */
export const metadataSchema = checked(z.looseObject({}), ({ value, issues }) => {
  const values = valuesIn(value);
  if (!isSmall(value, values)) {
    const message = `must be at most ${METADATA_MAX_BYTES} bytes as JSON, and ${METADATA_MAX_VALUES} values`;
    const maximum = METADATA_MAX_BYTES;
    issues.push({ code: "too_big", origin: "object", maximum, input: value, message, continue: true });
  }
  // JSON would make null of it, in silence.
  if (values.some((one) => typeof one === "number" && !Number.isFinite(one))) {
    const message = "must hold no NaN and no Infinity, which JSON has no numbers for";
    issues.push({ code: "custom", params: { type: "not_finite" }, input: value, message });
  }
});

/** The values in free data, at every depth: those of a circle can be counted too, so no more than one past the bound. */
function valuesIn(data: object): unknown[] {
  const values: unknown[] = [data];
  for (const value of values) {
    if (typeof value !== "object" || value === null) continue;
    for (const inner of Object.values(value)) {
      if (values.length > METADATA_MAX_VALUES) return [...values, inner];
      values.push(inner);
    }
  }
  return values;
}

function isSmall(data: object, values: readonly unknown[]): boolean {
  // The values first: what has few of them is written soon.
  if (values.length > METADATA_MAX_VALUES + 1) return false;
  if (values.some((value) => typeof value === "string" && value.length > METADATA_MAX_BYTES)) return false;
  try {
    const text = JSON.stringify(data);
    if (text.length > METADATA_MAX_BYTES) return false;
    if (!/[^ -~]/.test(text)) return true;
    // What is not escaped is a byte each, and so is every escape.
    return encodeURIComponent(text).replace(/%../g, "x").length <= METADATA_MAX_BYTES;
  } catch {
    // What cannot be written at all is refused where it is to be.
    return true;
  }
}
