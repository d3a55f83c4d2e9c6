import { TooLarge } from "./transport.js";

/** Characters of one line at the most, and of blank ones on end; what is longer is no line of this contract. */
const LINE_MAX = 1_048_576;

/**
 * Splits a stream of UTF-8 into its lines, blank ones left out, also where it is cut between the bytes of one
 * character. What stands after the last line break is given only if it is whole JSON: else the stream was cut.
 * `read` is how it reads, so that the caller can put a limit on each read.
 */
export async function* linesOf(
  stream: ReadableStream<Uint8Array>,
  read: <T>(start: () => Promise<T>) => Promise<T>,
): AsyncGenerator<string, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let blank = 0;
  for (;;) {
    const { done, value } = await read(() => reader.read());
    if (done) break;
    const text = decoder.decode(value, { stream: true });
    rest += text;
    // A line that comes in many pieces is looked at when it is whole, and not with each of them.
    const lines = text.includes("\n") ? rest.split("\n") : [rest];
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") {
        blank += line.length + 1;
      } else {
        blank = 0;
        yield line;
      }
    }
    if (rest.length > LINE_MAX)
      throw new TooLarge(`a line of the answer has more than ${LINE_MAX} characters`);
    if (blank > LINE_MAX) throw new TooLarge(`the answer has more than ${LINE_MAX} blank lines on end`);
  }
  if (isJson(rest)) yield rest;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
