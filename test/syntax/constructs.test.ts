import { beforeAll, describe, expect, test } from "vitest";
import { SourceFile } from "../../src/source/source-file.js";
import { initSyntax, languageOf, parseFragment } from "../../src/syntax/index.js";
import { bodyText, exprText, functionsText, stmtText, typeText, unitOf } from "./outline.js";

beforeAll(() => initSyntax());

/** Statements and what they read as. */
const bodies: readonly (readonly [string, string, string])[] = [
  ["type arguments", "p = lws_container_of(d, struct pss, list);", ""],
  ["pointer type arguments", "x = va_arg(ap, const char *); y = va_arg(ap, foo_t *); z = va_arg(ap, int);", ""],
  ["offsetof with a path", "n = offsetof(struct s, a.b[1]);", ""],
  ["lws_ll_fwd_remove", "lws_ll_fwd_remove(struct lws_vhost, vhost_next, vh, head);", ""],
  ["foreach with end macro", "lws_start_foreach_dll(struct lws_dll2 *, d, head) { use(d); } lws_end_foreach_dll(d);", ""],
  ["foreach safe", "lws_start_foreach_dll_safe(struct lws_dll2 *, d, d1, lws_dll2_get_head(o)) { lws_dll2_remove(d); } lws_end_foreach_dll_safe(d, d1);", ""],
  ["foreach llp", "lws_start_foreach_llp(struct lws **, pwsi, head) { if (a) break; } lws_end_foreach_llp(pwsi, next);", ""],
  ["foreach without braces", "lws_start_foreach_ll(struct x *, p, head)\n\tuse(p);\n\tmore(p);\nlws_end_foreach_ll(p, next);\nrest();", ""],
  ["unknown loop macro", "TAILQ_FOREACH(p, &list, entry) { use(p); }", ""],
  ["unknown loop macro without braces", "list_for_each(p, head)\n\tuse(p);\nrest();", ""],
  ["unknown loop without arguments", "FOREVER() { run(); }", ""],
  ["macro without semicolon", "LOCK(a)\nuse(a);\nUNLOCK(a)\n", ""],
  ["bare macro", "BEGIN_CRITICAL\nint x;\nif (x) f();\nEND_CRITICAL", ""],
  ["macro as if body without semicolon", "if (a) FOO(b)\nelse c();", ""],
  ["attribute macros in declarations", "UNUSED int a; int b MAYBE_UNUSED = 1; static z_const char *c; const struct x FAR *d;", ""],
  ["gnu attributes", "int a __attribute__((unused)); __extension__ int b; switch (a) { case 1: f(); __attribute__((fallthrough)); default: g(); }", ""],
  ["inline assembly", 'asm volatile("nop" : "=r"(a) : "r"(b) : "memory"); __asm__("x");', ""],
  ["string concatenation", 'printf("%" PRIu64 " x" FMT(a) "y", v); s = A B "x"; t = "a" "b";', ""],
  ["macro in front of an argument", 'xmlNew(BAD_CAST "a", BAD_CAST b); call(aTHX_ x); call2(aTHX_(SV *)y);', ""],
  ["operators and statements as arguments", "CHECK(a, ==, b); REQUIRE(x, return -1); EMPTY(a, , b);", ""],
  ["statements as an argument", "PROTECT(a(); b();) rest();", ""],
  ["designators as arguments", "x = INIT(.a = 1, .b = f);", ""],
  ["case range", "switch (c) { case '0' ... '9': d(); case 5: e(); }", ""],
  ["statement expression", "x = ({ int y = f(); y; });", ""],
  ["elvis", "x = a ?: b;", ""],
  ["computed goto", "void *t = &&here; goto *t; here: return;", ""],
  ["post-decrement and and", "while (n-- && left) f();", ""],
  ["typeof", "typeof(a) b = a; __typeof__(*p) c;", ""],
  ["casts by name", "x = (size_t)n; y = (uint8_t)*p; z = (my_t)(n); w = (a)(b); v = (DWORD)(n);", ""],
  ["compound literal", "f(&(struct x){ .a = 1, [2] = { 3 } });", ""],
  ["label before the closing brace", "goto out; out: ", ""],
  ["declarations", "char buf[LWS_PRE + 10], *p = buf; int (*cb)(int a), m[2][3]; extern int e; static unsigned long u;", ""],
  ["structs", "struct { int a; union { uint8_t b[4]; } u; } s = { 1 }; struct pss *pss = (struct pss *)user;", ""],
  ["control flow", "for (int i = 0; i < 3; i++) continue; for (;;) break; do { x++; } while (x < 3); if (a) b; else if (c) d; else ;", ""],
  ["digraphs", "int a<:2:> = <% 1, 2 %>; if (a<:0:>) <% f(); %>", ""],
  ["splices in names and strings", "fo\\\no(\"a\\\nb\");", ""],
  ["numbers", "f(0x1F, 017, 10UL, 0b11, 1.5, 1e3, 'a', '\\n', '\\x41', L'x', -1);", ""],
  ["MSVC try", "__try { f(); } __except (g()) { h(); }", ""],
  ["nested conditional expression", "x = a ? b ? 1 : 2 : c, d;", ""],
  ["sizeof", "n = sizeof(struct x) + sizeof x + sizeof(buf) - sizeof(int *);", ""],
];

