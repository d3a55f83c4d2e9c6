/** Environment variables of a process. */
export type Environment = Readonly<Record<string, string>>;

/** Environment variables as a process of Node has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What every program gets: where things are, which language is spoken, and how to reach the network. */
const EVERYBODYS: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "LC_*",
  "TERM",
  "TMPDIR",
  "TZ",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_STATE_HOME",
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
];

/** The server's own: its API key must not come into the hands of an agent, whatever a profile says. */
const OURS = /^AGENTVM_/i;

/**
 * The variables that an agent's programs get: those that every program needs, and those that are named. Everything else of the person's
 * environment stays out, and so does all that is named `AGENTVM_…`.
 *
 * @param more Names, of which one may end in `*`: what an adapter needs, and what the profile allows.
 */
export function allowedEnvironment(from: Variables, more: readonly string[] = []): Environment {
  const exact = new Set<string>();
  const beginnings: string[] = [];
  for (const name of [...EVERYBODYS, ...more]) {
    if (name.endsWith("*")) beginnings.push(name.slice(0, -1));
    else exact.add(name);
  }
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || OURS.test(name)) continue;
    if (exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning))) allowed[name] = value;
  }
  return allowed;
}
