import { reason } from "./reason.js";

/**
 * What a text must be to be an address of the server, of a scheme as it is without encryption. The text itself is never told: it may
 * hold a password.
 */
export function addressRules(scheme: "http" | "ws") {
  return [
    reason("it is not a URL", (text) => URL.canParse(text)),
    reason(`it does not begin with ${scheme}:// or ${scheme}s://`, (text) =>
      [`${scheme}:`, `${scheme}s:`].includes(new URL(text).protocol),
    ),
    reason("it holds a user name or a password; a key goes into agentvm.api_key", (text) => {
      const { username, password } = new URL(text);
      return username === "" && password === "";
    }),
    reason("it has a query or a fragment", (text) => {
      const { search, hash } = new URL(text);
      return search === "" && hash === "";
    }),
  ];
}

/** Whether an address is this machine, so that nothing that is sent to it leaves it. */
export function isLoopback(address: string): boolean {
  const host = new URL(address).hostname;
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
