/** A field of a form as text, without space at its ends. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** The same; undefined where it is empty. */
export function optionalText(data: FormData, name: string): string | undefined {
  return textOf(data, name) || undefined;
}

/** A field as a number; undefined where it is empty or none. */
export function optionalNumber(data: FormData, name: string): number | undefined {
  const text = textOf(data, name);
  const value = Number(text);
  return text === "" || !Number.isFinite(value) ? undefined : value;
}
