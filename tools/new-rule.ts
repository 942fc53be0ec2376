/**
 * Begins a rule: its file, a fixture, its page. What is written compiles, passes the tests and reports every call with a role, so that one starts from
 * something that works.
 *
 *     npx tsx tools/new-rule.ts no-example-call --role wakesLoop
 *
 * The role is one of `CallRoles` in `src/lws/api/schema.ts`. Nothing that exists is overwritten.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { LWS_ROLES } from "../src/lws/api/index.js";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { role: { type: "string" } } });
const [id] = positionals;
const role = values.role ?? "wakesLoop";

function fail(message: string): never {
  console.error(`new-rule: ${message}`);
  process.exit(2);
}

if (id === undefined) fail("usage: npx tsx tools/new-rule.ts RULE-ID --role ROLE");
if (!/^(?:no|require|valid|prefer)(?:-[a-z0-9]+)+$/.test(id)) fail(`"${id}": an id begins with no-, require-, valid- or prefer- and has small letters`);
const example = Object.entries(LWS_ROLES).find(([name, roles]) => role in roles && name.startsWith("lws_"))?.[0];
if (example === undefined) fail(`"${role}" is no role of src/lws/api/schema.ts that a function of src/lws/api/functions.ts has`);

const files: Readonly<Record<string, string>> = {
  [`src/rules/${id}.ts`]: `import { defineRule } from "../linter/rule.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

/** Reports … Silent where … */
export default defineRule({
  id: "${id}",
  // Off until it has been run over real code: see CONTRIBUTING.md.
  category: "pedantic",
  summary: "what the rule reports, without a full stop",
  fixes: [],
  since: "0.1.0",

  check(program, report) {
    for (const api of program.callsWith("${role}")) {
      const reached = api.reached.filter((one) => !one.uncertain && one.assumes.length === 0 && one.entry.kind === "protocol");
      for (const group of groupByEntry(reached)) {
        const first = steps(group.shown)[0]!;
        const reasons = reasonsIn(group.selected);
        report({
          ...locate(first.node, first.call),
          message: \`\${code(\`\${api.name}()\`)} is called on \${nameReasons(reasons)}\`,
          help: "say what to do instead",
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, \`\${code(\`\${api.name}()\`)} is called\`), ...otherWays(group)],
        });
      }
    }
  },
});
`,
  [`fixtures/${id}/calls.c`]: `/* fixture: no-compile (a beginning: give the call its arguments)
 * ${id} */
#include <libwebsockets.h>

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		${example}(); //~ error: \`${example}()\` is called on \`LWS_CALLBACK_RECEIVE\`
		break;
	default:
		break;
	}
	return 0;
}

/* The silent twin: outside of a callback. */
void
elsewhere(void)
{
	${example}();
}

static const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { NULL, NULL, 0, 0 } };
`,
  [`docs/rules/${id}.md`]: `# ${id}

One sentence.

| category | default | fixes | since |
| --- | --- | --- | --- |
| pedantic | off | none | 0.1.0 |

## What it does

What is reported, and what is not.

## Why is this bad?

The evidence: a header, a source line at a tag, an issue, what was observed on which releases.

## Example

\`\`\`c bad
#include <libwebsockets.h>

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		${example}(NULL);
	return 0;
}
\`\`\`

\`\`\`c good
#include <libwebsockets.h>

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return 0;
}
\`\`\`

## How to fix it

In words, and what \`--fix\` does.

## What it does not see

Known limits.

## When not to use it

When it is better off.

## Releases

All.
`,
};

for (const file of Object.keys(files)) if (existsSync(file)) fail(`${file} exists already`);
for (const [file, text] of Object.entries(files)) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(file);
}
console.log("next: npm run generate, then CONTRIBUTING.md from step 2 on");
