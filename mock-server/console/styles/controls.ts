/** Buttons, fields and small signs. */
export const controls = `
.console-root button{background:var(--panel);border:1px solid var(--edge);border-radius:8px;padding:.35rem .75rem;min-height:2.25rem;cursor:pointer;
font-weight:550;font-size:.875rem;line-height:1.3;transition:background .12s}
.console-root button:hover{background:var(--raised)}
.console-root button.primary{background:var(--accent);border-color:var(--accent);color:var(--accent-ink)}
.console-root button.primary:hover{filter:brightness(1.08)}
.console-root button.danger{color:var(--danger);border-color:var(--danger)}
.console-root button.danger:hover{background:var(--danger-soft)}
.console-root button.asks{background:var(--danger-soft)}
.console-root button[aria-pressed=true]:not(.list-row){background:var(--accent-soft);border-color:var(--accent);color:var(--accent)}
.console-root button:disabled{opacity:.55;cursor:default}
.console-root button.plain,.console-root .icon-button{border:0;background:none;padding:.25rem;min-height:2rem;min-width:2rem;display:inline-grid;place-items:center}
.console-root button.plain:hover,.console-root .icon-button:hover{background:var(--raised)}
.console-root button.link{border:0;background:none;padding:0;min-height:0;color:var(--accent);text-decoration:underline;text-underline-offset:.15em;
font-weight:500;text-align:left;overflow-wrap:anywhere}
.console-root :is(input:not([type=checkbox],[type=range],[type=color]),select,textarea){background:var(--panel);border:1px solid var(--edge);border-radius:8px;
padding:.35rem .6rem;min-height:2.25rem;width:100%;min-width:0}
.console-root textarea{resize:vertical;line-height:1.45}
.console-root textarea.code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.console-root [aria-invalid=true]{border-color:var(--danger)}
.console-root input[type=color]{width:3.25rem;height:2.25rem;padding:2px;border:1px solid var(--edge);border-radius:8px;background:var(--panel)}
.console-root input[type=range]{accent-color:var(--accent);width:100%;min-width:0}
.console-root input[type=checkbox]{accent-color:var(--accent);width:1.1rem;height:1.1rem}
.console-root input[type=file]{padding:.3rem}
.console-root ::placeholder{color:var(--soft);opacity:1}
.field{display:flex;flex-direction:column;gap:.2rem;min-width:0}
.inline-form>.field{flex:1 1 9.5rem}
.inline-form>.field.narrow{flex:1 1 5rem}
.inline-form>.field.grow{flex:1 1 14rem}
.grow{flex:1 1 auto;min-width:0}
.field-label{font-size:.8125rem;font-weight:550;color:var(--soft)}
.inline-form{display:flex;flex-wrap:wrap;gap:.6rem;align-items:flex-end}
.stack,.task-form{display:flex;flex-direction:column;gap:.75rem}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.check{display:inline-flex;gap:.5rem;align-items:center;min-height:2.25rem}
.filters{display:flex;flex-wrap:wrap;gap:.3rem;align-items:center}
.console-root button.filter{min-height:2rem;padding:.2rem .65rem;border-radius:99px;font-size:.8125rem;border-color:var(--line)}
.console-root fieldset{border:1px solid var(--line);border-radius:10px;padding:.5rem .9rem .75rem;min-width:0}
.console-root legend{font-size:.8125rem;font-weight:550;color:var(--soft);padding:0 .35rem}
.slider{display:grid;grid-template-columns:7.5rem 1fr 3.25rem;gap:.6rem;align-items:center;min-height:2rem;font-size:.875rem}
.slider output{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.chip{display:inline-flex;align-items:center;gap:.4rem;font-size:.8125rem;white-space:nowrap;color:var(--soft);flex:none}
.chip::before{content:"";width:.55rem;height:.55rem;border-radius:50%;background:var(--soft)}
.chip-running::before,.chip-coding::before,.chip-collaborating::before{background:var(--c1)}
.chip-completed::before,.chip-speaking::before{background:var(--c2)}
.chip-thinking::before,.chip-moving::before,.chip-assigned::before{background:var(--c3)}
.chip-failed::before,.chip-error::before{background:var(--c4)}
.chip-idle::before,.chip-pending::before,.chip-cancelled::before{background:none;box-shadow:inset 0 0 0 2px var(--soft)}
.chip-waiting{color:var(--warn);font-weight:650}
.chip-waiting::before{content:"?";width:1.1rem;height:1.1rem;display:grid;place-items:center;font-size:.75rem;font-weight:800;background:var(--warn);color:var(--panel)}
.tag{font-size:.75rem;background:var(--raised);border-radius:6px;padding:.1rem .45rem}
.progress{height:6px;border-radius:3px;background:var(--raised);overflow:hidden;width:100%}
.progress-done{height:100%;border-radius:3px;background:var(--accent);transition:width .25s}
.avatar{display:grid;place-items:center;width:2.25rem;height:2.25rem;border-radius:50%;font-size:.75rem;font-weight:700;flex:none}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem 1rem}
.facts dt{font-size:.75rem;color:var(--soft)}
.facts dd{overflow-wrap:anywhere}
.traits{display:grid;gap:.2rem;font-size:.8125rem}
.traits>div{display:grid;grid-template-columns:7rem 1fr;gap:.6rem;align-items:center}
.traits dt{color:var(--soft)}
.traits dd{display:grid;grid-template-columns:1fr 3rem;gap:.5rem;align-items:center;text-align:right;font-variant-numeric:tabular-nums}
.trait-bar{height:6px;border-radius:3px;background:var(--raised);overflow:hidden}
.trait-bar>span{display:block;height:100%;background:var(--accent)}
`;
