import { controls } from "./controls.js";
import { layout } from "./layout.js";
import { screens } from "./screens.js";
import { theme } from "./theme.js";

/** All of the console's style, wherever it stands; it touches nothing outside `.console-root`. */
export const consoleStyle = [theme, controls, layout, screens].join("");
