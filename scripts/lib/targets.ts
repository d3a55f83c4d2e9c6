/**
 * The oldest browsers in which what a page loads works, as the documentation states them; their syntax is what is built. Of their
 * globals and methods the linter knows those that are newer, and a test takes all newer ones away.
 */
export const oldestBrowsers = { chrome: 94, firefox: 93, safari: 15.4 } as const;

/** The same for esbuild and Vite. */
export const targets: string[] = [
  "es2022",
  ...Object.entries(oldestBrowsers).map(([name, version]) => `${name}${version}`),
];
