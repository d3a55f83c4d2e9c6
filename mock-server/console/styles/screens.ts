/** What single screens have: lists, the map, the logs, outputs, charts. */
export const screens = `
.list{display:flex;flex-direction:column;gap:.35rem}
.console-root button.list-row{display:flex;gap:.7rem;align-items:center;width:100%;text-align:left;border-color:var(--line);padding:.55rem .7rem;font-weight:400}
.console-root button.list-row[aria-pressed=true]{border-color:var(--accent);background:var(--accent-soft)}
.list-main{display:flex;flex-direction:column;gap:.15rem;flex:1 1 auto;min-width:0}
.list-title{font-weight:600;font-size:.9375rem;overflow-wrap:anywhere}
.list-note{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.panel>.list-note{white-space:normal}
.clip{display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical;overflow:hidden}
.prompt{font-weight:600;overflow-wrap:anywhere;white-space:pre-wrap}
.cards{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.card{border:1px solid var(--line);border-radius:10px;padding:.8rem;display:flex;flex-direction:column;gap:.6rem;min-width:0}
.card .row{flex-wrap:nowrap;align-items:flex-start}
.card p.row{flex-wrap:wrap}
.card .list-note{white-space:normal}
.card .facts{grid-template-columns:repeat(auto-fill,minmax(7rem,1fr))}
.map{width:100%;display:block;background:var(--bg);border:1px solid var(--line);border-radius:10px;touch-action:pan-y;user-select:none}
.map-grid line{stroke:var(--line);stroke-width:1}
.map-grid .map-zero{stroke:var(--edge)}
.map-grid text{font-size:10px;fill:var(--soft)}
.map-agent{cursor:grab;touch-action:none;outline-offset:4px}
.map-agent:active{cursor:grabbing}
.map-hit{fill:transparent}
.map-body{stroke:var(--panel);stroke-width:2.5}
.map-busy{stroke:var(--accent);stroke-width:3}
.map-ring{fill:none;stroke:var(--accent);stroke-width:2;stroke-dasharray:4 3}
.map-initials{font-size:12px;font-weight:700;text-anchor:middle;pointer-events:none}
.map-name{font-size:12px;text-anchor:middle;fill:var(--ink);pointer-events:none;paint-order:stroke;stroke:var(--bg);stroke-width:3px}
.output{display:flex;flex-direction:column;gap:.4rem}
.console-root pre{background:var(--raised);border-radius:8px;padding:.7rem .9rem;overflow:auto;max-height:22rem;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
.question{display:flex;flex-direction:column;gap:.6rem;border:2px solid var(--warn);border-radius:10px;padding:.8rem;background:var(--warn-soft);min-width:0}
.question h3,.question p{overflow-wrap:anywhere}
.question .hint{color:var(--ink);font-weight:400}
.console-root button.way{display:flex;flex-direction:column;align-items:flex-start;text-align:left;min-height:2.75rem;justify-content:center}
.asks-note{color:var(--warn);font-size:.8125rem;font-weight:600;overflow-wrap:anywhere}
.file{overflow-wrap:anywhere}
.diff{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.5rem 0;max-height:26rem;overflow-y:auto;line-height:1.5;
font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.diff>div{display:grid;grid-template-columns:1.6rem minmax(0,1fr);padding-right:.6rem}
.diff-sign{text-align:center;user-select:none}
.diff-line{white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.5em}
.diff-added{background:var(--good-soft);color:var(--good)}
.diff-removed{background:var(--danger-soft);color:var(--danger)}
.diff-file{font-weight:700}
.diff-place,.diff-note{color:var(--soft)}
.unseen{position:absolute;clip-path:inset(50%);white-space:nowrap}
.log{display:flex;flex-direction:column;font-size:.875rem}
.log>li{border-top:1px solid var(--line);min-width:0}
.log summary,.log-line{display:grid;grid-template-columns:4.5rem 2.5rem minmax(0,1fr) auto;gap:.7rem;align-items:baseline;padding:.4rem .25rem;min-width:0}
.log-events summary{grid-template-columns:4.5rem 10.5rem minmax(0,1fr)}
.log summary{cursor:pointer;list-style:none}
.log summary::-webkit-details-marker{display:none}
.log summary:hover{background:var(--raised)}
.log time{font-variant-numeric:tabular-nums;color:var(--soft)}
.log-text{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-width:0}
.log-type{font-weight:600;white-space:nowrap}
.log-agent{color:var(--c1)}.log-task{color:var(--c2)}.log-team,.log-scene,.log-worker{color:var(--c3)}.log-gap,.log-session{color:var(--c4)}
.log-status{font-weight:650;font-variant-numeric:tabular-nums;color:var(--good)}
.log-status-bad{color:var(--danger)}
.log pre{margin:.1rem 0 .6rem}
.chart svg{width:100%;display:block}
.chart figcaption{display:flex;flex-wrap:wrap;gap:.2rem 1rem;justify-content:space-between;align-items:baseline}
.axis line{stroke:var(--line)}
.axis text{font-size:11px;fill:var(--soft)}
.series path{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.series circle{fill:currentColor}
.color-1{color:var(--c1)}.color-2{color:var(--c2)}.color-3{color:var(--c3)}.color-4{color:var(--c4)}
.legend{font-size:.8125rem;color:var(--soft);display:inline-flex;align-items:center;gap:.35rem}
.legend::before{content:"";width:.7rem;height:.25rem;border-radius:2px;background:currentColor}
.legend.color-1::before{background:var(--c1)}.legend.color-2::before{background:var(--c2)}.legend.color-3::before{background:var(--c3)}.legend.color-4::before{background:var(--c4)}
.legend strong{color:var(--ink);font-variant-numeric:tabular-nums}
.key-page{display:grid;place-items:center;height:100%;padding:1rem}
.key-page .panel{width:min(26rem,100%)}
@container console (max-width:44rem){
.log-events summary,.log-calls summary,.log-line{grid-template-columns:auto auto 1fr;gap:.15rem .6rem}
.log-text{grid-column:1/-1;grid-row:2}
}
`;
