import { KEY_ROLES } from "../../src/contract/roles.js";
import type { KeyRole } from "../../src/contract/roles.js";
import { sha256 } from "./sha256.js";

/** A key that may call: its own name, what it is for, and its secret, or the SHA-256 of that as 64 hexadecimal digits. */
export interface NamedKey {
  readonly name: string;
  readonly role: KeyRole;
  readonly secret?: string;
  readonly sha256?: string;
}

/** A key as it is given: its secret, which is an admin's; `name:role:secret`; or the same as an object. */
export type ApiKey = string | NamedKey;

/** A key as it is held: never the secret itself. */
export interface HeldKey {
  readonly id: string;
  readonly role: KeyRole;
  readonly hash: string;
}

/** Keys that a server may be given at the most: each call is compared with every one of them. */
export const API_KEYS_MAX = 100;

/** Characters of a key or token at the most; a longer one is wrong without a look. */
export const SECRET_MAX = 4_096;

// A header carries visible ASCII; anything else could never be shown.
const SECRET = /^[\x21-\x7e]{1,4096}$/;
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const WRITTEN = /^([^:]*):([^:]*):(.*)$/s;

/**
 * The keys as they are held.
 *
 * @throws TypeError when they are none, too many, or one of them is wrong; it tells no secret.
 */
export function heldKeys(apiKeys: readonly ApiKey[]): HeldKey[] {
  if (apiKeys.length === 0)
    throw new TypeError("apiKeys is empty: nobody could call. Give at least one key.");
  if (apiKeys.length > API_KEYS_MAX) {
    throw new TypeError(`apiKeys has ${apiKeys.length} keys; ${API_KEYS_MAX} are the most.`);
  }
  const held = apiKeys.map((given, index) => heldKey(given, index));
  for (const field of ["hash", "id"] as const) {
    if (new Set(held.map((key) => key[field])).size !== held.length) {
      throw new TypeError(`apiKeys names a ${field === "id" ? "name of a key" : "key"} twice.`);
    }
  }
  return held;
}

/** The secret of a key as it is given; undefined where its hash alone is known. */
export function secretOf(given: ApiKey): string | undefined {
  return typeof given === "string" ? (WRITTEN.exec(given)?.[3] ?? given) : given.secret;
}

/** What a key is for, as it is given. */
export function roleOf(given: ApiKey): string {
  return typeof given === "string" ? (WRITTEN.exec(given)?.[2] ?? "admin") : given.role;
}

function heldKey(given: ApiKey, index: number): HeldKey {
  const at = `apiKeys[${index}]`;
  const written = typeof given === "string" ? WRITTEN.exec(given) : null;
  if (typeof given === "string" && written === null) {
    return { id: `key:${index + 1}`, role: "admin", hash: hashOf(given, at) };
  }
  const [, name = "", role = ""] = written ?? (typeof given === "string" ? [] : ["", given.name, given.role]);
  if (!NAME.test(name)) {
    throw new TypeError(
      `${at} is like name:role:secret, and its name is not 1 to 32 characters of A-Z a-z 0-9 _ - that begin with a letter.`,
    );
  }
  if (!isRole(role)) {
    throw new TypeError(`${at} is like name:role:secret, and its role is none of ${KEY_ROLES.join(", ")}.`);
  }
  const known = typeof given === "string" ? undefined : given.sha256;
  if (known === undefined) return { id: `key:${name}`, role, hash: hashOf(secretOf(given), at) };
  if (secretOf(given) !== undefined) throw new TypeError(`${at} has a secret or its sha256, not both.`);
  if (!/^[0-9a-f]{64}$/.test(known)) throw new TypeError(`${at}.sha256 must be 64 digits of 0-9 a-f.`);
  return { id: `key:${name}`, role, hash: known };
}

function isRole(role: string): role is KeyRole {
  return KEY_ROLES.some((known) => known === role);
}

function hashOf(secret: unknown, at: string): string {
  if (typeof secret === "string" && SECRET.test(secret)) return sha256(secret);
  throw new TypeError(`${at} must be 1 to ${SECRET_MAX} visible ASCII characters.`);
}
