import { createEngine, insert, integer, MetaData, select, string, Table, unique } from "@acme/core";
import { describe, expect, test } from "vitest";
import "./index.js";

const metadata = new MetaData();
const users = new Table(
  "users",
  metadata,
  { id: integer().primaryKey(), email: string(50), name: string(50) },
  { constraints: (c) => [unique([c.email])] },
);
const { id, email, name } = users.c;

describe("[sqlite] ON CONFLICT", () => {
  test("[LT12] one of several clauses is chosen by the key that is met; the excluded row gives values", async () => {
    const engine = createEngine("sqlite://");
    await metadata.createAll(engine);
    await engine.begin(async (conn) => {
      await conn.execute(insert(users).values({ id: 1, email: "a", name: "a" }, { id: 2, email: "b", name: "b" }));
      const put = (row: { id: number; email: string; name: string }) =>
        insert(users)
          .values(row)
          .onConflictDoUpdate({
            target: ["email"],
            set: (excluded, existing) => ({ name: existing.name.concat(excluded.name) }),
            where: id.lt(2),
          })
          .onConflictDoUpdate({ target: ["id"], set: { name: "same id" } })
          .returning(id, name);
      expect(await conn.execute(put({ id: 9, email: "a", name: "x" })).all()).toEqual([{ id: 1, name: "ax" }]);
      expect(await conn.execute(put({ id: 9, email: "b", name: "x" })).all()).toEqual([]);
      expect(await conn.execute(put({ id: 2, email: "c", name: "x" })).all()).toEqual([{ id: 2, name: "same id" }]);
      const taken = insert(users).values({ id: 9, email: "b", name: "x" });
      const ignored = insert(users).values({ id: 1, email: "b", name: "x" });
      expect((await conn.execute(ignored.onConflictDoNothing())).rowCount).toBe(0);
      await expect(async () => conn.execute(taken.onConflictDoNothing({ target: ["id"] }))).rejects.toThrow("email");
      expect(await conn.execute(select(email).orderBy(id)).scalars()).toEqual(["a", "b"]);
    });
    await engine.dispose();
  });
});
