import { render } from "preact";
import { systemClock } from "../../../src/contract/clock.js";
import { Page } from "./page.js";

const root = document.getElementById("console");
if (root !== null) {
  // The server is one level above the page, at whatever path a proxy has put it.
  const endpoint = new URL("..", location.href).href.replace(/\/$/, "");
  render(<Page endpoint={endpoint} clock={systemClock()} />, root);
}

// Lets the page be installed as an app; without it, in a private window say, the console works all the same.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("service-worker.js").catch(() => undefined);
}
