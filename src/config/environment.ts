/** Where a game runs. In `production` and `staging` nothing secret has a default; see the environments guide. */
export const ENVIRONMENTS = ["development", "staging", "production"] as const;

/** One of the three environments. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** Whether `name` is one of the three environments. */
export function isEnvironment(name: string): name is Environment {
  return ENVIRONMENTS.some((environment) => environment === name);
}