describe("statements", () => {
  test.each(bodies)("%s", (_title, code) => {
    expect(bodyText(code)).toMatchSnapshot();
  });
});

describe("file level", () => {
  test("lws macros around declarations", () => {
    const unit = unitOf(`LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_write(struct lws *wsi, unsigned char *buf, size_t len, enum lws_write_protocol p);
LWS_VISIBLE int
lws_close(struct lws *wsi) LWS_WARN_UNUSED_RESULT;
static LWS_INLINE int twice(int a) { return a * 2; }
`);
    expect(unit.prototypes.map((p) => `${p.name}(${p.params.map((param) => `${param.name}: ${typeText(param.type)}`).join(", ")}): ${typeText(p.returnType)}`)).toMatchInlineSnapshot(`
      [
        "lws_write(wsi: struct lws*, buf: unsigned char*, len: size_t, p: enum lws_write_protocol): int",
        "lws_close(wsi: struct lws*): int",
      ]
    `);
    expect(unit.functions.map((f) => f.name)).toContain("twice");
  });

  test.each([
    ["K&R", "int add(a, b) int a; char *b; { return a; }\nmain(argc, argv) int argc; char **argv; { }"],
    ["attributes", "__attribute__((noreturn)) static void die(int n) __attribute__((cold));\n__declspec(dllexport) int __stdcall f(void) { return 1; }\n_Noreturn void g(void) { }"],
    ["macros", "STRAY(x)\nint f(void) { return 1; }\nMODULE_INIT(a, b);\nBEGIN_DECLS\ntypedef int t;\nEND_DECLS\nGLOBAL(void)\ng(int a) { }\nPT_THREAD(h(struct pt *pt)) { }\nTEST(suite, name) { }"],
    ["function returning a function pointer", "void (*signal(int s, void (*cb)(int)))(int) { return cb; }"],
    ["linkage blocks in C", '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void) { return 1; }\n#ifdef __cplusplus\n}\n#endif\nint g(void) { return 2; }'],
    ["export macro with a type", "PUBLIC(cJSON *) parse(const char *s) { return 0; }"],
  ])("%s", (_title, code) => {
    const unit = unitOf(code);
    expect(functionsText(code)).toMatchSnapshot();
    expect(unit.coverage.incompleteFunctions).toEqual([]);
    expect(unit.coverage.unreadRegions).toEqual([]);
  });

  test("structs and initializers that macros open", () => {
    const unit = unitOf(
      `LWS_SS_USER_TYPEDEF
	char payload[200];
	size_t size, pos;
} myss_t;

static lws_ss_state_return_t
myss_rx(void *userobj) { return 0; }

static LWS_SS_INFO("default", myss_t)
	.rx = myss_rx,
	.tx = myss_tx
};

LWS_SS_INFO("other", other_t)
	.rx = myss_rx,
};
int f(void) { return 1; }
`,
      "a.c",
      { initializerMacros: new Map([["LWS_SS_INFO", { type: "lws_ss_info_t", namePrefix: "ssi_" }]]) },
    );
    expect(unit.coverage.unreadRegions).toEqual([]);
    expect(unit.functions.map((f) => f.name)).toEqual(["myss_rx", "f"]);
    expect(unit.structs.map((s) => `${s.name} { ${s.fields.map((f) => `${f.name}: ${typeText(f.type)}`).join("; ")} }`)).toMatchInlineSnapshot(`
      [
        "myss_t { payload: char[200]; size: size_t; pos: size_t }",
      ]
    `);
    expect(unit.variables.map((v) => `${v.isStatic ? "static " : ""}${v.name}: ${typeText(v.type)} = ${v.init === undefined ? "" : exprText(v.init)}`)).toMatchInlineSnapshot(`
      [
        "static ssi_myss_t: lws_ss_info_t = { .rx = myss_rx, .tx = myss_tx }",
        "ssi_other_t: lws_ss_info_t = { .rx = myss_rx }",
      ]
    `);
  });

  test("variables, types and constants", () => {
    const unit = unitOf(`static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, },
	LWS_PLUGIN_PROTOCOL_MIRROR,
	{ .name = "x", .callback = cb },
	LWS_PROTOCOL_LIST_TERM
}, *other;
struct pss { struct lws *wsi; char buf[LWS_PRE + 4]; int (*cb)(struct lws *, int); unsigned on:1, off:1; };
typedef struct { int fd; } msg_t, *msg_p;
typedef int (*handler)(void *);
enum state { IDLE, BUSY = 5, DONE };
#define SIZE (10 + 2)
#define NAME "a" "b"
#define EMPTY
#define ENTRY { "x", cb, sizeof(struct pss), 0, }
#define NOT_AN_EXPRESSION if (x)
extern int flag;
`);
    expect(unit.variables.map((v) => `${v.isStatic ? "static " : ""}${v.name}: ${typeText(v.type)} = ${v.init === undefined ? "" : exprText(v.init)}`)).toMatchInlineSnapshot(`
      [
        "static protocols: struct lws_protocols[] = { { "http", lws_callback_http_dummy, 0, 0 }, LWS_PLUGIN_PROTOCOL_MIRROR, { .name = "x", .callback = cb }, LWS_PROTOCOL_LIST_TERM }",
        "static other: struct lws_protocols* = ",
        "flag: int = ",
      ]
    `);
    expect(unit.structs.map((s) => `${s.name} { ${s.fields.map((f) => `${f.name}: ${typeText(f.type)}`).join("; ")} }`)).toMatchInlineSnapshot(`
      [
        "struct pss { wsi: struct lws*; buf: char[(LWS_PRE + 4)]; cb: int(); on: unsigned; off: unsigned }",
        "msg_t { fd: int }",
        "msg_p { fd: int }",
      ]
    `);
    expect(unit.typedefs.map((t) => `${t.name}: ${typeText(t.type)}`)).toMatchInlineSnapshot(`
      [
        "msg_t: struct",
        "msg_p: struct*",
        "handler: int()",
      ]
    `);
    expect(unit.enumConstants.map((c) => `${c.name}${c.value === undefined ? "" : `=${exprText(c.value)}`} after ${c.previous ?? "-"}`)).toMatchInlineSnapshot(`
      [
        "IDLE after -",
        "BUSY=5 after IDLE",
        "DONE after BUSY",
      ]
    `);
    expect(unit.objectMacros.map((m) => `${m.name} [${m.text}] ${m.value === undefined ? "-" : exprText(m.value)}`)).toMatchInlineSnapshot(`
      [
        "SIZE [( 10 + 2 )] (10 + 2)",
        "NAME ["a" "b"] "ab"",
        "EMPTY [] -",
        "ENTRY [{ "x" , cb , sizeof ( struct pss ) , 0 , }] { "x", cb, sizeof(<struct pss>), 0 }",
        "NOT_AN_EXPRESSION [if ( x )] -",
      ]
    `);
  });

  test("macros with a body are functions with true positions", () => {
    const text = "#define CLOSE(w) do { \\\r\n\tlws_close(w); \\\r\n} while (0)\n#define TWICE(a) ((a) * 2)\n#define LOG(...) printf(__VA_ARGS__)\n#define NOTHING(x)\n#define OPEN(x) { if (x) {\n";
    const unit = unitOf(text);
    expect(unit.functions.map((f) => stmtText(f.variants[0]!.body))).toMatchInlineSnapshot(`
      [
        "{ do { lws_close(w); } while (0); }",
        "{ (a * 2); }",
        "{ printf(__VA_ARGS__); }",
        "{  }",
      ]
    `);
    const [close] = unit.functions;
    expect(text.slice(close!.nameSpan.start, close!.nameSpan.end)).toBe("CLOSE");
    const body = close!.variants[0]!.body.body[0]!;
    expect(text.slice(body.span.start, body.span.end)).toBe("do { \\\r\n\tlws_close(w); \\\r\n} while (0)");
  });

  test("includes, and the function that one stands in", () => {
    const { includes } = unitOf('#include <a.h>\n#  include "b/c.h" // x\n#if 0\n#include "dead.h"\n#endif\nvoid f(void)\n{\n\tswitch (x) {\n#include "cases.inc"\n\t}\n}\n');
    expect(includes.map(({ path, system, insideFunction }) => `${path} ${system} ${insideFunction ?? "-"}`)).toEqual(["a.h true -", "b/c.h false -", "cases.inc false f"]);
  });

  test("a fragment of case labels", () => {
    const variants = parseFragment(new SourceFile("cases.inc", "case A:\n\tf();\n#ifdef X\n\tbreak;\n#endif\ncase B:\n\treturn 1;\n"));
    expect(variants.map((variant) => `[${variant.configuration}] ${stmtText(variant.body)}`)).toMatchInlineSnapshot(`
      [
        "[with X] { case A: f(); break; case B: return 1; }",
        "[without X] { case A: f(); case B: return 1; }",
      ]
    `);
  });

  test("only wanted bodies are parsed", () => {
    const unit = unitOf("int f(void) { return 1; }\nint g(void) { return 2; }", "a.c", { wants: ({ name }) => name === "g" });
    expect(unit.functions.map((f) => [f.name, ...f.variants.map(({ body }) => stmtText(body))])).toEqual([["f", "{  }"], ["g", "{ return 2; }"]]);
  });
});

