/** The trees that are scanned, made of Debian source packages or made up; all of them in `.cache/bench`. */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DebianSources } from "../tools/ecosystem/debian.js";
import { listSources, repositoryRoot } from "../tools/ecosystem/engine.js";

/** A tree to scan. */
export interface Tree {
  readonly name: string;
  readonly sources: readonly string[];
  /** Folders of the packages to take; all of them when absent. */
  readonly folders?: readonly string[];
  readonly what: string;
}

const EXAMPLES = ["minimal-examples", "plugins", "test-apps", "lwsws"];

export const TREES = {
  medium: { name: "medium", sources: ["postgresql-15", "git", "systemd"], what: "C without libwebsockets" },
  large: { name: "large", sources: ["postgresql-15", "ffmpeg", "samba"], what: "C without libwebsockets" },
  examples: { name: "examples", sources: ["libwebsockets"], folders: EXAMPLES, what: "libwebsockets' own, all analysed" },
  library: { name: "library", sources: ["libwebsockets"], what: "libwebsockets as a whole" },
} as const satisfies Record<string, Tree>;

/** A tree on disk. */
export interface Built {
  readonly name: string;
  readonly what: string;
  readonly root: string;
  readonly names: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

export const CACHE = join(repositoryRoot, ".cache", "bench");

/** Fills a folder once: it appears when it is complete. */
async function once(root: string, fill: (partial: string) => Promise<void> | void): Promise<void> {
  if (existsSync(root)) return;
  const partial = `${root}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  await fill(partial);
  renameSync(partial, root);
}

function built(name: string, what: string, root: string): Built {
  const names = listSources(root);
  return { name, what, root, names, files: names.length, bytes: names.reduce((sum, file) => sum + statSync(join(root, file)).size, 0) };
}

/** The C and C++ files of source packages. */
export async function build(tree: Tree): Promise<Built> {
  const cache = join(repositoryRoot, ".cache", "ecosystem");
  mkdirSync(cache, { recursive: true });
  const debian = new DebianSources(cache);
  const root = join(CACHE, tree.name);
  await once(root, async (partial) => {
    for (const source of tree.sources) {
      const unpacked = await debian.obtain(source, "*");
      if (unpacked === undefined) throw new Error(`${tree.name}: this machine's release has no source package ${source}`);
      for (const file of listSources(unpacked.root)) {
        if (tree.folders?.some((folder) => file.startsWith(`${folder}/`)) === false) continue;
        const target = join(partial, source, file);
        mkdirSync(dirname(target), { recursive: true });
        linkSync(join(unpacked.root, file), target);
      }
    }
  });
  // As it is named to the tool: what only lies somewhere in a tree is taken for a copy of the library and left out.
  return built(tree.name, tree.what, tree.sources.length === 1 ? join(root, tree.sources[0]!) : root);
}

/** The same bytes without a trace of the library: a scan of it is the search for traces and nothing else. */
export async function withoutTraces(tree: Built): Promise<Built> {
  const root = `${tree.root}-without-traces`;
  await once(root, (partial) => {
    for (const name of tree.names) {
      const text = readFileSync(join(tree.root, name), "latin1");
      const target = join(partial, name);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text.replace(/lws_/g, "lvs_").replace(/LWS_/g, "LVS_").replace(/libwebsock/g, "libwebsick"), "latin1");
    }
  });
  return built(`${tree.name} without traces`, tree.what, root);
}

/** Files in a hundred of a made-up tree that use the library: two, one of them through the other. */
const USERS = 2;

/** A made-up project: of a hundred files one has a callback, one a helper that it calls, and the others are plain C. */
export async function madeUp(count: number): Promise<Built> {
  const root = join(CACHE, `made-up-${count}`);
  await once(root, (partial) => {
    for (let i = 0; i < count; i++) {
      const folder = join(partial, `part-${Math.floor(i / 100)}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `file-${i}.c`), i % 100 === 0 ? callbackFile(i) : i % 100 < USERS ? helperFile(i - 1) : plainFile(i));
    }
  });
  return built(`${count.toLocaleString("en")} made-up files`, `${USERS} in a hundred use libwebsockets`, root);
}

const plainFunction = (name: string): string => `
static int ${name}(struct item *items, int count, const char *name)
{
	int i, found = -1;

	for (i = 0; i < count; i++) {
		if (items[i].state == STATE_FREE || !items[i].name)
			continue;
		if (!strcmp(items[i].name, name)) {
			found = i;
			break;
		}
	}
	if (found < 0)
		log_debug("%s: no item of the name '%s' among %d", __func__, name, count);

	return found;
}
`;

const plainFile = (i: number): string =>
  `#include <string.h>\n#include "item.h"\n${Array.from({ length: 6 }, (_, k) => plainFunction(`find_${i}_${k}`)).join("")}`;

const callbackFile = (i: number): string => `#include <libwebsockets.h>
#include "item.h"

struct session_${i} {
	struct lws *wsi;
	int closing;
};

void part_${i}_done(struct session_${i} *pss);
${plainFunction(`find_${i}`)}
static int
callback_${i}(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session_${i} *pss = user;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		pss->wsi = wsi;
		break;
	case LWS_CALLBACK_RECEIVE:
		if (len == 0)
			part_${i}_done(pss);
		lws_callback_on_writable(wsi);
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols_${i}[] = {
	{ "part-${i}", callback_${i}, sizeof(struct session_${i}), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
`;

const helperFile = (i: number): string => `#include <libwebsockets.h>
#include "item.h"

struct session_${i} {
	struct lws *wsi;
	int closing;
};
${plainFunction(`find_${i}_helper`)}
void part_${i}_done(struct session_${i} *pss)
{
	pss->closing = 1;
	lws_set_timeout(pss->wsi, PENDING_TIMEOUT_USER_OK, ${i % 200 === 0 ? "LWS_TO_KILL_SYNC" : "LWS_TO_KILL_ASYNC"});
}
`;
