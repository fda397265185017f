import js from "@eslint/js";
import globals from "globals";
import prettier from "eslint-config-prettier";
export default [
    js.configs.recommended,
    prettier,
    {
        files: ["addons/*/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
        },
        rules: {
            curly: ["error", "all"],
            eqeqeq: "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-unused-vars": ["error", { args: "none", caughtErrors: "all" }],
            "prefer-const": "error",
            "no-restricted-syntax": ["error", "PrivateIdentifier"],
            "arrow-body-style": ["error", "as-needed"],
        },
    },
];
