/**
 * Builds the extension into dist/. With --test: a copy into dist-test/extension/ that also runs on pages of this
 * machine, opens its shadow root to the tests and knows the adapters of tests/extension/sites.json; and the test
 * pages into dist-test/pages/.
 */

import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const test = process.argv.includes("--test");
const out = join(here, test ? "dist-test/extension" : "dist");
const tests = join(here, "../tests/extension");
const json = async (path) => JSON.parse(await readFile(path, "utf8"));

const { sites } = await json(join(here, "sites.json"));
const extra = test ? (await json(join(tests, "sites.json"))).sites : [];
const common = {
  bundle: true,
  target: "chrome121",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: here,
  define: { EXTRA_SITES: JSON.stringify(extra), SHADOW_MODE: JSON.stringify(test ? "open" : "closed") },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  build({ ...common, entryPoints: ["src/worker.ts", "src/client.ts"], format: "esm", outdir: out }),
  build({ ...common, entryPoints: { content: "src/content/main.ts", options: "src/options/options.ts" }, format: "iife", outdir: out }),
  ...["_locales", "icons"].map((name) => cp(join(here, name), join(out, name), { recursive: true })),
  ...["options.html", "options.css"].map((name) => cp(join(here, "src/options", name), join(out, name))),
]);

const manifest = await json(join(here, "manifest.json"));
const script = { js: ["content.js"], all_frames: true, run_at: "document_start" };
const patterns = sites.flatMap((site) => site.matches);
const whole = patterns.filter((pattern) => pattern.endsWith("/*") && pattern.split("/").length === 4);
const partial = patterns.filter((pattern) => !whole.includes(pattern));
if (test) whole.push("http://localhost/*", "http://127.0.0.1/*");
manifest.content_scripts = [
  // Frames without an address of their own can be covered only where all of a site is.
  { matches: whole, match_origin_as_fallback: true, ...script },
  { matches: partial, match_about_blank: true, ...script },
];
await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 2));

if (test) {
  const pages = join(here, "dist-test/pages");
  await rm(pages, { recursive: true, force: true });
  await cp(join(tests, "pages"), pages, { recursive: true });
  const scripts = (await readdir(pages)).filter((name) => /\.tsx?$/.test(name));
  await build({
    ...common,
    define: { "process.env.NODE_ENV": '"production"' },
    entryPoints: scripts.map((name) => join(tests, "pages", name)),
    // The pages lie outside this folder; what they import lies in it.
    nodePaths: [join(here, "node_modules")],
    format: "iife",
    outdir: pages,
  });
} else {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  await promisify(execFile)(process.execPath, [
    tsc, "src/client.ts", "--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--outDir", out,
    "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2023,dom", "--types", "", "--skipLibCheck", "--strict",
  ], { cwd: here });
}
