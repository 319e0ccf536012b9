// Fills vendor/ from node_modules: one ES module, one typeface, what shows the API's documentation,
// and their licences. Same input, same bytes; nothing is fetched. The kiosk itself never runs this: the wheel holds its result.
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const vendor = join(here, "vendor");
const shipped = [
  "preact",
  "htm",
  "@preact/signals",
  "@preact/signals-core",
  "@fontsource-variable/bricolage-grotesque",
];
const documentation = ["swagger-ui-dist", "redoc"];
const typeface = "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-opsz-normal.woff2";

/** @param {string} file @param {string} text @returns {Promise<string>} the text, which it holds once, gone */
async function without(file, text) {
  const [before, after, ...more] = (await readFile(file, "utf8")).split(text);
  if (after === undefined || more.length) throw new Error(`${file} does not hold ${text} once`);
  return before + after;
}

/** @param {string} name @returns {Promise<string>} the package's name, version and licence text */
async function licence(name) {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} comes without a licence text`);
  const text = await readFile(join(folder, file), "utf8");
  return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
}

await rm(vendor, { recursive: true, force: true });
await mkdir(vendor, { recursive: true });
await build({
  entryPoints: [join(here, "vendor-entry.js")],
  outfile: join(vendor, "ui.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "chrome110",
  legalComments: "none",
  logLevel: "warning",
});
// The type checker follows the same names back to the packages' own types.
await copyFile(join(here, "vendor-entry.d.ts"), join(vendor, "ui.d.ts"));
await copyFile(join(here, "node_modules", typeface), join(vendor, "bricolage-grotesque.woff2"));
const swagger = join(here, "node_modules", "swagger-ui-dist");
for (const name of ["swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css"])
  await copyFile(join(swagger, name), join(vendor, name));
const redoc = join(here, "node_modules", "redoc", "bundles", "redoc.standalone.js");
// Its maker's logo is the one thing that it would fetch from elsewhere.
await writeFile(join(vendor, "redoc.js"), await without(redoc, "https://cdn.redoc.ly/redoc/logo-mini.svg"));
await copyFile(`${redoc}.LICENSE.txt`, join(vendor, "redoc.js.LICENSE.txt"));
const licences = await Promise.all([...shipped, ...documentation].map(licence));
await writeFile(join(vendor, "LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
