/** What the report does by itself: filter, theme, links into it, keys. Without it everything is there, unfiltered. */
export const SCRIPT = `"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const store = { get: () => { try { return localStorage.getItem("lws-lint-theme"); } catch { return null; } }, set: (theme) => { try { localStorage.setItem("lws-lint-theme", theme); } catch { /* a file of its own may keep nothing */ } } };
  const theme = byId("theme");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; theme.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours"); };
  const kept = store.get();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; store.set(root.dataset.theme); label(); });

  const form = byId("filter");
  const findings = [...document.querySelectorAll(".finding")];
  if (form) {
    form.hidden = false;
    const text = new Map(findings.map((finding) => [finding, finding.textContent.toLowerCase()]));
    const field = (name) => form.elements.namedItem(name);
    const apply = () => {
      const words = field("text").value.toLowerCase().split(/\\s+/).filter(Boolean);
      let shown = 0;
      for (const finding of findings) {
        const { severity, rule, file, fix } = finding.dataset;
        const fits = (name, value) => field(name).value === "" || field(name).value === value;
        const isShown = fits("severity", severity) && fits("rule", rule) && fits("file", file) && (!field("fixable").checked || fix !== "none") && words.every((word) => text.get(finding).includes(word));
        finding.hidden = !isShown;
        if (isShown) shown++;
      }
      byId("shown").textContent = shown === findings.length ? (shown === 1 ? "1 finding" : "All " + shown + " findings") : shown + " of " + findings.length + " findings";
      byId("nothing").hidden = shown > 0;
    };
    const clear = () => { form.reset(); apply(); };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    byId("clear").addEventListener("click", clear);
    for (const link of document.querySelectorAll("a[data-filter]")) {
      link.addEventListener("click", () => { form.reset(); field(link.dataset.filter).value = link.dataset.value; apply(); });
    }
    const visit = () => {
      let name = location.hash.slice(1);
      try { name = decodeURIComponent(name); } catch { /* as it is */ }
      const target = name && byId(name);
      if (!target || !target.matches(".finding, .map")) return;
      if (target.hidden) clear();
      for (let at = target.parentElement; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
      target.scrollIntoView();
      target.focus({ preventScroll: true });
    };
    addEventListener("hashchange", visit);
    // A link to the place where one is already does not change the address.
    document.addEventListener("click", (event) => { const link = event.target.closest?.("a[href^='#']"); if (link && link.hash === location.hash) visit(); });
    const go = (by) => {
      const shown = findings.filter((finding) => !finding.hidden);
      const at = shown.findIndex((finding) => finding.contains(document.activeElement));
      const next = shown[at === -1 ? (by > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + by, 0), shown.length - 1)];
      if (!next) return;
      next.scrollIntoView();
      next.focus({ preventScroll: true });
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isTyping = event.target.matches?.("input, select, textarea");
      if (event.key === "Escape" && event.target === field("text")) clear();
      if (isTyping) return;
      if (event.key === "/") { event.preventDefault(); field("text").focus(); }
      if (event.key === "j") go(1);
      if (event.key === "k") go(-1);
    });
    apply();
    visit();
  }
  let closed = [];
  addEventListener("beforeprint", () => { closed = [...document.querySelectorAll("details:not([open])")]; for (const one of closed) one.open = true; });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
`;
