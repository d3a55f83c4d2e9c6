import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const handedIn = "Take it from the clock or the random source that is handed in.";

const inPages = "A page has no such thing; only src/config, hosts/node and cli may use Node.";

const tooNew =
  "Not in the oldest browsers of this package, scripts/lib/targets.ts; the compiler knows what is newer in the language.";

/** What pages can have that is newer than those browsers, and that somebody may well reach for. */
const newerProperties = [
  ["AbortSignal", "any"],
  ["AbortSignal", "timeout"],
  ["ReadableStream", "from"],
  ["Response", "json"],
  ["URL", "canParse"],
  ["URL", "parse"],
  ["crypto", "randomUUID"],
  [undefined, "adoptedStyleSheets"],
  [undefined, "checkVisibility"],
  [undefined, "getSetCookie"],
  [undefined, "requestSubmit"],
  [undefined, "showPopover"],
  [undefined, "throwIfAborted"],
].map(([object, property]) => ({ object, property, message: tooNew }));

const nodeNames = ["Buffer", "process", "global", "require", "__dirname", "__filename"].map((name) => ({
  name,
  message: inPages,
}));

const runtimeRules = {
  "no-restricted-globals": [
    "error",
    ...nodeNames,
    ...[
      "setTimeout",
      "setInterval",
      "setImmediate",
      "clearTimeout",
      "clearInterval",
      "requestAnimationFrame",
      "performance",
    ].map((name) => ({ name, message: handedIn })),
    { name: "structuredClone", message: tooNew },
  ],
  "no-restricted-properties": [
    "error",
    ...newerProperties,
    { object: "Date", property: "now", message: handedIn },
    { object: "Math", property: "random", message: handedIn },
    ...["globalThis", "window", "self"].flatMap((object) =>
      ["setTimeout", "setInterval", "performance"].map((property) => ({
        object,
        property,
        message: handedIn,
      })),
    ),
  ],
  "no-restricted-syntax": [
    "error",
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: handedIn },
    { selector: "CallExpression[callee.name='Date']", message: handedIn },
  ],
};

export default defineConfig(
  {
    ignores: [
      "**/dist/",
      "docs-site/",
      "coverage/",
      "test/output/",
      // Checked where the packed package is installed, and by nothing here.
      "test/installs/programs/",
      "mock-server/generated/",
      "**/node_modules/",
      "**/*.min.js",
      "addons/",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [
      js.configs.recommended,
      ...tseslint.configs.recommendedTypeChecked,
      ...tseslint.configs.strictTypeChecked,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { prefer: "type-imports", fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // A function that answers a port's promise is async even when this one has nothing to wait for.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["src/**/*.ts", "mock-server/**/*.ts", "mock-server/**/*.tsx"],
    rules: {
      // `as const` stays allowed: it claims nothing that the compiler does not see.
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true } }],
      "no-console": "error",
    },
  },
  {
    // The machine's own clock is in one file; everything else takes a clock.
    files: ["src/**/*.ts", "mock-server/**/*.ts", "mock-server/**/*.tsx"],
    ignores: [
      "src/contract/clock.ts",
      "src/config/**",
      "mock-server/hosts/node/**",
      "mock-server/cli/**",
      "mock-server/node.ts",
    ],
    rules: runtimeRules,
  },
  {
    files: ["mock-server/cli/**/*.ts", "scripts/**/*.ts", "bench/**/*.ts", "examples/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // A parsed body is `any` until the test asserts on it; the assertion is the check.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    extends: [js.configs.recommended],
    rules: { "no-undef": "off" },
  },
);
