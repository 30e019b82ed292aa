import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A mistake, and the first line of what the compiler says about it. */
const MISTAKES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  "a collection that is not loaded": [
    "user.posts.map((post) => post.title);",
    "Property 'map' does not exist on type 'Collection<Post>'.",
  ],
  "the length of a collection that is not loaded": [
    "user.posts.length;",
    "Property 'length' does not exist on type 'Collection<Post>'.",
  ],
  "a related entity that is not loaded": [
    "post.author.name;",
    "Property 'name' does not exist on type 'NotLoaded<User> | User'.",
  ],
  "a related entity that may be null": ["loaded.manager.name;", "'loaded.manager' is possibly 'null'."],
  "a relationship that the options did not load": [
    "loaded.posts.map((post) => post.title);",
    "Property 'map' does not exist on type 'Collection<Post>'.",
  ],
  "a constructor without a required property": [
    "new Profile({});",
    "Argument of type '{}' is not assignable to parameter of type '{ bio: string; } & { id?: number | undefined; user?: User | undefined; userId?: number | undefined; }'.",
  ],
  "a constructor with an unknown property": [
    'new User({ name: "x", nmae: "y" });',
    "Object literal may only specify known properties, and 'nmae' does not exist in type '{ name: string; } & { id?: number | undefined; manager?: User | null | undefined; managerId?: number | null | undefined; nick?: string | null | undefined; posts?: readonly Post[] | undefined; profile?: Profile | ... 1 more ... | undefined; reports?: readonly User[] | undefined; }'.",
  ],
  "a constructor with a wrong value": ["new Post({ title: 5 });", "Type 'number' is not assignable to type 'string'."],
  "a constructor with null for what is not nullable": [
    "new User({ name: null });",
    "Type 'null' is not assignable to type 'string'.",
  ],
  "a constructor with entities of another class": [
    'new User({ name: "x", posts: [new Tag({ name: "t" })] });',
    "Type 'Tag' is missing the following properties from type 'Post': title, authorId, author, tags",
  ],
  "a property that does not exist": ["user.nmae;", "Property 'nmae' does not exist on type 'User'."],
  "a value of another type": ["user.name = 5;", "Type 'number' is not assignable to type 'string'."],
  "null for what is not nullable": ["user.name = null;", "Type 'null' is not assignable to type 'string'."],
  "an entity of another class": [
    "post.author = post;",
    "Type 'Post' is not assignable to type 'NotLoaded<User> | User'.",
  ],
  "a column that does not exist": [
    "User.c.nmae;",
    'Property \'nmae\' does not exist on type \'{ readonly id: Column<number, "User", "id">; readonly name: Column<string, "User", "name">; readonly nick: Column<string | null, "User", "nick">; readonly managerId: Column<...>; readonly manager: RelationshipAttribute<...>; readonly reports: RelationshipAttribute<...>; readonly posts: RelationshipAttribute<...>; re...\'.',
  ],
  "a column taken from the class instead of .c": [
    'User.name.eq("x");',
    "Property 'eq' does not exist on type 'string'.",
  ],
  "a literal of the wrong type": [
    "User.c.name.eq(5);",
    "Argument of type '5' is not assignable to parameter of type 'Operand<string>'.",
  ],
  "a column of another type": [
    "User.c.id.eq(Post.c.title);",
    "Argument of type 'Column<string, \"Post\", \"title\">' is not assignable to parameter of type 'Operand<number>'.",
  ],
  "a relationship as a condition": [
    "select(User).where(User.c.posts);",
    'Property \'[t]\' is missing in type \'RelationshipAttribute<"User", "posts", Post, "Post", "many">\' but required in type \'Typed<Bool>\'.',
  ],
  "a relationship in a select list": [
    "select(User.c.posts);",
    'Type \'RelationshipAttribute<"User", "posts", Post, "Post", "many">\' is missing the following properties from type \'Item\': [t], [s], [n]',
  ],
  "a loader option for a column": [
    "selectinload(User.c.name);",
    "Type 'Column<string, \"User\", \"name\">' is missing the following properties from type 'RelationshipAttribute<string, string, unknown, string, RelationshipKind>': [relation], parent, any, has, and 2 more.",
  ],
  "a loader option that does not follow": [
    "selectinload(User.c.posts).and(selectinload(User.c.manager));",
    'Argument of type \'Load<"User", "manager", User, "User", "optional", unknown>\' is not assignable to parameter of type \'Load<"Post", "manager", User, "User", "optional", unknown>\'.',
  ],
  "a back-reference that does not exist": [
    'many(Post, { backPopulates: "autor" });',
    'Type \'"autor"\' is not assignable to type \'"author" | "authorId" | "id" | "tags" | "title" | undefined\'. Did you mean \'"author"\'?',
  ],
  "an alias without that column": [
    'aliased(User, "boss").c.nmae;',
    'Property \'nmae\' does not exist on type \'{ readonly id: Column<number, "boss", "id">; readonly name: Column<string, "boss", "name">; readonly nick: Column<string | null, "boss", "nick">; readonly managerId: Column<...>; readonly manager: RelationshipAttribute<...>; readonly reports: RelationshipAttribute<...>; readonly posts: RelationshipAttribute<...>; re...\'.',
  ],
  "a related entity compared with another class": [
    "Post.c.author.eq(post);",
    "Type 'Post' is missing the following properties from type 'User': display, name, nick, managerId, and 4 more.",
  ],
  "an insert without a required column": [
    "insert(Tag).values({});",
    "Argument of type '{}' is not assignable to parameter of type '{ name: string | Typed<string>; } & { id?: number | Typed<number> | undefined; }'.",
  ],
  "an update with an unknown column": [
    'update(Tag).set({ nmae: "x" });',
    "Object literal may only specify known properties, and 'nmae' does not exist in type 'Partial<{ name: string | Typed<string>; } & { id?: number | Typed<number> | undefined; }>'.",
  ],
  "an update of a relationship": [
    "update(Post).set({ author: user });",
    "Object literal may only specify known properties, but 'author' does not exist in type 'Partial<{ authorId: number | Typed<number>; title: string | Typed<string>; } & { id?: number | Typed<number> | undefined; }>'. Did you mean to write 'authorId'?",
  ],
};

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../../../..");
const names = Object.keys(MISTAKES);
const said = new Map<string, string>();
let folder = "";

