/** The playground as it is built, served as static files, in a real browser. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accessibilityGaps, hasChromium, launch, open, type Watched } from "./chromium.js";

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

describe.skipIf(!hasChromium)("the playground in Chromium (needs chromium)", () => {
  let browser: Browser;
  let server: Server;
  let folder: string;
  let origin: string;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "lws-lint-")));
    const { status, stderr } = spawnSync(process.execPath, ["playground/build.mjs", folder], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    server = createServer(({ url = "/" }, response) => {
      const file = path.join(folder, url === "/" ? "index.html" : path.normalize(url));
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launch();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ready = async (scheme: "light" | "dark" = "light"): Promise<Watched> => {
    const watched = await open(browser, `${origin}/`, scheme);
    await watched.page.getByText(/^\d+ errors?, \d+ warnings?\.$/u).waitFor();
    return watched;
  };

  const findings = (page: Page) => page.locator(".finding");

  const type = async (page: Page, text: string): Promise<void> => {
    await page.getByLabel("Source code").fill(text);
  };

  const CALLBACK = `#include <libwebsockets.h>
static int cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}
`;

  test("starts with an example, and asks for nothing but its own files", async () => {
    const { page, complaints, requests } = await ready();
    expect(await findings(page).count()).toBeGreaterThan(1);
    expect(await page.locator(".map svg path.wrong").count()).toBeGreaterThan(0);
    expect(requests.filter((one) => !one.startsWith(`${origin}/`) && !one.startsWith("data:"))).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("what is typed is analyzed, a fix is applied and taken back", async () => {
    const { page, complaints } = await ready();
    await type(page, CALLBACK);
    await page.getByText("1 error, 0 warnings.").waitFor();
    expect(await findings(page).getAttribute("data-rule")).toBe("lws/no-sync-kill");
    await page.getByRole("button", { name: "Show in source" }).click();
    expect(await page.evaluate("(() => { const c = document.getElementById('code'); return c.value.slice(c.selectionStart, c.selectionEnd); })()")).toContain("lws_set_timeout(");
    await page.getByRole("button", { name: /^Fix: / }).click();
    expect(await findings(page).count()).toBe(0);
    expect(await page.textContent("#status")).toBe("Nothing was found.");
    const code = page.getByLabel("Source code");
    expect(await code.inputValue()).toBe(CALLBACK.replace(/lws_set_timeout\(.*\)/u, "return -1"));
    await page.getByRole("button", { name: "Undo fix" }).click();
    expect(await code.inputValue()).toBe(CALLBACK);
    expect(await findings(page).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test("reads C++, and no source runs in the page", async () => {
    const { page, complaints } = await ready();
    await page.getByLabel("Language").selectOption("cpp");
    await type(page, `namespace a { struct B { void stop(lws *wsi) { lws_close_free_wsi(wsi); /* </script><img src=x onerror="window.hacked=1"> */ } }; }\n`);
    await page.locator('.finding[data-rule="lws/no-internal-api"]').waitFor();
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test("takes what is no program", async () => {
    const { page, complaints } = await ready();
    for (const text of ["", "}}}}((((", "\u0000\ud800", "lws_".repeat(10_000)]) {
      await type(page, text);
      await page.getByText("Nothing was found.").waitFor();
      await type(page, CALLBACK);
      await page.getByText("1 error, 0 warnings.").waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test.each(["light", "dark"] as const)("can be read and heard: %s", async (scheme) => {
    const { page } = await ready(scheme);
    expect(await accessibilityGaps(page)).toEqual([]);
  });
});
