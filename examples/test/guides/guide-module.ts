import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Engine, Insert, MetaData } from "@acme/core";
import * as core from "@acme/core";
import { type ModuleOptions, moduleOf } from "./extract.js";

/** What a guide declares before its first section. */
export interface GuideModule {
  readonly metadata: MetaData;
  readonly rows: readonly Insert<never>[];
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const folderOf = (name: string): string => path(`../.guides/${name}`);

/** The file of a guide. */
export function guidePath(name: string): string {
  return path(`../../../docs/guides/${name}.md`);
}

/** Writes the TypeScript of a page as a module and imports it, which registers its sections. */
export async function importPage(
  name: string,
  page: string,
  options: Omit<ModuleOptions, "names">,
  tail = "",
): Promise<unknown> {
  const folder = folderOf(name);
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(core).filter((exported) => new RegExp(`\\b${exported}\\b`).test(page));
  writeFileSync(`${folder}/guide.ts`, `${moduleOf(page, { names, ...options })}${tail}`);
  const compilerOptions = { rootDir: "../../../..", lib: ["es2023", "esnext.disposable", "esnext.temporal"] };
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({ extends: "../../../../tsconfig.json", include: ["*.ts"], compilerOptions }),
  );
  return (await import(/* @vite-ignore */ `${folder}/guide.ts`)) as unknown;
}

/** A guide as a module, with the tables and rows of its examples. */
export async function importGuide(name: string, options: Omit<ModuleOptions, "names">): Promise<GuideModule> {
  const guide = readFileSync(guidePath(name), "utf8");
  return (await importPage(name, guide, options, "export { metadata, rows };\n")) as GuideModule;
}

/** What the type checker says of a guide that was imported. */
export async function typeErrors(name: string): Promise<string> {
  const tsc = path("../../../node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [tsc, "--noEmit", "-p", folderOf(name)]).then(
    () => "",
    (error: { readonly stdout: string }) => error.stdout,
  );
}

/** Creates a guide's tables and inserts its rows. */
export async function fill({ metadata, rows }: GuideModule, engine: Engine): Promise<void> {
  await metadata.createAll(engine);
  await engine.begin(async (conn) => {
    for (const insert of rows) await conn.execute(insert);
  });
}
