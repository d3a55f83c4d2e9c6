import { TooLarge } from "./transport.js";

/** What is said of an answer that has more than `most` bytes. */
export function tooLarge(most: number): TooLarge {
  return new TooLarge(`the answer has more than ${most} bytes`);
}

/** The text of an answer, read as it comes and no further than `most` bytes. */
export async function textOf(response: Response, most: number): Promise<string> {
  const { body } = response;
  if (!body || !("getReader" in body)) {
    // A `fetch` without streams gives what it has read already.
    const text = await response.text();
    if (text.length > most) throw tooLarge(most);
    return text;
  }
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > most) {
      reader.cancel().catch(() => undefined);
      throw tooLarge(most);
    }
    text += decoder.decode(value, { stream: true });
  }
}
