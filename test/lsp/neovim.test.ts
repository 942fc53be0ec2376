/** Neovim itself, with the very lines of docs/editors.md. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { project } from "../host/harness.js";
import { installCommand, snippetOf } from "./editors.js";
import { callback, helper, SYNC } from "./sources.js";

const { stdout } = spawnSync("nvim", ["--version"]) as { readonly stdout: Buffer | null };
const version = /^NVIM v0\.(\d+)/u.exec(stdout?.toString() ?? "")?.[1];
const snippet = snippetOf("lua", Number(version) >= 11 ? "vim.lsp.config" : "start_client");

/** Opens a file, waits for diagnostics, carries out the action whose title begins so, and saves everything. */
const SCRIPT = `
local function wait(what, condition)
  if not vim.wait(30000, condition, 20) then error("waited in vain for " .. what) end
end
local function brief()
  return vim.tbl_map(function(one) return one.code .. ":" .. (one.lnum + 1) end, vim.diagnostic.get(0))
end
local result = {}
local ok, problem = pcall(function()
  vim.cmd("edit " .. vim.env.FILE)
  wait("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
  result.before = brief()
  result.source = vim.diagnostic.get(0)[1].source
  vim.api.nvim_win_set_cursor(0, { vim.diagnostic.get(0)[1].lnum + 1, vim.diagnostic.get(0)[1].col })
  local chosen = false
  vim.ui.select = function(items, options, choose)
    result.titles = vim.tbl_map(function(item) return options.format_item(item) end, items)
    for index, title in ipairs(result.titles) do
      if vim.startswith(title, vim.env.TITLE) then choose(items[index], index) chosen = true return end
    end
    error("no such action")
  end
  vim.lsp.buf.code_action()
  wait("the action", function() return chosen end)
  wait("a result without findings", function() return #vim.diagnostic.get(0) == 0 end)
  vim.cmd("wall")
  local hover = vim.lsp.buf_request_sync(0, "textDocument/hover", { textDocument = vim.lsp.util.make_text_document_params(), position = { line = 4, character = 20 } }, 10000)
  for _, answer in pairs(hover) do result.hover = answer.result.contents.value end
end)
result.problem = not ok and tostring(problem) or nil
vim.fn.writefile({ vim.fn.json_encode(result) }, vim.env.RESULT)
vim.cmd("qall!")
`;

interface Result {
  readonly problem?: string;
  readonly before: readonly string[];
  readonly source: string;
  readonly titles: readonly string[];
  readonly hover: string;
}

const edit = (files: Readonly<Record<string, string>>, title: string): { result: Result; read: (name: string) => string } => {
  const p = project({ ...files, ".git/HEAD": "", "init.lua": snippet, "script.lua": SCRIPT });
  const { stderr, status } = spawnSync("nvim", ["--headless", "--clean", "-u", "init.lua", "-n", "-c", "luafile script.lua"], {
    cwd: p.root,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...installCommand(p), FILE: path.join(p.root, "src/a.c"), TITLE: title, RESULT: path.join(p.root, "result.json") },
  });
  expect(status, stderr).toBe(0);
  return { result: JSON.parse(readFileSync(path.join(p.root, "result.json"), "utf8")) as Result, read: (name) => p.read(name) };
};

test.skipIf(version === undefined)("a fix in the file itself is applied and saved (needs neovim)", () => {
  const original = callback(SYNC);
  const other = callback("(void)wsi;");
  const { result, read } = edit({ "src/a.c": original, "src/b.c": other }, "Return -1");
  expect(result.problem).toBeUndefined();
  expect(result.before).toEqual(["lws/no-sync-kill:6"]);
  expect(result.source).toBe("lws-lint");
  expect(result.titles).toContain("Disable lws/no-sync-kill for this line");
  expect(read("src/a.c")).toBe(original.replace(SYNC, "return -1;"));
  expect(read("src/b.c")).toBe(other);
  expect(result.hover).toContain("LWS_CALLBACK_RECEIVE");
});

test.skipIf(version === undefined)("a fix in another file changes that one alone (needs neovim)", () => {
  const original = callback("drop(wsi);", "LWS_CALLBACK_CLIENT_CONNECTION_ERROR");
  const { result, read } = edit({ "src/a.c": original, "src/drop.c": helper(SYNC) }, "Let the event loop close it");
  expect(result.problem).toBeUndefined();
  expect(result.before).toEqual(["lws/no-sync-kill:6"]);
  expect(read("src/a.c")).toBe(original);
  expect(read("src/drop.c")).toBe(helper(SYNC).replace("LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC"));
});
