/** The console's frame: head, tabs, main part, panels, notices. It asks for its own width, not the window's: an overlay is narrower. */
export const layout = `
.console{container:console/inline-size;display:grid;grid-template-rows:auto auto minmax(0,1fr);height:100%;min-height:0;position:relative}
.head{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .9rem;padding:.5rem 1rem;background:var(--panel);border-bottom:1px solid var(--line)}
.brand{font-size:1.0625rem;font-weight:700;letter-spacing:-.01em;display:flex;align-items:center;gap:.5rem}
.brand-mark{width:1.1rem;height:1.1rem;border-radius:6px;background:linear-gradient(135deg,#6366f1,#0ea5a4)}
.badge{font-size:.8125rem;padding:.1rem .6rem;border-radius:99px;background:var(--warn-soft);color:var(--warn);font-weight:550}
.badge-live{background:var(--good-soft);color:var(--good)}
.badge-stopped,.badge-closed{background:var(--danger-soft);color:var(--danger)}
.clock{display:flex;align-items:center;gap:.15rem;margin-left:auto}
.clock-time{font-variant-numeric:tabular-nums;font-size:.875rem;margin-right:.35rem}
.console-root .clock select{width:auto;min-height:2rem;padding:.15rem .35rem;font-size:.875rem}
.head-end{display:flex;align-items:center;gap:.35rem}
.head-end:empty{display:none}
.tabs{display:flex;gap:.15rem;padding:.35rem .75rem;background:var(--panel);border-bottom:1px solid var(--line);overflow-x:auto;scrollbar-width:none}
.console-root button.tab{border:0;background:none;display:flex;align-items:center;gap:.45rem;color:var(--soft);white-space:nowrap;padding:.35rem .7rem}
.console-root button.tab:hover{background:var(--raised)}
.console-root button.tab[aria-current]{background:var(--accent-soft);color:var(--accent)}
.main{overflow-y:auto;padding:1rem;min-height:0;overscroll-behavior:contain}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:1rem;box-shadow:var(--shadow);display:flex;flex-direction:column;gap:.9rem;min-width:0}
.panel-head{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;justify-content:space-between}
.panel-head h2{overflow-wrap:anywhere}
.column{display:flex;flex-direction:column;gap:1rem;min-width:0}
.agents-view,.tasks-view,.types-view,.scripts-view{display:grid;gap:1rem;align-items:start}
.backend,.charts{display:grid;gap:1rem;align-items:start;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr))}
.banner{background:var(--warn-soft);color:var(--warn);border-radius:10px;padding:.6rem .9rem;overflow-wrap:anywhere}
.main>.banner{margin-bottom:1rem}
.notices{position:absolute;right:1rem;bottom:1rem;width:min(26rem,calc(100% - 2rem));display:grid;gap:.5rem;z-index:2}
.notices>div{display:grid;gap:.5rem}
.notice{display:flex;gap:.5rem;align-items:flex-start;justify-content:space-between;border-radius:10px;padding:.6rem .9rem;box-shadow:0 6px 24px #0003;
background:var(--good-soft);color:var(--good);overflow-wrap:anywhere;font-size:.875rem}
.notice-done{justify-self:end}
.notice-failed{background:var(--danger-soft);color:var(--danger)}
@container console (min-width:60rem){
.backend,.charts{grid-template-columns:repeat(2,minmax(0,1fr))}
}
@container console (min-width:50rem){
.agents-view{grid-template-columns:minmax(18rem,22rem) minmax(0,1fr)}
.tasks-view,.scripts-view{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.types-view{grid-template-columns:minmax(20rem,26rem) minmax(0,1fr)}
}
@container console (max-width:34rem){
.main{padding:.6rem}.panel{padding:.8rem;border-radius:10px}
.head{padding:.4rem .6rem;gap:.3rem .5rem}
.brand-word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.clock{gap:0}
.tabs{padding:.25rem .4rem;justify-content:space-between}
.console-root button.tab{flex-direction:column;gap:.1rem;font-size:.6875rem;padding:.3rem .35rem;min-width:2.9rem;flex:none}
.slider{grid-template-columns:6.5rem 1fr 3rem}
}
`;
