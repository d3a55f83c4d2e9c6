/** The button in the corner of a game's page, and the panel that it opens. */
export const overlay = `
.overlay-button{position:fixed;z-index:2147483000;display:flex;align-items:center;gap:.5rem;border-radius:99px!important;padding:.45rem .95rem!important;box-shadow:0 4px 18px #0005}
.overlay-panel{position:fixed;z-index:2147483001;inset:max(12px,env(safe-area-inset-top)) 12px 12px auto;width:min(68rem,calc(100vw - 24px));border:1px solid var(--line);
border-radius:16px;overflow:hidden;box-shadow:0 18px 60px #0007;background:var(--bg)}
.overlay-panel[hidden]{display:none}
.corner-bottom-right{right:14px;bottom:14px}.corner-bottom-left{left:14px;bottom:14px}
.corner-top-right{right:14px;top:14px}.corner-top-left{left:14px;top:14px}
.console-root.overlay-root{background:none}
@media (max-width:40rem){.overlay-panel{inset:0;width:auto;border:0;border-radius:0}}
`;
