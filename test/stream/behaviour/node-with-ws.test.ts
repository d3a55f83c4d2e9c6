import { describeLiveEvents } from "./describe-live-events.js";
import { portHost, wsSocket } from "./live-host.js";

describeLiveEvents(portHost("on a port, with ws", wsSocket));
