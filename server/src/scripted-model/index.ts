export type { ModelRequest } from "./kept-requests.js";
export { parseScenarios, readScenarios } from "./scenario-file.js";
export type { ParsedScenarios } from "./scenario-file.js";
export { scenariosSchema } from "./scenario.js";
export type { Scenario, ScenariosInput } from "./scenario.js";
export { startScriptedModel } from "./scripted-model.js";
export type { ScriptedModel, ScriptedModelOptions } from "./scripted-model.js";
