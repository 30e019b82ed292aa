import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A mistake, and the first line of what the compiler says about it. */
const MISTAKES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  "a literal of the wrong type": [
    "users.c.name.eq(5);",
    "Argument of type '5' is not assignable to parameter of type 'Operand<string>'.",
  ],
  "a column of another type": [
    "users.c.id.eq(posts.c.title);",
    "Argument of type 'Column<string, \"posts\", \"title\">' is not assignable to parameter of type 'Operand<number>'.",
  ],
  "a condition that is none": [
    "select(users.c.id).where(users.c.name);",
    "Argument of type 'Column<string, \"users\", \"name\">' is not assignable to parameter of type 'Typed<Bool>'.",
  ],
  "a union of other columns": [
    "select(users.c.id).union(select(users.c.name));",
    "Argument of type 'Select<readonly [Column<string, \"users\", \"name\">], never, unknown>' is not assignable to parameter of type 'Queryable<[number]>'.",
  ],
  "an insert without a required column": [
    'insert(posts).values({ title: "x" });',
    "Argument of type '{ title: string; }' is not assignable to parameter of type '{ authorId: number | Typed<number>; title: string | Typed<string>; } & { id?: number | Typed<number> | undefined; rating?: number | Typed<number | null> | null | undefined; }'.",
  ],
  "an insert with a wrong value": [
    'insert(posts).values({ authorId: "1", title: "x" });',
    "Type 'string' is not assignable to type 'number | Typed<number>'.",
  ],
  "an insert with an unknown column": [
    'insert(posts).values({ authorId: 1, title: "x", titel: "y" });',
    "Object literal may only specify known properties, but 'titel' does not exist in type '{ authorId: number | Typed<number>; title: string | Typed<string>; } & { id?: number | Typed<number> | undefined; rating?: number | Typed<number | null> | null | undefined; }'. Did you mean to write 'title'?",
  ],
  "null for a column that is not nullable": [
    "update(posts).set({ title: null });",
    "Type 'null' is not assignable to type 'string | Typed<string> | undefined'.",
  ],
  "a table where a column is expected": [
    "select(posts);",
    "Type 'Table<\"posts\", { id: number; authorId: number; title: string; rating: number | null; }, { authorId: number | Typed<number>; title: string | Typed<string>; } & { id?: number | Typed<...> | undefined; rating?: number | ... 2 more ... | undefined; }>' is missing the following properties from type 'Item': [t], [s], [n]",
  ],
  "text operators on numbers": [
    'users.c.id.like("1%");',
    "The 'this' context of type 'Column<number, \"users\", \"id\">' is not assignable to method's 'this' of type 'Typed<string | null>'.",
  ],
  "a column that was not selected": [
    "rowOf(select(users.c.id)).name;",
    "Property 'name' does not exist on type '{ id: number; }'.",
  ],
};

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../../..");
const names = Object.keys(MISTAKES);
const said = new Map<string, string>();
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-typing-"));
  const fixture = join(here, "test-fixture.js");
  const core = join(here, "../index.js");
  const files = names.map((_, i) => `mistake${i}.mts`);
  for (const [i, name] of names.entries()) {
    const imports = `import { insert, select, update } from ${JSON.stringify(core)};\nimport { posts, rowOf, users } from ${JSON.stringify(fixture)};\n`;
    await writeFile(
      join(folder, files[i] as string),
      `${imports}${MISTAKES[name]?.[0]}\nexport { insert, select, update, posts, rowOf, users };\n`,
    );
  }
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: { noEmit: true, types: [], paths: { "@acme/pool": [join(root, "packages/pool/src/index.ts")] } },
    files,
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  const output = await new Promise<string>((done) => {
    execFile(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", folder],
      { cwd: folder },
      (_error, stdout) => done(stdout),
    );
  });
  for (const line of output.split("\n")) {
    const match = /^mistake(\d+)\.mts\(\d+,\d+\): error TS\d+: (.*)$/.exec(line);
    if (match) said.set(names[Number(match[1])] as string, match[2] as string);
  }
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("what the compiler says about mistakes", () => {
  test.each(names)("[TYPG13] %s: the first line names the mistake, in at most 450 characters", (name) => {
    expect(said.get(name)).toBe(MISTAKES[name]?.[1]);
    expect(said.get(name)?.length).toBeLessThanOrEqual(450);
  });
});
