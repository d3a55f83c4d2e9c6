/** The drawings of the console's buttons, each in a square of 24. */
const PATHS = {
  agents:
    "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm8 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5M15 14c3.500 0 6.500 1.800 6.500 5",
  tasks:
    "M4 6l1.500 1.500L8 5M4 12l1.500 1.500L8 11M4 18l1.500 1.500L8 17M12 6.500h8M12 12.500h8M12 18.500h8",
  events: "M4 12h3l2-6 4 12 2.500-6H20",
  requests: "M4 8h14m0 0-3.500-3.500M18 8l-3.500 3.500M20 16H6m0 0 3.500-3.500M6 16l3.500 3.500",
  charts: "M4 4v16h16M8 15l3.500-5 3 3L20 7",
  types: "M12 3l8 4.500v9L12 21l-8-4.500v-9L12 3Zm0 9l8-4.500M12 12v9M12 12L4 7.500",
  backend: "M4 5h16v5H4V5Zm0 9h16v5H4v-5Zm3.500-6.500h.01M7.500 16.500h.01",
  workers:
    "M9 7V5.500C9 4.700 9.700 4 10.500 4h3c.8 0 1.500.7 1.500 1.500V7M4 7h16v12H4V7Zm0 5.500h6m4 0h6M10 11h4v3h-4v-3Z",
  scripts: "M7 4h10v16H7V4Zm3 4.500h4m-4 4h4m-4 4h2.500M4 8v8m16-8v8",
  faults: "M12 4l9 16H3L12 4Zm0 6v4.500m0 2.500h.01",
  play: "M8 5l11 7-11 7V5Z",
  pause: "M8 5v14M16 5v14",
  step: "M6 5l8 7-8 7V5Zm12 0v14",
  leave: "M14 5h5v14h-5M4 12h10m0 0-3.5-3.500M14 12l-3.500 3.500",
  close: "M6 6l12 12M18 6 6 18",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word; screen readers are told the word alone. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
