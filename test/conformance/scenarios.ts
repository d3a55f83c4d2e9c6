import type { BackendOptions } from "../../mock-server/backend-options.js";
import { ROUTE_NAMES, routes } from "../../src/contract/index.js";
import type { Route, RouteName } from "../../src/contract/index.js";
import { cases } from "./cases/index.js";
import type { Behaviour, RouteCase } from "./cases/case.js";
import { checksOfEveryRoute } from "./every-route.js";
import { serverScenarios } from "./server.js";
import type { World } from "./world.js";

/** One thing that a host must do, on a backend of its own. */
export interface Scenario {
  readonly title: string;
  readonly options: BackendOptions;
  run(world: World): Promise<void>;
}

/** A group of scenarios: one route's, or the server's as a whole. */
export interface ScenarioGroup {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

/** Everything that a host must do. */
export function allScenarios(): ScenarioGroup[] {
  return [
    ...ROUTE_NAMES.map((name) => ({ name: titleOf(name), scenarios: scenariosOf(name) })),
    {
      name: "the server",
      scenarios: Object.entries(serverScenarios).map(([title, what]) => scenario(title, what)),
    },
  ];
}

function titleOf(name: RouteName): string {
  return `${routes[name].method} ${routes[name].path}`;
}

function scenariosOf(name: RouteName): Scenario[] {
  const route: Route = routes[name];
  const { options = {}, sample, badBodies = {}, errors, behaviours }: RouteCase = cases[name];
  const own = [
    ...Object.entries(behaviours).map(([title, what]) => scenario(title, what)),
    ...Object.entries(errors).map(([code, what]) => scenario(`answers ${code}`, what)),
    ...Object.entries(checksOfEveryRoute(route, sample, badBodies)).map(([title, what]) =>
      scenario(title, what),
    ),
  ];
  return own.map((one) => ({ ...one, options: { ...options, ...one.options } }));
}

function scenario(title: string, what: Behaviour): Scenario {
  return typeof what === "function"
    ? { title, options: {}, run: what }
    : { title, options: what.options, run: what.run };
}
