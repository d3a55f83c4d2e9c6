function wellKnown(name: "dispose"): typeof Symbol.dispose;
function wellKnown(name: "asyncDispose"): typeof Symbol.asyncDispose;
function wellKnown(name: "dispose" | "asyncDispose"): symbol {
  return name in Symbol ? Symbol[name] : Symbol.for(`Symbol.${name}`);
}

// Where the runtime has none, compilers that write `using` for it look for these.

/** The name of what ends a thing at the end of a `using`. */
export const dispose: typeof Symbol.dispose = /* @__PURE__ */ wellKnown("dispose");

/** The name of what ends a thing at the end of an `await using`. */
export const asyncDispose: typeof Symbol.asyncDispose = /* @__PURE__ */ wellKnown("asyncDispose");
