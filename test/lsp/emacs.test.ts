/** Emacs itself, with the very lines of docs/editors.md, in both of its clients. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { project } from "../host/harness.js";
import { installCommand, snippetOf } from "./editors.js";
import { callback, SYNC } from "./sources.js";

const has = (library: string): boolean =>
  spawnSync("emacs", ["--batch", "--eval", `(progn (when (fboundp 'package-initialize) (package-initialize)) (kill-emacs (if (locate-library "${library}") 0 1)))`]).status === 0;

const WAIT = `
(defun wait-for (what condition)
  (let ((end (+ (float-time) 30)))
    (while (not (funcall condition))
      (when (> (float-time) end) (error "waited in vain for %s" what))
      (accept-process-output nil 0.05))))
(package-initialize)
(setq make-backup-files nil)
`;

const run = (files: Readonly<Record<string, string>>, snippet: string, script: string): { output: string; read: (name: string) => string } => {
  const p = project({ ...files, ".git/HEAD": "", "script.el": `${WAIT}${snippet}${script}` });
  const { status, stderr, stdout } = spawnSync("emacs", ["--batch", "-l", "script.el"], {
    cwd: p.root,
    encoding: "utf8",
    timeout: 100_000,
    env: { ...installCommand(p), FILE: path.join(p.root, "src/a.c"), RESULT: path.join(p.root, "result.txt") },
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
  return { output: readFileSync(path.join(p.root, "result.txt"), "utf8"), read: (name) => p.read(name) };
};

/** Eglot starts from a hook that waits for a command, of which there is none here: the connection is made by hand, to the server it would take. */
test.skipIf(!has("eglot"))("eglot shows a finding and applies its fix (needs elpa-eglot)", () => {
  const original = callback(SYNC);
  const { output, read } = run({ "src/a.c": original }, snippetOf("elisp", "eglot-server-programs"), `
(remove-hook 'c-mode-common-hook #'eglot-ensure)
(find-file (getenv "FILE"))
(apply #'eglot--connect (eglot--guess-contact))
(wait-for "the server" #'eglot-current-server)
(wait-for "diagnostics" (lambda () (flymake-start) (flymake-diagnostics)))
(let* ((found (car (flymake-diagnostics)))
       (text (flymake-diagnostic-text found)))
  (goto-char (flymake-diagnostic-beg found))
  (let* ((actions (append (eglot-code-actions (point) (flymake-diagnostic-end found) "quickfix") nil))
         (fix (seq-find (lambda (one) (string-prefix-p "Return -1" (plist-get one :title))) actions)))
    (eglot--apply-workspace-edit (plist-get fix :edit))
    (save-buffer)
    (write-region (format "%s|%d|%s" (line-number-at-pos (flymake-diagnostic-beg found)) (length actions) text) nil (getenv "RESULT"))))
(kill-emacs 0)
`);
  expect(output).toMatch(/^6\|\d+\|.*no-sync-kill/su);
  expect(read("src/a.c")).toBe(original.replace(SYNC, "return -1;"));
});

test.skipIf(!has("lsp-mode"))("lsp-mode shows a finding and applies its fix (needs elpa-lsp-mode)", () => {
  const original = callback(SYNC);
  const { output, read } = run({ "src/a.c": original }, snippetOf("elisp", "make-lsp-client"), `
(remove-hook 'c-mode-common-hook #'lsp-deferred)
;; Emacs' own checker of C races with the end of the script.
(setq lsp-diagnostics-provider :none)
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-auto-execute-action nil lsp-enable-file-watchers nil)
(find-file (getenv "FILE"))
(lsp)
(wait-for "diagnostics" (lambda () (> (hash-table-count (lsp-diagnostics t)) 0)))
(let* ((found (aref (vconcat (gethash (file-truename (getenv "FILE")) (lsp-diagnostics t))) 0))
       (line (lsp-get (lsp-get (lsp-get found :range) :start) :line)))
  (goto-char (point-min))
  (forward-line line)
  (back-to-indentation)
  (let* ((actions (append (lsp-code-actions-at-point) nil))
         (fix (seq-find (lambda (one) (string-prefix-p "Return -1" (lsp-get one :title))) actions)))
    (lsp-execute-code-action fix)
    (save-buffer)
    (write-region (format "%d|%d|%s" (1+ line) (length actions) (lsp-get found :code)) nil (getenv "RESULT"))))
(kill-emacs 0)
`);
  expect(output).toMatch(/^6\|\d+\|lws\/no-sync-kill$/u);
  expect(read("src/a.c")).toBe(original.replace(SYNC, "return -1;"));
});
