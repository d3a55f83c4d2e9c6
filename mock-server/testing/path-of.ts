import type { Route } from "../../src/contract/index.js";

/** The path of a call, with what it names in the place of its parameters. */
export function pathOf(
  { path }: Pick<Route, "path">,
  params: Readonly<Record<string, unknown>> = {},
): string {
  return path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return typeof value === "string" ? encodeURIComponent(value) : whole;
  });
}
