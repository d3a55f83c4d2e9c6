import { Lifetime } from "../lifetime.js";
import { Caller } from "./caller.js";
import type { CallerParts } from "./caller.js";
import { Credentials } from "./credentials.js";

/** Makes what calls as the session of a token, once each and whatever becomes of the client. */
export function sessionCaller(parts: CallerParts): (token: string) => Caller {
  return (sessionToken) =>
    new Caller({
      ...parts,
      credentials: new Credentials({ sessionToken }),
      lifetime: new Lifetime(),
      retries: 0,
    });
}
