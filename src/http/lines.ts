/** Characters of one line at the most; what is longer is no line of this contract. */
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
  for (;;) {
    const { done, value } = await read(() => reader.read());
    if (done) break;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield line;
    // Giving it out as it is lets the reader refuse it, which ends the stream.
    if (rest.length > LINE_MAX) yield rest;
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
