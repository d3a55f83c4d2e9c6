import { ROUTE_NAMES, routes } from "../../src/contract/routes.js";
import type { Route, RouteName } from "../../src/contract/index.js";

/** What a path and a method lead to. */
export type Match =
  | {
      readonly kind: "route";
      readonly name: RouteName;
      readonly route: Route;
      readonly params: Record<string, string> | undefined;
    }
  /** The path is known, the method is not; `allow` is the value of the `Allow` header. */
  | { readonly kind: "method"; readonly allow: string }
  | { readonly kind: "none" };

/** Finds the route of a method and a path without query. HEAD finds what GET does. */
export type Matcher = (method: string, path: string) => Match;

interface Leaf {
  readonly byMethod: Map<string, Target>;
  allow: string;
}

interface Target {
  readonly name: RouteName;
  readonly route: Route;
  readonly paramNames: readonly string[];
  /** The answer for a path without parameters, made once. */
  readonly fixed: Match | null;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | null;
  leaf: Leaf | null;
}

const NONE: Match = { kind: "none" };

/** Builds the matcher of the contract's routes. A path written out wins over one with a parameter. */
export function createMatcher(): Matcher {
  const root = emptyNode();
  for (const name of ROUTE_NAMES) {
    const definition: Route = routes[name];
    for (const path of [definition.path, ...(definition.aliases ?? [])]) add(root, name, definition, path);
  }

  return (method, path) => {
    const segments = path.split("/");
    if (segments[0] !== "") return NONE;
    const values: string[] = [];
    const leaf = find(root, segments, 1, values);
    if (leaf === null) return NONE;
    const target = leaf.byMethod.get(method);
    if (target === undefined) return { kind: "method", allow: leaf.allow };
    if (target.fixed !== null) return target.fixed;
    const params: Record<string, string> = {};
    for (const [index, paramName] of target.paramNames.entries()) params[paramName] = values[index] ?? "";
    return { kind: "route", name: target.name, route: target.route, params };
  };
}

function add(root: Node, name: RouteName, route: Route, path: string): void {
  let node = root;
  const paramNames: string[] = [];
  for (const segment of path.split("/").slice(1)) {
    const parameter = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (parameter === undefined) {
      const next = node.literals.get(segment) ?? emptyNode();
      node.literals.set(segment, next);
      node = next;
    } else {
      paramNames.push(parameter);
      node.parameter ??= emptyNode();
      node = node.parameter;
    }
  }
  node.leaf ??= { byMethod: new Map(), allow: "" };
  const fixed: Match | null =
    paramNames.length === 0 ? { kind: "route", name, route, params: undefined } : null;
  const target: Target = { name, route, paramNames, fixed };
  node.leaf.byMethod.set(route.method, target);
  if (route.method === "GET") node.leaf.byMethod.set("HEAD", target);
  node.leaf.allow = [...node.leaf.byMethod.keys(), "OPTIONS"].join(", ");
}

function find(node: Node, segments: readonly string[], index: number, values: string[]): Leaf | null {
  const segment = segments[index];
  if (segment === undefined) return node.leaf;
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = find(literal, segments, index + 1, values);
    if (found !== null) return found;
  }
  if (node.parameter === null || segment === "") return null;
  values.push(decoded(segment));
  const found = find(node.parameter, segments, index + 1, values);
  if (found === null) values.pop();
  return found;
}

/** A segment whose escapes are broken stays as it is: its `%` is in no id, so validation names it. */
function decoded(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function emptyNode(): Node {
  return { literals: new Map(), parameter: null, leaf: null };
}
