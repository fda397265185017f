export default {
    plugins: ["@prettier/plugin-xml"],
    printWidth: 100,
    tabWidth: 4,
    xmlWhitespaceSensitivity: "preserve",
    xmlSelfClosingSpace: true,
    overrides: [{ files: "*.{yml,yaml,json,md}", options: { tabWidth: 2 } }],
};
