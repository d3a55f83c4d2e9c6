import type { Report } from "../contract/index.js";
import { REPORTS_MAX } from "../contract/worker.js";
import { REPORT_TEXT_MAX } from "../contract/workers.js";

/** Characters of output in one call at the most: as JSON they fit a request in the worst case. */
const CALL_TEXT_MAX = 131_072;

/** Characters of output, and reports, that wait while the server does not answer; past them the oldest are given up. */
export const WAITING_TEXT_MAX = 4_194_304;
export const WAITING_MAX = 1_000;

type Stream = "stdout" | "stderr";

/** What is still to be reported of one task, in its order. */
export class ReportQueue {
  #reports: Report[] = [];
  #text = 0;
  /** Characters of output that were given up. */
  #lost = 0;

  get size(): number {
    return this.#reports.length;
  }

  /** Whether somebody waits for what comes of it. */
  get isUrgent(): boolean {
    return this.#reports.some((report) => "question" in report);
  }

  add(report: Report): void {
    this.#reports.push(report);
    if (this.#reports.length > WAITING_MAX) this.#giveUp((one) => !("question" in one || "agent" in one));
  }

  /** Output is put together as far as one report may hold it. */
  write(text: string, stream: Stream): void {
    let rest = text;
    const last = this.#reports.at(-1);
    if (last && "output" in last && last.output.stream === stream) {
      const fits = cutAt(rest, REPORT_TEXT_MAX - last.output.text.length);
      this.#reports[this.#reports.length - 1] = { output: { stream, text: last.output.text + fits } };
      this.#text += fits.length;
      rest = rest.slice(fits.length);
    }
    while (rest !== "") {
      const text = cutAt(rest, REPORT_TEXT_MAX);
      this.#text += text.length;
      this.add({ output: { stream, text } });
      rest = rest.slice(text.length);
    }
    while (this.#text > WAITING_TEXT_MAX) this.#giveUp((one) => "output" in one);
  }

  /** What goes into the next call. A question goes alone: where it is refused, nothing else of its call would be taken. */
  take(): Report[] {
    if (this.#lost > 0) {
      const text = `\n[${this.#lost} characters of output are missing: the server could not be reached.]\n`;
      this.#lost = 0;
      this.#text += text.length;
      this.#reports.unshift({ output: { stream: "stdout", text } });
    }
    let text = 0;
    const end = this.#reports.findIndex((report, index) => {
      if ("output" in report) text += report.output.text.length;
      return index > 0 && ("question" in report || text > CALL_TEXT_MAX || index === REPORTS_MAX);
    });
    const isQuestion = this.#reports[0] !== undefined && "question" in this.#reports[0];
    const taken = this.#reports.splice(0, isQuestion ? 1 : end === -1 ? this.#reports.length : end);
    for (const report of taken) if ("output" in report) this.#text -= report.output.text.length;
    return taken;
  }

  #giveUp(may: (report: Report) => boolean): void {
    const index = this.#reports.findIndex(may);
    const [given] = this.#reports.splice(Math.max(0, index), 1);
    if (given === undefined || !("output" in given)) return;
    this.#text -= given.output.text.length;
    this.#lost += given.output.text.length;
  }
}

/** The beginning of a text, with no character of two parts cut in the middle. */
function cutAt(text: string, length: number): string {
  if (length <= 0) return "";
  const last = text.charCodeAt(length - 1);
  const isFirstOfTwo = text.length > length && last >= 0xd800 && last < 0xdc00;
  return text.slice(0, isFirstOfTwo ? length - 1 : length);
}
