/** C++ in ESLint: the language, the configurations, findings and fixes of the real engine. */
import { ESLint, Linter } from "eslint";
import { expect, test } from "vitest";
import plugin from "../../src/index.js";

const text = `#include <libwebsockets.h>
class Client {
public:
\tstatic int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
\t{
\t\tif (reason == LWS_CALLBACK_CLIENT_RECEIVE)
\t\t\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
\t\treturn 0;
\t}
};
static const lws_protocols protocols[] = { { "x", &Client::callback, 0, 0, 0, nullptr, 0 }, { nullptr, nullptr, 0, 0, 0, nullptr, 0 } };
`;

test.each(["cc", "cpp", "cxx", "c++", "hpp", "hh", "hxx"])("a .%s file has the language lws/cpp", async (extension) => {
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [plugin.configs.recommended, plugin.configs["recommended-cpp"]] });
  expect(await eslint.calculateConfigForFile(`a.${extension}`)).toMatchObject({ language: plugin.languages.cpp });
  const [result] = await eslint.lintText(text, { filePath: `a.${extension}` });
  expect(result?.messages.map(({ ruleId, line }) => [ruleId, line])).toEqual([["lws/no-sync-kill", 7]]);
});

test("fixes C++", () => {
  const linter = new Linter();
  const { output, messages } = linter.verifyAndFix(text, [plugin.configs["recommended-cpp"]], { filename: "a.cpp" });
  expect(messages).toEqual([]);
  expect(output).not.toContain("LWS_TO_KILL_SYNC");
});

test("selectors see the tree of C++", () => {
  const linter = new Linter();
  const rules: Linter.RulesRecord = { "no-restricted-syntax": ["error", "class_specifier"] };
  const messages = linter.verify(text, [{ ...plugin.configs["recommended-cpp"], rules }], { filename: "a.cpp" });
  expect(messages.map(({ ruleId, line, message }) => [ruleId, line, message])).toEqual([["no-restricted-syntax", 2, expect.any(String)]]);
});
