let lastMs = NaN;
let lastText = "";
let lastSecond = NaN;
/** All of the text but the milliseconds. */
let lastHead = "";

/** Milliseconds as a time of the wire. Many things happen in one millisecond and one second, so what the last text has of them is kept. */
export function timestampOf(ms: number): string {
  if (ms !== lastMs) {
    const second = Math.floor(ms / 1_000);
    if (second !== lastSecond) {
      lastHead = new Date(ms).toISOString().slice(0, -4);
      lastSecond = second;
    }
    lastText = `${lastHead}${String(Math.floor(ms - second * 1_000)).padStart(3, "0")}Z`;
    lastMs = ms;
  }
  return lastText;
}