const PRELUDE = `import { insert, select, update } from "@acme/core";
import { aliased, joinedload, many, selectinload, type Session } from ${JSON.stringify(join(here, "../index.js"))};
import { Post, Profile, Tag, User } from ${JSON.stringify(join(here, "../testing/blog.js"))};
declare const session: Session;
declare const user: User;
declare const post: Post;
const [loaded] = await session.scalars(select(User).options(joinedload(User.c.manager))).all();
if (!loaded) throw "none";
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-typing-"));
  const files = names.map((_, i) => `mistake${i}.mts`);
  for (const [i, name] of names.entries()) {
    await writeFile(join(folder, files[i] as string), `${PRELUDE}${MISTAKES[name]?.[0]}\n`);
  }
  const paths = {
    "@acme/core": [join(root, "packages/core/src/index.ts")],
    "@acme/core/dialect": [join(root, "packages/core/src/dialect.ts")],
    "@acme/pool": [join(root, "packages/pool/src/index.ts")],
  };
  const compilerOptions = { noEmit: true, types: [], paths };
  const config = { extends: join(root, "tsconfig.base.json"), compilerOptions, files };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, [tsc, "-p", folder], { cwd: folder }, (_error, stdout) => done(stdout));
  });
  for (const line of output.split("\n")) {
    const match = /^mistake(\d+)\.mts\(\d+,\d+\): error TS\d+: (.*)$/.exec(line);
    const name = names[Number(match?.[1])];
    if (match && name !== undefined && !said.has(name)) said.set(name, match[2] as string);
  }
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("what the compiler says about mistakes with entities", () => {
  test.each(names)("[TYPG13] %s: the first line names the mistake, in at most 450 characters", (name) => {
    expect(said.get(name)).toBe(MISTAKES[name]?.[1]);
    expect(said.get(name)?.length).toBeLessThanOrEqual(450);
  });
});
