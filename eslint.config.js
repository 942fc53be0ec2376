import { existsSync } from "node:fs";
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import eslintPlugin from "eslint-plugin-eslint-plugin";
import tseslint from "typescript-eslint";

// The extension's types come with its own packages: without `npm ci` in its folder every line would look wrong.
const extension = existsSync(`${import.meta.dirname}/editors/vscode/node_modules/vscode-languageclient`) ? [] : ["editors/vscode/"];

export default defineConfig(
  globalIgnores([...extension, "**/dist/", "coverage/", ".cache/", "fixtures/", "ecosystem/", "proof/**/*.c", "**/*.generated.ts"]),
  {
    files: ["**/*.{js,mjs}"],
    extends: [js.configs.recommended],
    languageOptions: { globals: { console: "readonly", process: "readonly" } },
  },
  {
    files: ["**/*.ts"],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An index that was checked before stays checked: `noUncheckedIndexedAccess` asks at every access, the assertion
      // answers.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Numbers and booleans in messages need no ceremony.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // A record and an index signature say the same; a function type may stand where its words are clearer.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/dot-notation": "off",
      // `void` callbacks in one line: `(text) => stream.write(text)`.
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // `return void f()` says that nothing is returned, which the rule above asks for.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      // Terminal escapes, NUL bytes and byte order marks are what some expressions look for.
      "no-control-regex": "off",
      "max-lines": ["error", { max: 550, skipComments: true, skipBlankLines: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/eslint/**/*.ts"],
    extends: [eslintPlugin.configs.recommended],
  },
  {
    files: ["test/**/*.ts", "tools/**/*.ts", "bench/**/*.ts", "proof/**/*.ts"],
    rules: {
      "max-lines": "off",
      // Matchers, parsed JSON and what ESLint hands to a plugin's rules are typed `any`.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-explicit-any": "off",
    },
  },
);
