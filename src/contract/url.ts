/** The URL that a text is; null where it is none. Not `URL.canParse`, which the oldest browsers of this package do not have. */
export function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
