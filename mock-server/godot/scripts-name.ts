/** By which name the page's script finds the code of scripts, once that is loaded. */
export const SCRIPTS_NAME = "agentvmGodotScripts";
