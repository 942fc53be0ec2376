/** The HTML report as text: what is in it, and that nothing gets out of it. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../src/reporters/html.js";
import { edited } from "../../src/reporters/html/fix-diff.js";
import { escape, words } from "../../src/reporters/html/markup.js";
import { SourceFile } from "../../src/source/source-file.js";
import { diagnostic, edit, project, realAnalyzer, run } from "../host/harness.js";
import { SOURCES } from "../browser/sources.js";
import { chain, report } from "./sample.js";

const HOSTILE = `</script><script>x</script></style><img src=x onerror="x">'&amp;--><!--`;

describe("text", () => {
  it("never becomes markup", () => {
    expect(escape(HOSTILE)).not.toMatch(/[<>"']/u);
    expect(escape("a&amp;\u202eb\u0000\t")).toBe("a&amp;amp;\ufffdb\u2400\t");
    expect(words("call `a<b>()` on `x`")).toBe("call <code>a&lt;b&gt;()</code> on <code>x</code>");
  });
});

describe("the page", () => {
  const hostile = () => {
    const source = new SourceFile(`${HOSTILE}.c`, `${HOSTILE}\nlws_bad ${HOSTILE}\n`);
    const at = source.text.indexOf("lws_bad");
    return report([source], {
      diagnostics: [
        diagnostic(source, at, at + 7, {
          message: HOSTILE,
          help: HOSTILE,
          reasons: [HOSTILE],
          related: [{ file: source.path, span: { start: 0, end: 4 }, message: HOSTILE }],
          fixes: [{ kind: "safe", title: HOSTILE, edits: [edit(source, at, at + 7, HOSTILE)] }],
        }),
      ],
      callbacks: [
        {
          name: HOSTILE, kind: "protocol", file: source.path, span: { start: 0, end: 1 },
          calls: [{ name: HOSTILE, at: { file: source.path, span: { start: at, end: at + 7 } }, from: [] }],
          reasons: [{ reason: HOSTILE, calls: [0] }, { calls: [0] }],
        },
      ],
      problems: [{ file: HOSTILE, message: HOSTILE }],
    });
  };

  it("holds hostile names and sources as text", () => {
    const page = renderHtml(hostile());
    expect(page.match(/<script/gu)).toHaveLength(1);
    expect(page.match(/<style/gu)).toHaveLength(1);
    expect(page).not.toMatch(/<img|<!--/u);
    expect(page).toContain(escape(HOSTILE));
  });

  it("allows its own style and script alone, and asks for nothing", () => {
    const page = renderHtml(chain());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/u.exec(page)![1]!;
    expect(policy).toMatch(/^default-src 'none';/u);
    for (const tag of ["style", "script"]) {
      const [, content] = new RegExp(`<${tag}>([^]*?)</${tag}>`, "u").exec(page)!;
      expect(policy).toContain(`'sha256-${createHash("sha256").update(content!).digest("base64")}'`);
    }
    expect(page.match(/\ssrc=|@import|url\(|\sstyle=|\son[a-z]+=/gu)).toBeNull();
  });

  it("has an element of its own for each finding, the way and the fixes", () => {
    const page = renderHtml(chain());
    const ids = [...page.matchAll(/<article class="finding [a-z]+" id="(finding-[0-9a-f]{16}-\d+)"/gu)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(chain().diagnostics.length);
    expect(page.match(/<p class="file">src\/helper\.c<\/p>/gu)).toHaveLength(2);
    expect(page).toContain('<span class="line removed">');
    expect(page).toContain("src/x.c");
    expect(renderHtml(chain())).toBe(page);
  });

  it("says so where nothing was found", () => {
    expect(renderHtml(report([]))).toContain("Nothing was found.");
  });
});

describe("a fix", () => {
  it("is carried out from back to front", () => {
    const source = new SourceFile("a.c", "one two");
    expect(edited(source.text, [edit(source, 4, 7, "2"), edit(source, 0, 3, "1")])).toBe("1 2");
  });
});

describe("on the command line", () => {
  it("is written to a file with the callbacks of the program, from a cache as well", async () => {
    const p = project({ "main.c": SOURCES["src/main.c"]!, "chat.c": SOURCES["src/chat.c"]!, "chat.h": SOURCES["src/chat.h"]! });
    const page = async () => {
      await run(["--no-config", "--cache", "--format", "html:out.html", "."], { cwd: p.root, analyzer: await realAnalyzer() });
      return p.read("out.html");
    };
    const first = await page();
    expect(first).toContain("What on_event() reaches of the library, by reason");
    expect(await page()).toBe(first);
    await run(["--no-config", "--cache", "--format", "json:out.json", "."], { cwd: p.root, analyzer: await realAnalyzer() });
    expect(Object.keys(JSON.parse(p.read("out.json")))).toEqual(["schemaVersion", "tool", "summary", "findings", "problems"]);
  });
});
