import { boolean, dateTime, func, integer, MetaData, numeric, string, Table } from "../index.js";

const metadata = new MetaData();

/** Tables that the tests of this room share. */
export const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
  age: integer(),
  active: boolean(),
  balance: numeric(10, 2),
  createdAt: dateTime({ timezone: true }).serverDefault(func.now()),
});

export const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer()
    .named("author_id")
    .references(() => users.c.id),
  title: string(200),
});

/** Two foreign keys to users: ON cannot be inferred. */
export const reviews = new Table("reviews", metadata, {
  id: integer().primaryKey(),
  writerId: integer()
    .named("writer_id")
    .references(() => users.c.id),
  readerId: integer()
    .named("reader_id")
    .references(() => users.c.id),
});

/** Nothing refers to it. */
export const lonely = new Table("lonely", metadata, { id: integer().primaryKey() });
