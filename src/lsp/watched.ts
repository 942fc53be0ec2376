/** Which files on disk a client is asked to watch. */
import { CONFIG_FILE_NAME } from "../host/config-file.js";
import { extensionsOf } from "../source/languages.js";

const EXTENSIONS = [...extensionsOf("c"), ...extensionsOf("c++")].map((extension) => extension.slice(1));

/** What `isBuildFile` knows, as far as it is no header: these tell the release of the library. */
export const BUILD_FILE_GLOBS: readonly string[] = [
  "**/{CMakeLists.txt,configure.ac,configure.in,conanfile.txt,conanfile.py,vcpkg.json,meson.build,libwebsockets.wrap,control,control.in,.gitmodules}",
  "**/*.{cmake,pc,pc.in}",
];

export const WATCHED_GLOBS: readonly string[] = [`**/*.{${EXTENSIONS.join(",")}}`, `**/${CONFIG_FILE_NAME}`, "**/.gitignore", ...BUILD_FILE_GLOBS];

/** A pattern in the syntax of `.gitignore` as one of the protocol's; `undefined` for those that bring something back. */
export const globOf = (pattern: string): string | undefined =>
  pattern.startsWith("!") ? undefined : `**/${pattern.replace(/^(?:\*\*)?\//u, "")}${pattern.endsWith("/") ? "**" : ""}`;
