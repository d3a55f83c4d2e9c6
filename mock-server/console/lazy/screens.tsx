// The screens that are looked at now and then: one chunk, loaded with the first of them.
import type { ComponentChildren } from "preact";
import { BackendView } from "../views/backend.js";
import { ChartsView } from "../views/charts.js";
import { EventsView } from "../views/events.js";
import { FaultsView } from "../views/faults.js";
import { RequestsView } from "../views/requests.js";
import { ScriptsView } from "../views/scripts.js";
import { TypesView } from "../views/types.js";
import { WorkersView } from "../views/workers.js";

/** Each of them by the name of its view. */
export const screens: Readonly<Record<string, () => ComponentChildren>> = {
  events: () => <EventsView />,
  requests: () => <RequestsView />,
  charts: () => <ChartsView />,
  types: () => <TypesView />,
  workers: () => <WorkersView />,
  scripts: () => <ScriptsView />,
  faults: () => <FaultsView />,
  backend: () => <BackendView />,
};
