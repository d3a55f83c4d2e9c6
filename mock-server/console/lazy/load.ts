/** What the console loads when it is wanted. */
export const loadScreens = () => import("./screens.js");
