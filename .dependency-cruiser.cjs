// Runs on dependencies as written in the source, type-only imports too: a type is knowledge of the other side.

/** Packages that only work in Node. */
const nodePackages = "(^|/)node_modules/(ws|yaml|commander|picocolors)/";

/** Where mock-server may know that it runs in Node. */
const nodeSide = "^mock-server/(hosts/node/|cli/|node\\.ts$)";

/** The modules that join the backend to the SDK: the command, the console and the classic scripts. */
const joins =
  "^mock-server/(cli/|console/|godot/(config-error|load-code)\\.ts$|(global|godot|console)\\.ts$)";

/** What a function that works on tasks is given and gives, in the backend and in a worker of its own. */
const functionsThatWork =
  "^src/worker/(types|fitting|work-failure|function-job|run-function|run-review|changes-of)\\.ts$";

/** What package.json's exports, bin and scripts start from. */
const entries =
  "^(src/(index|slim|worker|react|contract|config/index)\\.ts|mock-server/(index|node|msw|global|godot|godot-backend|godot-scripts|console|testing|cli/main)\\.ts|mock-server/console/page/main\\.tsx|src/contract/index\\.ts)$";

/** Node built-ins by name, for rules of reachability, which cannot ask for a kind of dependency. */
const builtins =
  "^(node:)?(" +
  require("node:module")
    .builtinModules.map((name) => name.replace(/[/.]/g, "\\$&"))
    .join("|") +
  ")$";

/** The parts of the SDK, from the bottom to the top; who loads them later and the Godot facade stand on all of them. */
const floors = [
  "client/http/",
  "client/stream/",
  "moves/",
  "client/resources/",
  "(pool|metrics)/",
  "(client/[^/]+\\.ts$|lazy/|godot/)",
  "react",
];

/** Forbids what is on a floor to know what stands above it. */
function standsOnWhatIsBelow(floor, place) {
  return {
    name: `floor-${place + 1}-of-the-sdk-knows-none-above`,
    comment: `src/${floor} stands below ${floors.slice(place + 1).join(", ")}.`,
    severity: "error",
    from: { path: `^src/${floor}` },
    to: { path: `^src/(${floors.slice(place + 1).join("|")})` },
  };
}

