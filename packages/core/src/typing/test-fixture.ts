import type { Executable } from "../index.js";
import {
  bigInteger,
  boolean,
  dateTime,
  double,
  enumeration,
  func,
  integer,
  json,
  largeBinary,
  MetaData,
  numeric,
  string,
  Table,
  uuid,
} from "../index.js";

const metadata = new MetaData();

export const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
  age: integer(),
  score: double().nullable(),
  balance: numeric(10, 2),
  visits: bigInteger().default(0n),
  active: boolean().default(true),
  role: enumeration(["admin", "user"]),
  settings: json<{ theme: string }>().nullable(),
  managerId: integer()
    .nullable()
    .references(() => users.c.id),
  createdAt: dateTime({ timezone: true }).serverDefault(func.now()),
  token: uuid().default(() => crypto.randomUUID()),
  photo: largeBinary().nullable(),
  initials: string(5).computed("substr(name, 1, 1)"),
});

export const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer().references(() => users.c.id),
  title: string(200),
  rating: integer().nullable(),
});

export const tags = new Table("tags", metadata, {
  postId: integer()
    .primaryKey()
    .references(() => posts.c.id),
  label: string(20).primaryKey(),
});

/** The row by name of a statement: what `execute(...).all()` gives an array of. */
export declare function rowOf<R, P>(statement: Executable<R, P>): R;
/** The row of a statement as a tuple. */
export declare function tupleOf<R, P>(statement: Executable<R, P>): P;
