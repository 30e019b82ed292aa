import {
  boolean,
  func,
  inspect as inspectDatabase,
  integer,
  logTo,
  type MetaData,
  numeric,
  select,
  setLogLevel,
  string,
} from "@acme/core";
import {
  declarativeBase,
  inspect,
  inspectClass,
  joinedload,
  load,
  many,
  one,
  optional,
  Session,
  selectinload,
} from "@acme/orm";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";

/** A small library: authors, books, subjects. */
function declareLibrary() {
  const Base = declarativeBase();

  class Author extends Base.define("Author", {
    id: integer().primaryKey(),
    name: string(50),
    mentorId: integer()
      .nullable()
      .references(() => Author.c.id),
    mentor: () => optional(Author),
    books: () => many(Book, { backPopulates: "author", cascade: "all, delete-orphan" }),
  }) {}

  class Book extends Base.define("Book", {
    id: integer().primaryKey(),
    title: string(100),
    price: numeric(8, 2),
    sold: boolean().default(false),
    authorId: integer().references(() => Author.c.id),
    author: () => one(Author, { backPopulates: "books" }),
  }) {}

  return { metadata: Base.metadata as MetaData, Author, Book };
}

/** The unit of work and its loading, in small: what a dialect must make possible for the ORM. */
export const ormChapter: Chapter = {
  title: "orm",
  declare({ engine, test }) {
    test("[EVT22] the ORM's logger tells what was flushed, at its level", {}, async () => {
      await withLibrary(async ({ Author }) => {
        const lines: string[] = [];
        const take = (line: string): void => void lines.push(line);
        logTo({ debug: take, info: take, warn: take });
        try {
          await using session = new Session(engine());
          for (const level of ["warn", "info"] as const) {
            setLogLevel("acme.orm", level);
            session.add(new Author({ name: level }));
            await session.commit();
          }
        } finally {
          setLogLevel("acme.orm", "off");
          logTo(undefined);
        }
        expect(lines).toEqual(["[acme.orm] flushed: 1 new, 0 changed, 0 deleted"]);
      });
    });

    test("[EVT26] engine, connection, class, entity, table and alias each tell what they are", {}, async () => {
      await withLibrary(async ({ Author, Book }) => {
        const fromEngine = await inspectDatabase(engine());
        expect((await fromEngine.getTableNames()).map((name) => name.toLowerCase())).toContain("author");
        await using conn = await engine().connect();
        const fromConnection = await inspectDatabase(conn);
        const mapped = inspectClass(Book);
        const columns = await fromConnection.getColumns(mapped.table.name);
        expect(columns.map((column) => column.name.toLowerCase())).toContain("price");
        expect([mapped.name, mapped.primaryKey.map((column) => column.key)]).toEqual(["Book", ["id"]]);
        expect(mapped.relationships.map(({ key, target }) => [key, target])).toEqual([["author", "Author"]]);
        const author = new Author({ name: "ann" });
        expect([inspect(author).entityName, inspect(author).lifecycle]).toEqual(["Author", "transient"]);
        const alias = mapped.table.alias("b");
        expect(alias.columns.map((column) => column.key)).toEqual(mapped.columns.map((column) => column.key));
        const price = mapped.columns.find((column) => column.key === "price");
        expect([String(price?.type), price?.nullable]).toEqual(["numeric(8, 2)", false]);
        expect(() => inspect({})).toThrow(/not an entity|is no/);
      });
    });

    const withLibrary = async (run: (library: ReturnType<typeof declareLibrary>) => Promise<void>): Promise<void> => {
      const library = declareLibrary();
      await library.metadata.createAll(engine());
      try {
        await run(library);
      } finally {
        await library.metadata.dropAll(engine());
      }
    };

    const fill = async ({ Author, Book }: ReturnType<typeof declareLibrary>): Promise<void> => {
      await using session = new Session(engine());
      const ann = new Author({
        name: "ann",
        books: [new Book({ title: "one", price: "1.50" }), new Book({ title: "two", price: 2 })],
      });
      session.addAll([
        ann,
        new Author({ name: "bob", mentor: ann, books: [new Book({ title: "three", price: "3.00" })] }),
      ]);
      await session.commit();
    };

    test("[SES26][SES30] writes a graph in the order of its keys and hands the generated keys out", {}, async () => {
      await withLibrary(async (library) => {
        await fill(library);
        const { Author, Book } = library;
        await using session = new Session(engine());
        const rows = await session
          .execute(select(Author.c.name, Book.c.title).join(Book).orderBy(Book.c.title))
          .tuples();
        expect(rows).toEqual([
          ["ann", "one"],
          ["bob", "three"],
          ["ann", "two"],
        ]);
        const bob = await session.scalars(select(Author).where(Author.c.name.eq("bob"))).one();
        expect((await load(bob).mentor)?.name).toBe("ann");
      });
    });

    test("[SES11][LOAD1][LOAD2][LOAD3] one row is one object, eagerly or lazily loaded", {}, async () => {
      await withLibrary(async (library) => {
        await fill(library);
        const { Author, Book } = library;
        await using session = new Session(engine());
        const authors = await session
          .scalars(select(Author).options(selectinload(Author.c.books)).orderBy(Author.c.name))
          .all();
        const books = await session.scalars(select(Book).options(joinedload(Book.c.author)).orderBy(Book.c.id)).all();
        expect(authors.map((author) => author.books.length)).toEqual([2, 1]);
        for (const book of books) expect(authors).toContain(book.author);
        expect(await session.get(Author, authors[0]?.id)).toBe(authors[0]);
      });
    });

    test("[SES24][REL15] writes only what changed, and deletes orphans", {}, async () => {
      await withLibrary(async (library) => {
        await fill(library);
        const { Author, Book } = library;
        {
          await using session = new Session(engine());
          const ann = await session
            .scalars(select(Author).where(Author.c.name.eq("ann")).options(selectinload(Author.c.books)))
            .one();
          const [first, second] = ann.books;
          if (!first || !second) throw new TypeError("ann has two books");
          second.price = "9.99";
          ann.books.remove(first);
          await session.commit();
        }
        await using session = new Session(engine());
        const books = await session
          .execute(select(Book.c.title, Book.c.price, Book.c.sold).orderBy(Book.c.title))
          .tuples();
        expect(books).toEqual([
          ["three", "3.00", false],
          ["two", "9.99", false],
        ]);
      });
    });

    test("[SES5] a failed flush leaves the database as it was and the session usable after rollback", {}, async () => {
      await withLibrary(async (library) => {
        await fill(library);
        const { Author, Book } = library;
        await using session = new Session(engine());
        const twin = new Author({ name: "twin" });
        session.add(twin);
        session.add(new Book({ title: "nobody's", price: "1.00", authorId: 9_999 }));
        await expect(session.commit()).rejects.toThrow();
        await session.rollback();
        expect(inspect(twin).transient).toBe(true);
        expect(await session.execute(select(func.count()).selectFrom(Author)).scalar()).toBe(2);
        session.add(new Author({ name: "later" }));
        await session.commit();
        expect(await session.execute(select(func.count()).selectFrom(Author)).scalar()).toBe(3);
      });
    });
  },
};
