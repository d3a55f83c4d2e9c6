/** What came of inflating. */
export type Inflated =
  | { readonly kind: "inflated"; readonly bytes: Uint8Array }
  | { readonly kind: "too_large" }
  | { readonly kind: "broken" }
  /** The runtime has no `DecompressionStream`. */
  | { readonly kind: "unavailable" };

/** Undoes gzip and stops as soon as there is more than `maximum` bytes, so that a small bomb stays small. */
export async function inflate(bytes: Uint8Array, maximum: number): Promise<Inflated> {
  if (typeof DecompressionStream === "undefined") return { kind: "unavailable" };
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  // Both fail with the reader, which is where the failure is looked at.
  writer.write(new Uint8Array(bytes)).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.byteLength;
      if (length > maximum) {
        await reader.cancel();
        return { kind: "too_large" };
      }
      chunks.push(value);
    }
  } catch {
    return { kind: "broken" };
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return { kind: "inflated", bytes: whole };
}
