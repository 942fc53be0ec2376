/** What the playground has beyond the report. */
export const PAGE_STYLE = `
.wide.top,.wide.bench{max-width:1600px}
.bench{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 28px;align-items:start;padding-bottom:40px}
.input{position:sticky;top:0}
.bench h2{margin:18px 0 8px}
.choices{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:end;margin-bottom:10px}
.choices label{display:flex;flex-direction:column;font-size:12.5px;color:var(--faint)}
.choices label.check{flex-direction:row;align-items:center;gap:6px;font-size:14px;color:var(--ink);padding-bottom:5px}
.choices button{margin-left:auto}
button:disabled{opacity:.55;cursor:default}
textarea{width:100%;height:calc(100vh - 170px);min-height:260px;resize:vertical;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;tab-size:8;color:inherit;background:var(--sheet);border:1px solid var(--faint);border-radius:8px;padding:10px 12px}
.finding .permalink{display:none}
.finding button{font-size:13px;padding:1px 8px;margin:4px 2px 0 0}
.finding,.map{scroll-margin-top:12px}
@media (max-width:900px){.bench{grid-template-columns:minmax(0,1fr)}.input{position:static}textarea{height:45vh}}
`;
