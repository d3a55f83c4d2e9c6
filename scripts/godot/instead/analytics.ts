/** In the place of the calls about what clients have measured, which the addon does not make. */
export const analyticsRoutes = {};
export const analyticsOperations = () => ({});
