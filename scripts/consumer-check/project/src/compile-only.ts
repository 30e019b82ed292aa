// What a browser or an edge runtime does with the toolkit: builds statements and reads their SQL.
import { integer, MetaData, select, string, Table } from "@acme/core";

const metadata = new MetaData();
const users = new Table("users", metadata, {
  id: integer().primaryKey(),
  name: string(50),
  nick: string(50).nullable(),
});

const statement = select(users.c.id, users.c.nick).where(users.c.name.eq("alice"));

export const compiled: string = String(statement);
