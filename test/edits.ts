/** Edits as a person makes them: in bodies, declarations, macros, includes, conditionals and comments of C and C++; whole ones and half ones. */
import fc from "fast-check";

export interface Edit {
  readonly behind: RegExp;
  readonly which: number;
  readonly takes: number;
  readonly typed: string;
}

/** What is typed, and where: behind the n-th place in the text that looks so. */
export const edit = fc.record({
  behind: fc.constantFrom(/[{;]\s*\n/g, /\b\w+\b/g, /^#[^\n]*\n/gm, /^#\s*define\s+\w+/gm, /^#\s*include\s*/gm, /^\w[^\n;{]*\(/gm, /\bcase\s+/g, /\/\*|\/\//g, /"/g, /^/gm, /^\}\s*\n/gm, /::/g, /\[[^\]]*\]/g),
  which: fc.nat({ max: 400 }),
  takes: fc.constantFrom(0, 0, 0, 1, 2, 7, 40),
  typed: fc.constantFrom(
    "", "x", " ", "\n", "}", "{", "(", "*/", "/*", "\"", ";", "x = 1;\n", "\n#if A\n", "\n#else\n", "\n#endif\n", "#define LWS_X 1\n", "#define wsi other\n", "static ", "typedef int lws_t;\n",
    "lws_close_free_wsi(wsi, 0, 0);\n", "lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LWS_TO_KILL_SYNC);\n", "static const int fixed = 2;\n", "struct { int a; } anonymous;\n",
    "int helper(struct lws *wsi) { return lws_service(0, 0); }\n", "auto f = [this, wsi](int n) { lws_callback_on_writable(wsi); };\n", "class K { public: int m() { return 0; } };\n", "&fixed, ", "while (!done) ",
  ),
});

export function edited(text: string, { behind, which, takes, typed }: Edit): string {
  const places = [...text.matchAll(behind)].map((found) => found.index + found[0].length);
  const at = places.length === 0 ? which % (text.length + 1) : places[which % places.length]!;
  return text.slice(0, at) + typed + text.slice(at + takes);
}
