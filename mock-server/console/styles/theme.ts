/** Colours and type, light and dark. A root with `data-theme` has that one whatever the system says. */
const light = `
--bg:#f5f5f3;--panel:#ffffff;--raised:#f0f0ed;--ink:#1b1d22;--soft:#585e69;--line:#dcdcd6;--edge:#8b8f98;
--accent:#4338ca;--accent-ink:#ffffff;--accent-soft:#e9e8fb;--danger:#b42331;--danger-soft:#fdecec;--good:#0b6e4f;--good-soft:#e1f3ea;
--warn:#8a4b00;--warn-soft:#fcf0dc;--c1:#4338ca;--c2:#0b7a55;--c3:#b45309;--c4:#b42331;--shadow:0 1px 2px #1b1d2212,0 4px 14px #1b1d220d;color-scheme:light`;

const dark = `
--bg:#111318;--panel:#1a1d23;--raised:#23272f;--ink:#e8e8e4;--soft:#a3aab6;--line:#31363f;--edge:#7b8391;
--accent:#a5a6ff;--accent-ink:#14152b;--accent-soft:#2a2c4d;--danger:#ff9aa2;--danger-soft:#43202a;--good:#63d3a6;--good-soft:#173a2d;
--warn:#f3b866;--warn-soft:#3f2f17;--c1:#a5a6ff;--c2:#63d3a6;--c3:#f3b866;--c4:#ff9aa2;--shadow:0 1px 2px #0006,0 4px 14px #0004;color-scheme:dark`;

export const theme = `
.console-root{${light}}
@media (prefers-color-scheme:dark){.console-root:not([data-theme=light]){${dark}}}
.console-root[data-theme=dark]{${dark}}
.console-root{background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:left;
-webkit-text-size-adjust:100%}
.console-root *,.console-root *::before,.console-root *::after{box-sizing:border-box}
:where(.console-root) :where(h1,h2,h3,p,ul,ol,dl,dd,pre,figure,fieldset){margin:0;padding:0}
:where(.console-root) :where(ul,ol){list-style:none}
.console-root :is(button,input,select,textarea){font:inherit;color:inherit}
:where(.console-root) h2{font-size:1rem;font-weight:650;letter-spacing:-.005em}
:where(.console-root) h3{font-size:.9375rem;font-weight:600}
.console-root code,.console-root pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8125rem}
.console-root :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
@media (prefers-reduced-motion:reduce){.console-root *{transition:none!important;animation:none!important}}
.soft,.hint,.list-note,.count{color:var(--soft)}
.hint,.list-note,.count{font-size:.8125rem}
.soft{font-weight:400}
.empty{color:var(--soft);padding:1.25rem .25rem;text-align:center}
.icon{width:1.125rem;height:1.125rem;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round;flex:none}
`;
