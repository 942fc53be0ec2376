/**
 * Folders that a scan does not enter unless they are named on the command line or brought back by `!name/` in
 * `ignores`: what tools write and package managers fetch. Sources that somebody checked in, in `third_party/` say, are
 * part of the product and are scanned.
 */

/** Folders of package managers. Version control and caches begin with a dot and are hidden anyway. */
const FETCHED = [
  "node_modules",
  "bower_components",
  "vcpkg_installed",
  "managed_components",
  "_deps",
  "Pods",
  "Carthage",
  "venv",
  "__pycache__",
  "CVS",
  "_darcs",
];

/** Folders of build systems, by the names their manuals and templates use. */
const BUILT = ["build", "_build", "builddir", "CMakeFiles", "CMakeScripts", "DerivedData"];

const NAMES: ReadonlySet<string> = new Set([...FETCHED, ...BUILT]);
const PATTERN = /^(?:build[-_.]|cmake-build-|bazel-)/u;

/** Files that only the top folder of a build tree holds: they tell one whatever its name is. */
const BUILD_TREE_MARKS: ReadonlySet<string> = new Set(["CMakeCache.txt", ".ninja_log", "meson-info", "config.status"]);

/** Hidden files and folders, as `ls`, shells and most search tools see them. */
export const isHidden = (name: string): boolean => name.startsWith(".");

/** Whether a folder of this name is left out by default. */
export const isSkippedFolder = (name: string): boolean => isHidden(name) || NAMES.has(name) || PATTERN.test(name);

/**
 * Whether these entries are those of a build tree outside its sources. A source tree that was built in place has its
 * sources beside the marks, told by `CMakeLists.txt`, `configure` and the like.
 */
export const isBuildTree = (names: ReadonlySet<string>): boolean =>
  [...BUILD_TREE_MARKS].some((mark) => names.has(mark)) &&
  !["CMakeLists.txt", "meson.build", "configure", "configure.ac", "Makefile.am"].some((mark) => names.has(mark));
