/** How the report looks: light, dark and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--sheet:#f6f7f9;--ink:#1b1f24;--faint:#57606a;--line:#d5dae0;--accent:#0550ae;--error:#b3261e;--error-ground:#fdecea;--warning:#8a5300;--warning-ground:#fff4d6;--note:#0550ae;--note-ground:#e4effc;--added:#116329;--added-ground:#e3f6e7;--removed-ground:#fdecea}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--ground:#12161b;--sheet:#1a2028;--ink:#e4e8ed;--faint:#a0aab5;--line:#343d48;--accent:#79b8ff;--error:#ff8f86;--error-ground:#46201e;--warning:#eec15a;--warning-ground:#3d300f;--note:#79b8ff;--note-ground:#173252;--added:#7ee093;--added-ground:#133a20;--removed-ground:#46201e}}
:root[data-theme=dark]{color-scheme:dark;--ground:#12161b;--sheet:#1a2028;--ink:#e4e8ed;--faint:#a0aab5;--line:#343d48;--accent:#79b8ff;--error:#ff8f86;--error-ground:#46201e;--warning:#eec15a;--warning-ground:#3d300f;--note:#79b8ff;--note-ground:#173252;--added:#7ee093;--added-ground:#133a20;--removed-ground:#46201e}
:root[data-theme=light]{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
code,.source,.where,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.92em}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;background:var(--ground);padding:6px 12px;border:1px solid var(--line);z-index:3}
.skip:focus{top:8px}
.top,main,.foot{max-width:1080px;margin:0 auto;padding:0 20px}
.top{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;padding-top:22px}
.top h1{font-size:24px;line-height:1.2;margin:0}
.top p{margin:0;color:var(--faint)}
.top button{margin-left:auto}
h2{font-size:19px;margin:32px 0 10px}
h3{font-size:16px;line-height:1.4;margin:0;overflow-wrap:anywhere}
h4{font-size:14px;margin:14px 0 6px}
button,input,select{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--faint);border-radius:6px;padding:4px 10px}
button{cursor:pointer}
.totals{display:flex;flex-wrap:wrap;gap:10px;list-style:none;margin:18px 0 0;padding:0}
.totals li{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:8px 16px}
.totals strong{font-size:21px;margin-right:6px}
.totals .error strong{color:var(--error)}
.totals .warning strong{color:var(--warning)}
.tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 28px;align-items:start}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600}
td.number,th.number{text-align:right;white-space:nowrap;color:inherit;width:auto}
td ul{margin:0;padding:0;list-style:none}
caption{text-align:left;font-weight:600;padding:6px 0}
.filter{position:sticky;top:0;z-index:2;background:var(--ground);border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:8px 14px;align-items:end;padding:10px 0;margin-top:26px}
.filter label{display:flex;flex-direction:column;font-size:12.5px;color:var(--faint);min-width:0}
.filter label.search{flex:1 1 200px}
.filter label.check{flex-direction:row;align-items:center;gap:6px;font-size:14px;color:var(--ink);padding-bottom:5px}
.filter select{max-width:230px}
.filter output{flex-basis:100%;font-size:13.5px;color:var(--faint)}
.finding,.map{border:1px solid var(--line);border-radius:8px;margin:16px 0;padding:14px 16px;background:var(--ground);scroll-margin-top:150px}
.finding{border-left:4px solid var(--error)}
.finding.warning{border-left-color:var(--warning)}
.finding:target,.map:target{box-shadow:0 0 0 2px var(--accent)}
[hidden]{display:none!important}
.badge{display:inline-block;font-size:12px;font-weight:600;line-height:1.5;border-radius:4px;padding:0 7px;margin-right:4px}
.badge.error{color:var(--error);background:var(--error-ground)}
.badge.warning{color:var(--warning);background:var(--warning-ground)}
.badge.safe{color:var(--added);background:var(--added-ground)}
.badge.suggestion{color:var(--note);background:var(--note-ground)}
th .meta{font-size:13px;display:inline-block;margin:0}
.meta,.quiet{color:var(--faint);font-weight:400;font-size:13.5px;margin:3px 0 10px;overflow-wrap:anywhere}
.where{font-size:13px;color:var(--faint);overflow-wrap:anywhere}
.help,.reasons{margin:10px 0 0;overflow-wrap:anywhere}
.help strong,.reasons strong{margin-right:4px}
.source{font-size:13px;line-height:1.55;background:var(--sheet);border-radius:6px;padding:6px 0;overflow-wrap:anywhere}
.source .line{display:flex}
.source .number{flex:0 0 52px;text-align:right;padding-right:12px;color:var(--faint);user-select:none}
.source code{flex:1;font-size:inherit;white-space:pre-wrap;tab-size:8;min-width:0;padding-right:10px}
.source .here .number{color:var(--ink);font-weight:700}
mark{color:inherit;border-radius:3px;padding:1px 0;text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}
mark.error{background:var(--error-ground);text-decoration-color:var(--error)}
mark.warning{background:var(--warning-ground);text-decoration-color:var(--warning)}
mark.note{background:var(--note-ground);text-decoration-color:var(--note)}
.diff .added{background:var(--added-ground)}
.diff .removed{background:var(--removed-ground)}
.diff .hunk code{padding-left:52px;color:var(--faint)}
.way ol{list-style:none;margin:0;padding:0}
.way li{position:relative;padding:0 0 10px 38px}
.way li::before{content:"";position:absolute;left:13px;top:0;bottom:0;width:2px;background:var(--line)}
.way li:last-child::before{bottom:auto;height:24px}
.way .file,.fix .file{font:600 13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;margin:0 0 2px;padding-top:6px;overflow-wrap:anywhere}
.way li.elsewhere::after{content:"";position:absolute;left:10px;top:12px;width:8px;height:8px;border-radius:2px;background:var(--note)}
.way .step{position:relative;margin:0 0 4px;padding-top:4px;overflow-wrap:anywhere}
.way .count{position:absolute;left:-36px;top:4px;width:24px;height:24px;border-radius:50%;background:var(--note-ground);color:var(--note);font-size:12.5px;font-weight:700;line-height:24px;text-align:center}
.map .kind{font-weight:400;color:var(--faint);font-size:14px}
.map .links{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;padding:0;margin:0 0 10px}
.drawing svg{display:block;max-width:100%;height:auto}
svg text{font-size:12px;fill:var(--ink)}
svg .place{fill:var(--faint)}
svg path{fill:none;stroke:var(--faint);stroke-width:1.3;opacity:.55}
svg path.wrong{stroke:var(--error);stroke-width:2.4;opacity:1}
svg rect{fill:var(--sheet);stroke:var(--line)}
svg rect.wrong{fill:var(--error-ground);stroke:var(--error)}
a.wrong{color:var(--error)}
summary{cursor:pointer;font-size:14px;color:var(--faint);padding:4px 0}
.foot{color:var(--faint);font-size:13px;padding-top:24px;padding-bottom:40px}
kbd{border:1px solid var(--line);border-radius:4px;padding:0 5px;font:12px ui-monospace,monospace}
@media print{
:root,:root[data-theme=dark],:root:not([data-theme=light]){color-scheme:light;--ground:#fff;--sheet:#f6f7f9;--ink:#000;--faint:#444;--line:#bbb;--accent:#000;--error:#b3261e;--error-ground:#fdecea;--warning:#8a5300;--warning-ground:#fff4d6;--note:#0550ae;--note-ground:#e4effc;--added:#116329;--added-ground:#e3f6e7;--removed-ground:#fdecea}
body{font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.filter,.skip,.top button,.permalink,.keys{display:none}
.top,main,.foot{max-width:none;padding-left:0;padding-right:0}
.source .line,.way .step,svg,tr{break-inside:avoid}
h2,h3,h4,.finding header,.way .file{break-after:avoid}
.finding:target,.map:target{box-shadow:none}
}
`;
