import { describeLiveEvents } from "./describe-live-events.js";
import { inPageHost } from "./live-host.js";

describeLiveEvents(inPageHost);
