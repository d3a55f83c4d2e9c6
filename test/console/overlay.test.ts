import { describeConsole } from "./lib/describe-console.js";
import { openOverlay } from "./lib/overlay-console.js";

describeConsole("the overlay console", openOverlay);
