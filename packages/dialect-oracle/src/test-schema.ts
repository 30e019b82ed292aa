import {
  bigInteger,
  boolean,
  date,
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
  text,
  time,
  uuid,
} from "@acme/core";

/** The tables that this package's tests write SQL for. */
const metadata: MetaData = new MetaData();

export const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(20).nullable(),
  age: integer(),
  balance: numeric(10, 2),
  score: double().nullable(),
  visits: bigInteger().default(0n),
  active: boolean().default(true),
  role: enumeration(["admin", "user"]),
  bio: text().nullable(),
  settings: json<{ theme: string }>().nullable(),
  born: date().nullable(),
  wakes: time().nullable(),
  seen: dateTime().nullable(),
  createdAt: dateTime({ timezone: true }).serverDefault(func.now()),
  token: uuid().nullable(),
  photo: largeBinary().nullable(),
  managerId: integer()
    .nullable()
    .references(() => users.c.id),
});

export const posts = new Table("posts", metadata, {
  id: integer().primaryKey(),
  authorId: integer().references(() => users.c.id),
  title: string(200),
  rating: integer().nullable(),
});

/** A small table, so that the texts of INSERT stay readable. */
export const tags = new Table("tags", metadata, {
  id: integer().primaryKey(),
  label: string(20),
  weight: numeric(6, 3).nullable(),
  added: date().nullable(),
});

/** A table without a generated key. */
export const grades = new Table("grades", metadata, {
  course: string(10).primaryKey(),
  student: string(10).primaryKey(),
  mark: double(),
});

/** A table of which every column has a default. */
export const counters = new Table("counters", metadata, {
  id: integer().primaryKey(),
  n: integer().serverDefault(0),
});
