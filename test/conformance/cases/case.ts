import type { BackendOptions } from "../../../mock-server/backend-options.js";
import { METADATA_MAX_BYTES, METADATA_MAX_VALUES } from "../../../src/contract/index.js";
import type { ErrorCode, RouteName } from "../../../src/contract/index.js";
import type { As, World } from "../world.js";

/** A valid request of a route; its method is the route's. */
export interface Sample {
  readonly path: string;
  readonly body?: unknown;
  readonly as?: As;
}

/** Something that a route does, to be looked at on a backend of its own. */
export type Behaviour =
  | ((world: World) => Promise<void>)
  | { readonly options: BackendOptions; readonly run: (world: World) => Promise<void> };

/** Free data of the game's own that is too much. */
export const badMetadata = (put: (metadata: unknown) => unknown) =>
  ({
    "metadata of too many bytes": [put({ note: "ü".repeat(METADATA_MAX_BYTES / 2) }), ["body", "metadata"]],
    "metadata of too many values": [
      put({ list: Array.from({ length: METADATA_MAX_VALUES }, () => ({})) }),
      ["body", "metadata"],
    ],
  }) satisfies RouteCase["badBodies"];

/** What is tested of one route. The checks that fit every route are made from `sample`. */
export interface RouteCase {
  /** How the backends of this route's tests are made; those of a single test come before them. */
  readonly options?: BackendOptions;
  /** Prepares the world for one valid request and gives it. */
  sample(world: World): Promise<Sample>;
  /** Bodies that are refused with 422, each with the place that `detail` must name. */
  readonly badBodies?: Readonly<Record<string, readonly [body: unknown, loc: readonly (string | number)[]]>>;
  /** The route's own errors. The suite fails when one that the contract names is missing. */
  readonly errors: Readonly<Partial<Record<ErrorCode, Behaviour>>>;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
}

/** The cases of some routes: one for each. */
export type CasesOf<N extends RouteName> = Readonly<Record<N, RouteCase>>;
