let lastMs = NaN;
let lastText = "";

/** Milliseconds as a time of the wire. Many things happen in one millisecond, so the last text is kept. */
export function timestampOf(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