describe("C++", () => {
  test.each([
    ["methods and namespaces", "namespace a { namespace b {\nclass C : public D<int> {\npublic:\n\tC(int x) : x_(x), y_{1} { init(); }\n\tvirtual ~C() { }\n\tint get() const noexcept override { return x_; }\nprivate:\n\tint x_;\n};\n} }\nint a::b::C::later(std::string &s) { return 0; }"],
    ["lambdas", "void f() { run([&](int a) { g(a); }); auto h = [=]() -> int { return 1; }; }"],
    ["statements", 'void f() { try { g(); } catch (const std::exception &e) { h(); } for (auto &x : list) use(x); if (auto p = get()) use(p); auto q = static_cast<int *>(v); delete q; auto r = new Foo(1); std::cout << "a" X; }'],
    ["objects made with calls", "void f() { T a(g(x)); T b(h(g(x), y), z); T c(static_cast<A *>(p)); ns::T d(ns::g<A>(x)); std::unique_ptr<A, decltype(&end)> e(g(x), end); size_t prototype(size_t); }"],
    ["raw strings and linkage", 'extern "C" { static int cb(struct lws *wsi) { return f(R"x(a " } )x"); } }\nextern "C" int g() { return 1; }'],
    ["templates and operators", "template <typename T> T max(T a, T b) { return a > b ? a : b; }\nbool operator==(const X &a, const X &b) { return true; }"],
  ])("%s", (_title, code) => {
    expect(functionsText(code, "a.cpp")).toMatchSnapshot();
    expect(unitOf(code, "a.cpp").coverage.incompleteFunctions).toEqual([]);
  });

  test("the language of a file", () => {
    expect([languageOf("a.c", ""), languageOf("a.cc", ""), languageOf("a.h", "int f(void);"), languageOf("a.h", "namespace x {\n}"), languageOf("a.hpp", "")]).toEqual(["c", "cpp", "c", "cpp", "cpp"]);
  });
});
