import type { Environment } from "../processes/environment.js";
import type { Git, GitAt } from "./git.js";

/** Who stands in a commit. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Who commits what agents have done, and whatever else nobody's name is on. */
export const AGENTVM: Person = { name: "agentvm", email: "agentvm@localhost" };

/** An agent as a commit names it: without what git does not take in names. */
export function personOf(name: string): Person {
  const kept = name
    .replace(/[\p{Cc}<>]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  // Of points and quotes alone git makes no name.
  return { ...AGENTVM, name: /[^.,:;<>"\\'\s]/.test(kept) ? kept.slice(0, 200) : AGENTVM.name };
}

/** Makes a commit. No branch is moved, and no hook is run. */
export async function commitTree(
  git: Git,
  at: GitAt,
  {
    tree,
    parents,
    message,
    by,
    committer = AGENTVM,
  }: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly by: Person;
    readonly committer?: Person;
  },
): Promise<string> {
  const environment: Environment = {
    GIT_AUTHOR_NAME: by.name,
    GIT_AUTHOR_EMAIL: by.email,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
  };
  const input = `${message.replaceAll("\0", "").trim() || "Work of an agent"}\n`;
  return git.text(at, ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])], {
    input,
    environment,
  });
}
