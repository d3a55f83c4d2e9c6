/** The look of the docs page. It loads nothing: no font, no picture, no script. */
export const docsStyle = `
:root{color-scheme:light dark;--bg:#fbfaf8;--panel:#fff;--ink:#1d1f23;--soft:#5b616b;--line:#e2dfd9;--code:#f2f0ec;--link:#0b57a8;
--get:#0b6e4f;--post:#0b57a8;--put:#8a4b00;--delete:#a3222b;--focus:#0b57a8}
@media (prefers-color-scheme:dark){:root{--bg:#15171b;--panel:#1c1f24;--ink:#e6e6e3;--soft:#9aa1ac;--line:#30343b;--code:#23272d;--link:#7db7ff;
--get:#5fd0a5;--post:#7db7ff;--put:#f0b35f;--delete:#ff8f96;--focus:#7db7ff}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1.5rem}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
code{background:var(--code);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
pre{background:var(--code);border-radius:8px;padding:.9rem 1rem;overflow-x:auto;line-height:1.5}
pre code{background:none;padding:0;font-size:1em;overflow-wrap:normal}
small{color:var(--soft);font-size:.8125em}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;background:var(--panel);padding:.5rem 1rem;z-index:1}
.layout{display:grid;grid-template-columns:19rem minmax(0,1fr);max-width:84rem;margin:0 auto}
nav{position:sticky;top:0;height:100vh;overflow-y:auto;padding:2rem 1rem 2rem 1.5rem;border-right:1px solid var(--line);font-size:.875rem}
nav h2{font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;color:var(--soft);margin:1.5rem 0 .35rem;border:0;padding:0}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:flex;gap:.5rem;align-items:baseline;padding:.2rem .4rem;margin-left:-.4rem;border-radius:5px;color:inherit;text-decoration:none;overflow-wrap:anywhere}
nav a:hover{background:var(--code)}
nav .method{font-size:.625rem;min-width:2.9rem}
main{padding:2rem clamp(1rem,4vw,3.5rem) 6rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.375rem;margin:3.5rem 0 1rem;padding-bottom:.4rem;border-bottom:1px solid var(--line)}
h3{font-size:1.0625rem;margin:0;display:flex;flex-wrap:wrap;gap:.6rem;align-items:baseline}
h4{font-size:.8125rem;letter-spacing:.03em;color:var(--soft);margin:1.4rem 0 .4rem;font-weight:600}
p{margin:.5rem 0;max-width:46rem}
article{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.4rem;margin:1rem 0}
article:target{border-color:var(--focus);box-shadow:0 0 0 1px var(--focus)}
h3 code{background:none;padding:0;font-size:1em}
.method{font:700 .75rem/1 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.03em}
.GET{color:var(--get)}.POST{color:var(--post)}.PUT{color:var(--put)}.DELETE{color:var(--delete)}
.access{color:var(--soft);font-size:.875rem}
.form{color:var(--soft);font-size:.875rem;margin-top:1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;table-layout:fixed}
th:first-child,th:nth-child(2){width:30%}
.codes table{table-layout:auto}.codes th:nth-child(n){width:auto}.codes td{overflow-wrap:normal}
th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600;font-size:.8125rem}
tr:last-child td{border-bottom:0}
td{overflow-wrap:anywhere}
.errors{display:flex;flex-wrap:wrap;gap:.35rem .9rem;list-style:none;margin:0;padding:0;font-size:.875rem}
footer{color:var(--soft);font-size:.875rem;margin-top:4rem}
@media (max-width:56rem){.layout{display:block}nav{position:static;height:auto;max-height:45vh;border-right:0;border-bottom:1px solid var(--line)}}
@media (max-width:40rem){thead{position:absolute;left:-100vw}tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
tr:last-child{border-bottom:0}td{display:block;border:0;padding:.05rem 0}td:empty{display:none}}
@media print{nav,.skip{display:none}.layout{display:block}article{break-inside:avoid;border:0;padding:0}}
`;
