import { describe, expect, test } from "vitest";
import { isLibrarySource } from "../../src/lws/library-source.js";
import { isPrivateHeader } from "../../src/lws/private-headers.js";

const LICENCE = "/*\n * libwebsockets - small server side websockets and web server implementation\n *\n * Copyright (C) 2010 - 2019 Andy Green <andy@warmcat.com>\n */\n";
const EXAMPLE = "/*\n * lws-minimal-ws-server\n *\n * Written in 2010-2019 by Andy Green <andy@warmcat.com>\n *\n * This file is made available under the Creative Commons CC0 1.0\n */\n";
const TEST_APP = "/*\n * libwebsockets-test-server - libwebsockets test implementation\n *\n * Copyright (C) 2010-2011 Andy Green <andy@warmcat.com>\n */\n";
const INCLUDE = '#include "private-lib-core.h"\n';

describe("private headers", () => {
  test.each(["private-lib-core.h", "lib/core/private-lib-core.h", "private-lib-core-net.h", "private-lib-roles-http-compression.h", "private-lib-tls-mbedtls.h", "private-lib-async-dns.h", "private-libwebsockets.h"])(
    "%s is the library's", (path) => expect(isPrivateHeader(path)).toBe(true));

  test.each(["private-library.h", "private-lib.h", "private-lib-utils.h", "private-lib-cores.h", "my-private-lib-core.h", "private-lib-core.hpp", "private-libwebsockets-app.h"])(
    "%s is somebody else's", (path) => expect(isPrivateHeader(path)).toBe(false));
});

describe("sources of the library", () => {
  test.each([
    ["a private header", "private-lib-core.h", ""],
    ["the licence", "context.c", LICENCE + INCLUDE],
    ["an old release, all in one folder", "external/libwebsockets/src/context.c", `${LICENCE}#include "private-libwebsockets.h"\n`],
    ["all sources in one file", "src/libwebsockets.cpp", `${"// settings of the build\n".repeat(200)}${INCLUDE}${LICENCE}`],
    ["the author", "lib/smd.c", `/* lws System Message Distribution\n * Copyright (C) 2019 - 2020 Andy Green <andy@warmcat.com>\n */\n${INCLUDE}`],
    ["the folder", "deps/lws/lib/tls/mbedtls/wrapper/library/ssl_lib.c", `// Copyright 2015-2016 Espressif Systems\n${INCLUDE}`],
    ["a source with another licence", "src/sha-1.c", `/* Copyright (C) 1995, 1996, 1997, and 1998 WIDE Project. */\n${INCLUDE}`],
    ["its tests of private functions", "minimal-examples/api-tests/api-test-lws_sequencer/main.c", EXAMPLE + INCLUDE],
  ])("%s", (_title, path, text) => expect(isLibrarySource(path, text)).toBe(true));
});

describe("programs", () => {
  test.each([
    ["a copied header", "src/server.c", `#include <libwebsockets.h>\n${INCLUDE}`],
    ["a copied header in a program that began as an example", "src/server.c", EXAMPLE + INCLUDE],
    ["the same, of an old release", "src/server.c", `${TEST_APP}#include "private-libwebsockets.h"\n`],
    ["a header with a name like it", "src/server.c", '#include "private-library.h"\n'],
    ["the licence alone", "src/server.c", LICENCE],
    ["the folder alone", "lib/core/server.c", "#include <libwebsockets.h>\n"],
    ["a header by its path", "lib/core/server.c", '#include "../lib/core/private-lib-core.h"\n'],
    ["a private header in a comment", "lib/core/server.c", '// see #include "private-lib-core.h"\n'],
  ])("%s", (_title, path, text) => expect(isLibrarySource(path, text)).toBe(false));
});
