/** A real browser to look at pages with, where there is one. */
import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const hasChromium = existsSync(EXECUTABLE);

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });

/** A page, what it complained about, and what it asked for on the way. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

export const open = async (browser: Browser, url: string, colorScheme: "light" | "dark" = "light"): Promise<Watched> => {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1180, height: 900 } });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, complaints, requests };
};

/** Basics that a screen reader and a keyboard need, as sentences about what lacks them; empty for a good page. */
export const accessibilityGaps = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const gaps = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    const nameOf = (element) => (element.getAttribute("aria-label") ?? (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("")) || (element.labels?.[0]?.textContent ?? "") || element.textContent;
    if (!document.documentElement.lang) gaps.push("the page has no language");
    if (!document.title) gaps.push("the page has no title");
    if (all("main").length !== 1) gaps.push("not one main landmark");
    if (all("h1").length !== 1) gaps.push("not one h1");
    let level = 0;
    for (const heading of all("h1,h2,h3,h4,h5,h6")) {
      const next = Number(heading.tagName[1]);
      if (next > level + 1) gaps.push("heading level skipped before: " + heading.textContent);
      level = next;
    }
    for (const element of all("a[href],button,input,select,textarea,summary,[role=img]")) if (nameOf(element).trim() === "") gaps.push("without a name: " + element.outerHTML.slice(0, 80));
    const seen = new Set();
    for (const { id } of all("[id]")) { if (seen.has(id)) gaps.push("id twice: " + id); seen.add(id); }
    for (const element of all("[aria-labelledby],[aria-describedby]")) for (const id of ((element.getAttribute("aria-labelledby") ?? "") + " " + (element.getAttribute("aria-describedby") ?? "")).split(" ").filter(Boolean)) if (!document.getElementById(id)) gaps.push("names nothing: " + id);
    for (const link of all("a[href^='#']")) if (!document.getElementById(link.hash.slice(1))) gaps.push("leads nowhere: " + link.hash);
    for (const element of all("[tabindex]")) if (element.tabIndex > 0) gaps.push("order of its own: " + element.outerHTML.slice(0, 80));
    for (const image of all("img")) if (!image.hasAttribute("alt")) gaps.push("image without words");
    const luminance = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((value) => { const part = value / 255; return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const groundOf = (element) => { for (let at = element; at; at = at.parentElement) { const color = getComputedStyle(at).backgroundColor; if (!/, 0\\)$|transparent/.test(color)) return color; } return "rgb(255, 255, 255)"; };
    for (const element of all("p,h1,h2,h3,h4,code,a,span,th,td,button,label,output,mark,summary")) {
      if (element.offsetParent === null || element.textContent.trim() === "" || element.classList.contains("hidden") || element.classList.contains("skip")) continue;
      const [low, high] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) gaps.push("contrast " + contrast.toFixed(2) + ": " + element.outerHTML.slice(0, 80));
    }
    return [...new Set(gaps)];
  })()`);
