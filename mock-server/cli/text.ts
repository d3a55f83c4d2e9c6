import { stripVTControlCharacters } from "node:util";

/** Text of a server on one line: control characters in it could move the cursor or colour the rest. */
export function plain(text: string, most = 200): string {
  const clean = stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();
  const characters = Array.from(clean);
  return characters.length > most ? `${characters.slice(0, most - 3).join("")}...` : clean;
}

/** How many columns a text takes, its colours not counted. */
export function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

/** Fills a text up with spaces on its right. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Fills a text up with spaces on its left. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/** A share from 0 to 1 as a bar of `width` characters that every terminal can draw. */
export function bar(share: number, width = 10): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
}

/** A share from 0 to 1 as per cent, four columns wide at most. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Seconds as people say them: `8.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** Bytes as mebibytes: `16 MiB`, `0.5 MiB`. */
export function mebibytes(bytes: number): string {
  return `${Number((bytes / 1_048_576).toFixed(1))} MiB`;
}

/** "1 agent", "2 agents". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
