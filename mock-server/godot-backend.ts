import { BACKEND_NAME, giveToPage } from "./godot/page-code.js";
import type { BackendCode } from "./godot/page-code.js";
import { gameParts } from "./godot/parts.js";
import { createPageBackend } from "./hosts/in-page/page-backend.js";

/** What the page of a Godot web export loads beside its script once an endpoint is `mock://`. */
const code: BackendCode = { create: (options) => createPageBackend(options, gameParts) };

giveToPage(BACKEND_NAME, Object.freeze(code));
