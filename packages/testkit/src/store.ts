import { boolean, type Engine, insert, integer, MetaData, numeric, string, Table } from "@acme/core";

/** A small store that the reading chapters share. Nothing writes to it after it is filled. */
const storeMetadata = new MetaData();

export const people = new Table("people", storeMetadata, {
  id: integer().primaryKey({ autoincrement: false }),
  name: string(50),
  nick: string(50).nullable(),
  age: integer(),
  active: boolean(),
  balance: numeric(10, 2),
  bossId: integer()
    .named("boss_id")
    .nullable()
    .references(() => people.c.id),
});

export const items = new Table("items", storeMetadata, {
  id: integer().primaryKey({ autoincrement: false }),
  ownerId: integer()
    .named("owner_id")
    .nullable()
    .references(() => people.c.id),
  title: string(100),
  price: integer(),
});

/** Nothing refers to it and it refers to nothing. */
export const islands = new Table("islands", storeMetadata, {
  id: integer().primaryKey({ autoincrement: false }),
  name: string(20),
});

export const PEOPLE = [
  { id: 1, name: "alice", nick: "al", age: 50, active: true, balance: "10.50", bossId: null },
  { id: 2, name: "bob", nick: null, age: 30, active: true, balance: "0.00", bossId: 1 },
  { id: 3, name: "carol", nick: "caz", age: 30, active: false, balance: "-3.25", bossId: 1 },
  { id: 4, name: "dave", nick: null, age: 41, active: false, balance: "99999999.99", bossId: 2 },
] as const;

const ITEMS = [
  { id: 10, ownerId: 1, title: "lamp", price: 5 },
  { id: 11, ownerId: 1, title: "desk", price: 100 },
  { id: 12, ownerId: 2, title: "pen", price: 1 },
  { id: 13, ownerId: null, title: "lost", price: 7 },
] as const;

/** Creates and fills the store. */
export async function createStore(engine: Engine): Promise<void> {
  await storeMetadata.createAll(engine);
  await engine.begin(async (connection) => {
    await connection.execute(insert(people).values(...PEOPLE));
    await connection.execute(insert(items).values(...ITEMS));
    await connection.execute(insert(islands).values({ id: 1, name: "x" }, { id: 2, name: "y" }));
  });
}

/** Drops the store. */
export async function dropStore(engine: Engine): Promise<void> {
  await storeMetadata.dropAll(engine);
}
