/** The HTML report in a real browser. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/reporters/html.js";
import { realAnalyzer } from "../host/harness.js";
import { report } from "../reporters/sample.js";
import { accessibilityGaps, hasChromium, launch, open } from "./chromium.js";
import { HOSTILE_NAME, SOURCES } from "./sources.js";

const COUNT = 5;

describe.skipIf(!hasChromium)("the HTML report in Chromium (needs chromium)", () => {
  let browser: Browser;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "lws-lint-")));
    const run = (await realAnalyzer()).start({ describeCallbacks: true });
    for (const [name, content] of Object.entries(SOURCES)) run.add({ path: name, content });
    const analysis = run.finish();
    const file = path.join(folder, "report.html");
    writeFileSync(file, renderHtml(report([], { ...analysis, source: (name) => analysis.source(name), rules: (await realAnalyzer()).rules })));
    url = pathToFileURL(file).href;
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("shows all findings, asks for nothing, complains about nothing", async () => {
    const { page, complaints, requests } = await open(browser, url);
    expect(await page.locator(".finding:visible").count()).toBe(COUNT);
    expect(await page.textContent("#shown")).toBe(`All ${COUNT} findings`);
    expect(requests.filter((one) => !one.startsWith("data:"))).toEqual([url]);
    expect(complaints).toEqual([]);
    // As wide as the window, or people have to scroll to the side.
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("runs nothing that a source holds", async () => {
    const { page } = await open(browser, url);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator(`.finding[data-rule="lws/no-internal-api"] .where`).first().textContent()).toContain(HOSTILE_NAME);
    expect(await page.locator(`.finding[data-rule="lws/no-internal-api"] mark`).textContent()).toBe("lws_close_free_wsi(wsi)");
  });

  test("filters and searches, and says how many are left", async () => {
    const { page } = await open(browser, url);
    const shown = () => page.locator(".finding:visible").count();
    await page.getByLabel("Search").fill("drop shutdown");
    expect(await shown()).toBe(0);
    expect(await page.isVisible("#nothing")).toBe(true);
    await page.getByLabel("Search").fill("kill_sync");
    expect(await shown()).toBe(1);
    expect(await page.textContent("#shown")).toBe(`1 of ${COUNT} findings`);
    await page.getByRole("button", { name: "Clear" }).click();
    expect(await shown()).toBe(COUNT);
    await page.getByLabel("Severity").selectOption("warning");
    expect(await shown()).toBe(2);
    await page.getByLabel("Severity").selectOption("");
    await page.getByLabel("File").selectOption(HOSTILE_NAME);
    expect(await shown()).toBe(1);
    await page.getByRole("link", { name: "lws/no-sync-kill", exact: true }).first().click();
    expect(await shown()).toBe(1);
    expect(await page.getByLabel("Rule").inputValue()).toBe("lws/no-sync-kill");
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("with a fix").check();
    expect(await shown()).toBe(3);
  });

  test("a link leads to one finding, out of a filter as well", async () => {
    const first = await open(browser, url);
    const id = (await first.page.locator(`.finding[data-rule="lws/no-blocking-call-in-callback"]`).getAttribute("id"))!;
    expect(id).toMatch(/^finding-[0-9a-f]{16}-1$/u);
    const { page } = await open(browser, `${url}#${id}`);
    const focused = () => page.evaluate("document.activeElement.id");
    expect(await focused()).toBe(id);
    await page.getByLabel("Search").fill("kill_sync");
    expect(await page.isVisible(`#${id}`)).toBe(false);
    await page.locator(`.map a[href="#${id}"]`).first().click();
    expect(await page.isVisible(`#${id}`)).toBe(true);
    expect(await focused()).toBe(id);
  });

  test("draws which reason reaches what, wrong ones marked", async () => {
    const { page } = await open(browser, url);
    expect(await page.locator(".map svg").getAttribute("aria-label")).toBe("What on_event() reaches of the library, by reason");
    expect(await page.locator(".map svg path.wrong").count()).toBe(4);
    expect(await page.locator(".map svg path.fine").count()).toBe(3);
    await page.getByText("As a table").click();
    const row = page.locator(".map tr", { hasText: "LWS_CALLBACK_RECEIVE" });
    expect(await row.locator("li", { hasText: "lws_set_timeout()" }).textContent()).toContain("wrong: lws/no-sync-kill");
    expect(await row.locator("li", { hasText: "lws_callback_on_writable()" }).textContent()).not.toContain("wrong");
  });

  test("works by keyboard", async () => {
    const { page } = await open(browser, url);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("findings");
    await page.keyboard.press("/");
    await page.keyboard.type("meanwhile");
    expect(await page.locator(".finding:visible").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator(".finding:visible").count()).toBe(COUNT);
    await page.evaluate("document.activeElement.blur()");
    const ids = await page.locator(".finding").evaluateAll((all) => all.map(({ id }) => id));
    for (const [keys, at] of [["j", 0], ["j", 1], ["k", 0], ["k", 0]] as const) {
      await page.keyboard.press(keys);
      expect(await page.evaluate("document.activeElement.id")).toBe(ids[at]);
    }
  });

  test.each(["light", "dark"] as const)("can be read and heard: %s", async (scheme) => {
    const { page } = await open(browser, url, scheme);
    expect(await accessibilityGaps(page)).toEqual([]);
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await ground()).toBe(scheme === "light" ? "rgb(255, 255, 255)" : "rgb(18, 22, 27)");
    await page.getByRole("button", { name: scheme === "light" ? "Switch to dark colours" : "Switch to light colours" }).click();
    expect(await ground()).toBe(scheme === "light" ? "rgb(18, 22, 27)" : "rgb(255, 255, 255)");
    expect(await accessibilityGaps(page)).toEqual([]);
  });

  test("on a phone nothing sticks out; on paper everything is there", async () => {
    const { page } = await open(browser, url, "dark");
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.emulateMedia({ media: "print" });
    expect(await page.isVisible("#filter")).toBe(false);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });
});
