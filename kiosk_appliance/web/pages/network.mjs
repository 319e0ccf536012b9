// Fills vendor/segmentation/ from node_modules: the small network as a browser with a GPU runs it, byte for
// byte as it is published. Nothing is fetched. Left out: its second model, and what old browsers need.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const here = fileURLToPath(new URL(".", import.meta.url));
const published = join(here, "node_modules", "@mediapipe", "selfie_segmentation");
const vendor = join(here, "vendor", "segmentation");
const parts = [".binarypb", ".tflite", "_solution_simd_wasm_bin.js", "_solution_simd_wasm_bin.wasm", ".js"];

await mkdir(vendor, { recursive: true });
const { name, version, license } = JSON.parse(await readFile(join(published, "package.json"), "utf8"));
// The package names its licence and leaves the text out.
const text = await readFile(join(here, "../../imaging/models", `LICENSE-${license.toUpperCase()}.txt`), "utf8");
await writeFile(join(vendor, "LICENSE.txt"), `${name} ${version} (${license})\n\n${text.trim()}\n`);
for (const part of parts) {
  const file = `selfie_segmentation${part}`;
  await copyFile(join(published, file), join(vendor, file));
}
