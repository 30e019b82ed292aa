// A user's program: every package imported by its name, from what `pnpm pack` made of it.
import * as core from "@acme/core";
import * as authors from "@acme/core/dialect";
import * as mssql from "@acme/dialect-mssql";
import * as mysql from "@acme/dialect-mysql";
import * as oracle from "@acme/dialect-oracle";
import * as postgres from "@acme/dialect-postgres";
import * as sqlite from "@acme/dialect-sqlite";
import * as orm from "@acme/orm";
import * as pool from "@acme/pool";
import * as testkit from "@acme/testkit";
import { compiled } from "./compile-only.js";

function check(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

const packages = { core, authors, pool, orm, postgres, mysql, sqlite, oracle, mssql, testkit };
for (const [name, exported] of Object.entries(packages)) {
  check(Object.keys(exported).length > 0, `${name} exports nothing`);
}
check(authors.Node === core.Node, "the two entry points of core have classes of their own");
check(compiled.includes("users.name ="), `unexpected SQL: ${compiled}`);

// ---- and what a user does with them, on embedded SQLite -----------------------------------------------------------

const metadata = new core.MetaData();
const users = new core.Table("users", metadata, {
  id: core.integer().primaryKey(),
  name: core.string(50),
  nick: core.string(50).nullable(),
  balance: core.numeric(10, 2).default("0.00"),
});

const Base = orm.declarativeBase();
class Author extends Base.define("Author", {
  id: core.integer().primaryKey(),
  name: core.string(50),
  books: () => orm.many(Book, { backPopulates: "author" }),
}) {
  display(): string {
    return this.name.toUpperCase();
  }
}
class Book extends Base.define("Book", {
  id: core.integer().primaryKey(),
  title: core.string(100),
  authorId: core.integer().references(() => Author.c.id),
  author: () => orm.one(Author, { backPopulates: "books" }),
}) {}

const engine = core.createEngine("sqlite://");
await metadata.createAll(engine);
await Base.metadata.createAll(engine);
await engine.begin(async (conn) => {
  await conn.execute(core.insert(users).values({ name: "alice" }, { name: "bob", nick: "b" }));
  const rows: { name: string; nick: string | null; balance: `${number}` }[] = await conn
    .execute(core.select(users.c.name, users.c.nick, users.c.balance).orderBy(users.c.id))
    .all();
  check(
    JSON.stringify(rows) ===
      '[{"name":"alice","nick":null,"balance":"0.00"},{"name":"bob","nick":"b","balance":"0.00"}]',
    JSON.stringify(rows),
  );
});

const session = new orm.Session(engine);
session.add(new Author({ name: "ann", books: [new Book({ title: "one" })] }));
await session.commit();
const loaded = await session.scalars(core.select(Author).options(orm.selectinload(Author.c.books))).all();
const titles: string[] = loaded.flatMap((author) => author.books.map((book) => `${author.display()}: ${book.title}`));
check(titles.join() === "ANN: one", titles.join());
await session.close();
await engine.dispose();
