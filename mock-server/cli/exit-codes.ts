/** What the command's exit code says; scripts may rely on the numbers. */
export const EXIT = {
  /** It was done. */
  ok: 0,
  /** It was tried and failed, or the server is not well. */
  failed: 1,
  /** The command line is not right. */
  usage: 2,
  /** A profile, an environment variable or a file of scripts is not right. */
  config: 3,
  /** No AgentVM server answered at the endpoint. */
  unreachable: 4,
  /** The server refused the API key. */
  refused: 5,
  /** The address cannot be listened on. */
  address: 6,
  /** Stopped by ctrl-c, as shells number it. */
  interrupted: 130,
  /** Whoever read the output is gone, as shells number it. */
  broken_pipe: 141,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit codes as the help shows them. */
export const EXIT_HELP = `
Exit codes:
  0  done                              4  no AgentVM server answered
  1  failed, or not well               5  the server refused the API key
  2  the command line is not right     6  the address cannot be listened on
  3  the configuration is not right    130 stopped by ctrl-c`;