module.exports = {
  forbidden: [
    {
      name: "contract-imports-nothing",
      comment: "The contract is the single source of truth: it stands on nothing but zod.",
      severity: "error",
      from: { path: "^src/contract/" },
      to: { pathNot: "^(src/contract/|node_modules/zod/)" },
    },
    {
      name: "pages-load-the-core-of-zod-alone",
      comment:
        "What zod/mini adds to zod's core, every page would load: src/contract/zod.ts has the same names, and takes what is missing.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^src/config/" },
      to: { path: "(^|/)node_modules/zod/(?!v4/core/)" },
    },
    {
      name: "mock-server-imports-the-contract-alone",
      comment:
        "The backend shares the contract with the SDK, and what a function that works is, which both run; nothing else of it.",
      severity: "error",
      from: { path: "^mock-server/", pathNot: joins },
      to: { path: "^src/", pathNot: `^src/contract/|${functionsThatWork}` },
    },
    {
      name: "command-uses-public-entries-alone",
      comment:
        "The command, the console and the classic script use the SDK as any user does: through its entries.",
      severity: "error",
      from: { path: joins },
      to: {
        path: "^src/",
        pathNot:
          "^src/(contract/|worker/(types|work-failure)\\.ts$|index\\.ts$|slim\\.ts$|one-file\\.ts$|config/index\\.ts$|godot/index\\.ts$)",
      },
    },
    {
      name: "src-imports-nothing-of-mock-server",
      comment: "The SDK works against any server and knows none.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^mock-server/" },
    },
    {
      name: "domain-knows-no-host",
      comment: "The domain is pure: whoever drives it depends on it, never the other way.",
      severity: "error",
      from: { path: "^mock-server/domain/" },
      to: { path: "^mock-server/", pathNot: "^mock-server/(domain|work)/" },
    },
    {
      name: "domain-knows-no-worker",
      comment: "Who works is handed in: the domain knows the port, and none of those behind it.",
      severity: "error",
      from: { path: "^mock-server/domain/" },
      to: { path: "^mock-server/work/", pathNot: "^mock-server/work/work\\.ts$" },
    },
    {
      name: "port-of-work-stands-on-the-contract",
      comment: "What the domain and all who work have in common knows neither.",
      severity: "error",
      from: { path: "^mock-server/work/work\\.ts$" },
      to: { path: "^mock-server/" },
    },
    {
      name: "work-knows-the-domain-alone",
      comment: "Who works knows tasks and agents; whoever puts a backend together chooses who that is.",
      severity: "error",
      from: { path: "^mock-server/work/" },
      to: { path: "^mock-server/", pathNot: "^mock-server/(domain|work)/" },
    },
    {
      name: "domain-imports-no-package",
      comment: "The domain needs no library but the one that the contract is written in.",
      severity: "error",
      from: { path: "^mock-server/domain/" },
      to: { path: "(^|/)node_modules/(?!zod/)" },
    },
    {
      name: "the-journal-knows-the-domain-alone",
      comment: "What keeps commits knows nothing of calls, hosts or the event stream.",
      severity: "error",
      from: { path: "^mock-server/journal/" },
      to: { path: "^mock-server/", pathNot: "^mock-server/(domain|journal)/" },
    },
    {
      name: "calls-know-neither-http-nor-sockets",
      comment: "The calls of the contract are the same over HTTP, over a socket and in a batch.",
      severity: "error",
      from: { path: "^mock-server/calls/" },
      to: { path: "^mock-server/", pathNot: "^mock-server/(domain|calls)/" },
    },
    {
      name: "http-and-hub-know-no-host",
      comment: "A host adapts what these decide.",
      severity: "error",
      from: { path: "^mock-server/((http|stream)/|(assemble|backend)\\.ts$)" },
      to: { path: "^mock-server/(hosts/|cli/|(index|node|msw|global|godot)\\.ts$)" },
    },
    {
      name: "functions-that-work-stand-on-the-contract",
      comment: "The backend runs them too, and knows nothing else of the SDK.",
      severity: "error",
      from: { path: functionsThatWork },
      to: { path: "^src/", pathNot: `^src/contract/|${functionsThatWork}` },
    },
    ...floors.slice(0, -1).map(standsOnWhatIsBelow),
    {
      name: "sdk-uses-no-node",
      comment: "The SDK runs in pages and workers: Node's own modules are for src/config alone.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/config/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "sdk-uses-no-node-package",
      comment: "Packages that need Node are for src/config alone.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/config/" },
      to: { path: nodePackages },
    },
    {
      name: "isomorphic-ws-in-the-stream-alone",
      comment: "One place opens sockets.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^src/client/stream/" },
      to: { path: "(^|/)node_modules/isomorphic-ws/" },
    },
    {
      name: "page-entries-reach-no-node",
      comment: "Nothing that a page loads may lead to a Node module, by whatever way.",
      severity: "error",
      from: {
        path: "^(src/(index|slim|worker)|mock-server/(index|msw|global|godot|godot-backend|godot-scripts|console|testing))\\.ts$|^mock-server/console/page/",
      },
      to: { path: [builtins, nodePackages, nodeSide], reachable: true },
    },
    {
      name: "backend-uses-no-node",
      comment: "The backend runs in the page; what needs Node stands in hosts/node, cli and node.ts.",
      severity: "error",
      from: { path: "^mock-server/", pathNot: nodeSide },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "backend-uses-no-node-package",
      comment: "The same for packages that need Node.",
      severity: "error",
      from: { path: "^mock-server/", pathNot: nodeSide },
      to: { path: nodePackages },
    },
    {
      name: "react-in-its-own-room-alone",
      comment:
        "react is an optional peer: only the entry that is named for it may need it, and the SDK's types are all that it takes.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^src/react(/|\\.ts$)" },
      to: { path: "(^|/)node_modules/react(-dom)?/" },
    },
    {
      name: "msw-in-its-own-host-alone",
      comment: "msw is an optional peer: only the entry that is named for it may need it.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^mock-server/(hosts/msw/|msw\\.ts$)" },
      to: { path: "(^|/)node_modules/msw/" },
    },
    {
      name: "console-in-its-own-entry-alone",
      comment: "Nobody who does not ask for the console loads it; the command serves it as files.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^mock-server/(console/|console\\.ts$)" },
      to: { path: "^mock-server/console/", pathNot: "^mock-server/console/server/" },
    },
    {
      name: "testing-in-its-own-entries-alone",
      comment:
        "A page that plays loads nothing of what tests do with a backend; behind a port it is at hand.",
      severity: "error",
      from: {
        path: "^mock-server/",
        pathNot: "^mock-server/(testing/|cli/|console/|hosts/node/|(testing|backend|node)\\.ts$)",
      },
      to: { path: "^mock-server/testing/" },
    },
    {
      name: "page-entries-reach-no-testing",
      comment: "The same by whatever way, types aside.",
      severity: "error",
      from: { path: "^(src/(index|slim|worker)|mock-server/(index|global|godot|godot-backend))\\.ts$" },
      to: { path: "^mock-server/testing/", reachable: true },
    },
    {
      name: "no-cycles",
      comment: "A cycle makes the order of loading matter.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      comment: "A file that nothing uses is a file to delete.",
      severity: "error",
      from: { orphan: true, path: "^(src|mock-server)/", pathNot: entries },
      to: {},
    },
    {
      name: "no-unused-files",
      comment: "A file that no entry leads to ships to nobody.",
      severity: "error",
      from: { path: entries },
      to: { path: "^(src|mock-server)/.+\\.tsx?$", pathNot: entries, reachable: false },
    },
    {
      name: "no-unresolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "not-to-dev-dep",
      comment:
        "What ships uses what is installed with it; msw and react are optional peers, and the console's own libraries are built into it.",
      severity: "error",
      from: { path: "^(src|mock-server)/", pathNot: "^mock-server/console/" },
      to: {
        dependencyTypes: ["npm-dev"],
        pathNot: "(^|/)node_modules/(msw|react|@types)/",
      },
    },
    {
      name: "not-to-undeclared",
      comment: "A package that package.json does not name is there by luck.",
      severity: "error",
      from: { path: "^(src|mock-server)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], pathNot: "(^|/)node_modules/(msw|react)/" },
    },
    {
      name: "not-to-tests-or-tools",
      comment: "What ships imports no test, script, benchmark or example.",
      severity: "error",
      from: { path: "^(src|mock-server)/" },
      to: { path: "^(test|scripts|bench|examples|dist)/" },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^mock-server/generated/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types", "typings"],
    },
    cache: false,
  },
};
