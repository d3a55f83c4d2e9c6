import { InvalidArgumentError } from "commander";
import { hostOf } from "../hosts/node/allowed-hosts.js";
import { originOf } from "../origins.js";

/** Reads an option that is a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,16}$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** Reads an option that is a number above 0. */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || !(number > 0) || number > most)
      throw new InvalidArgumentError(`Expected a number above 0 and up to ${most}.`);
    return number;
  };
}

/** Reads an option that is true or false; given alone it means true. */
export function switchValue(text: string): boolean {
  if (text === "true") return true;
  if (text === "false") return false;
  throw new InvalidArgumentError("Expected true or false.");
}

/** Reads an option that may be given more than once. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** Reads an origin that may be given more than once. */
export function severalOrigins(text: string, before: readonly string[] | undefined): readonly string[] {
  if (originOf(text) !== null) return several(text, before);
  throw new InvalidArgumentError(
    "This is not an origin. Write scheme, host and port, like https://example.com, or loopback, null or *.",
  );
}

/** Reads the name of a host that may be given more than once. */
export function severalHosts(text: string, before: readonly string[] | undefined): readonly string[] {
  if (hostOf(text) !== null) return several(text, before);
  throw new InvalidArgumentError(
    "This is not a name. Write it without scheme and port, like agents.example.com, *.example.com or *.",
  );
}
