const CSS = `
:host {
  all: initial;
  --surface: #fff; --raised: #f4f6f8; --text: #1b1f24; --muted: #545d68; --line: #cfd6dd; --strong-line: #7a8591;
  --accent: #0b57d0; --on-accent: #fff; --notice: #fff1cc; --on-notice: #5f4000;
  color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #15181c; --raised: #1f242a; --text: #e8ebee; --muted: #a9b3bd; --line: #353c44; --strong-line: #7f8a95;
    --accent: #8ab4f8; --on-accent: #0b1a33; --notice: #463300; --on-notice: #ffe0a0;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.panel, .toggle {
  position: fixed; z-index: 2147483647; color: var(--text); background: var(--surface); border: 1px solid var(--line);
  font: 400 14px/1.45 system-ui, sans-serif; box-shadow: 0 6px 28px rgb(0 0 0 / 0.22);
}
.panel { display: flex; flex-direction: column; inset: 0 0 0 auto; width: min(24rem, 100vw); border-width: 0 0 0 1px; }
.panel:not(:focus-visible) { outline: none; }
.toggle { inset: auto 1rem 1rem auto; padding: 0.6rem 1rem; border-radius: 99px; font-weight: 600; cursor: pointer; }
.spot {
  position: fixed; z-index: 2147483646; pointer-events: none; border: 3px solid var(--accent); border-radius: 6px;
  box-shadow: 0 0 0 2px var(--surface);
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.panel:focus-visible { outline-offset: -3px; }
h2, h3, p, dl, dd, ol { margin: 0; }
h2 { font-size: 17px; line-height: 1.3; }
h3 { font: 600 15px/1.3 ui-monospace, monospace; overflow-wrap: anywhere; }
header { display: flex; align-items: center; justify-content: space-between; padding: 0.65rem 0.6rem 0.65rem 1rem; }
.summary { padding: 0 1rem 0.75rem; color: var(--muted); }
.slots { flex: 1; overflow-y: auto; overscroll-behavior: contain; border-block: 1px solid var(--line); background: var(--raised); padding: 0.75rem; display: grid; gap: 0.75rem; align-content: start; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; padding: 0.6rem 0.9rem 0.7rem; display: grid; gap: 0.45rem; }
.top { min-height: 2rem; display: flex; align-items: center; justify-content: space-between; gap: 0.75rem; }
.variant { font-weight: 600; overflow-wrap: anywhere; }
.forced { background: var(--notice); color: var(--on-notice); border-radius: 4px; padding: 0 0.35rem; font-size: 12px; font-weight: 600; margin-inline-start: 0.4rem; white-space: nowrap; }
.muted, dt { color: var(--muted); }
.muted { font-size: 13px; }
dl { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; font-size: 13px; }
dl div { display: flex; gap: 0.35rem; }
dd { overflow-wrap: anywhere; }
label { display: grid; gap: 0.25rem; font-size: 13px; color: var(--muted); }
select, button { font: inherit; color: var(--text); background: var(--surface); border: 1px solid var(--strong-line); border-radius: 8px; min-height: 2.5rem; }
select { width: 100%; padding: 0 0.5rem; font-size: 14px; }
button { padding: 0 0.8rem; cursor: pointer; }
button:hover { background: var(--raised); }
button.quiet { border-color: transparent; color: var(--accent); min-height: 2rem; padding: 0 0.5rem; margin-inline-end: -0.5rem; font-size: 13px; white-space: nowrap; }
button.close { border-color: transparent; min-width: 2.5rem; padding: 0; font-size: 22px; line-height: 1; }
button.main { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button.main:hover { filter: brightness(1.08); }
summary { cursor: pointer; color: var(--accent); font-size: 13px; padding-block: 0.25rem; border-radius: 4px; }
ol { padding: 0.4rem 0 0; list-style: none; font-size: 13px; display: grid; gap: 0.2rem; }
li { padding-inline-start: calc(var(--depth) * 0.9rem); overflow-wrap: anywhere; }
li[data-step="rule"], li[data-step="decided"] { font-weight: 600; }
li[data-step="rule"]:not(:first-child), li[data-step="decided"] { margin-block-start: 0.35rem; }
footer { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0.75rem; padding-bottom: max(0.75rem, env(safe-area-inset-bottom)); }
footer .main { flex: 1 1 100%; }
footer button:not(.main) { flex: 1; }
footer p { flex: 1 1 100%; font-size: 13px; overflow-wrap: anywhere; }
footer p:empty { display: none; }
@media (max-width: 40rem) {
  header { padding-block: 0.35rem; }
  .summary { padding-block-end: 0.5rem; font-size: 13px; }
  .panel { inset: auto 0 0; width: auto; max-height: 60dvh; border-width: 1px 0 0; border-radius: 16px 16px 0 0; overflow: hidden; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: in 0.18s ease-out; }
  @keyframes in { from { translate: 0 1rem; opacity: 0; } }
}
@media (forced-colors: active) { button.main { forced-color-adjust: none; } }
@media print { :host { display: none; } }
`;

/** The overlay's style, as a sheet that no `style-src` of a page's policy keeps out. */
export function sheet(): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(CSS);
  return made;
}
