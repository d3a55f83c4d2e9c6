/** Characters of one event; a longer one is skipped. It is read again from the messages where it matters. */
const EVENT_MAX = 16 * 2 ** 20;

/** The data of server-sent events, one at a time, as JSON; what is no JSON is skipped. */
export async function* serverSent(body: ReadableStream<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    if (rest.length > EVENT_MAX) rest = "";
    for (const block of blocks) {
      const data = block
        .split(/\r?\n/)
        .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []))
        .join("\n");
      try {
        yield JSON.parse(data);
      } catch {
        // A comment, or a piece of something that was too long.
      }
    }
  }
}
