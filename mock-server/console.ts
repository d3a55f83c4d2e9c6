export { mountConsole, type ConsoleOptions, type MountedConsole } from "./console/overlay/mount-console.js";
export type { Corner } from "./console/overlay/overlay.js";
