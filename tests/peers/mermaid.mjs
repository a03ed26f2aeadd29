// Parses each diagram of the JSON list on standard input, and prints a list of what is wrong with each, "" for none.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const modules = createRequire(`${process.argv[2]}/`);
const { window } = new (modules("jsdom").JSDOM)("<body></body>");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(pathToFileURL(modules.resolve("mermaid/dist/mermaid.core.mjs")));
const found = [];
for (const diagram of JSON.parse(await text(process.stdin))) {
    found.push(await mermaid.parse(diagram).then(() => "", (error) => String(error.message ?? error)));
}
console.log(JSON.stringify(found));
