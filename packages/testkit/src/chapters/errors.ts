import {
  CheckViolationError,
  check,
  type DatabaseError,
  DataError,
  delete_,
  ForeignKeyViolationError,
  func,
  IntegrityError,
  insert,
  integer,
  type MetaData,
  NotNullViolationError,
  ProgrammingError,
  select,
  sql,
  string,
  Table,
  UniqueViolationError,
  update,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

const declareFamily = (metadata: MetaData) => {
  const parents = new Table(
    "parents",
    metadata,
    { id: integer().primaryKey({ autoincrement: false }), code: string(5).unique("uq_parents_code"), size: integer() },
    { constraints: (c) => [check(c.size.gt(0), { name: "ck_parents_size" })] },
  );
  const children = new Table("children", metadata, {
    id: integer().primaryKey({ autoincrement: false }),
    parentId: integer().references(() => parents.c.id),
  });
  return { parents, children };
};

/** Errors mean the same on every database, and leave nothing half-done. */
export const errorChapter: Chapter = {
  title: "errors",
  declare({ test }) {
    test("[ENG72][ENG73] a unique violation, with statement, parameters, cause and code", {}, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        await conn.execute(insert(parents).values({ id: 1, code: "a", size: 1 }));
        const error = (await conn
          .execute(insert(parents).values({ id: 2, code: "a", size: 1 }))
          .catch((e: unknown) => e)) as DatabaseError;
        expect(error).toBeInstanceOf(UniqueViolationError);
        expect(error).toBeInstanceOf(IntegrityError);
        expect(error.code).toBe("UNIQUE_VIOLATION");
        expect(error.statement).toMatch(/^INSERT INTO .*parents/);
        expect(error.parameters).toContain("a");
        expect(error.cause).toBeInstanceOf(Error);
        expect(error.message).toContain("[SQL: INSERT INTO");
        await expect(conn.execute(insert(parents).values({ id: 1, code: "b", size: 1 }))).rejects.toBeInstanceOf(
          UniqueViolationError,
        );
      });
    });

    test("[ENG72] a foreign key violation, on insert and on delete", { needs: "foreignKeys" }, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents, children }) => {
        await expect(conn.execute(insert(children).values({ id: 1, parentId: 9 }))).rejects.toBeInstanceOf(
          ForeignKeyViolationError,
        );
        await conn.execute(insert(parents).values({ id: 1, code: "a", size: 1 }));
        await conn.execute(insert(children).values({ id: 1, parentId: 1 }));
        await expect(conn.execute(delete_(parents))).rejects.toBeInstanceOf(ForeignKeyViolationError);
      });
    });

    test("[ENG72] NULL for a column that is NOT NULL", {}, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        await expect(
          conn.execute(insert(parents).values({ id: 1, code: "a", size: null as never })),
        ).rejects.toBeInstanceOf(NotNullViolationError);
      });
    });

    test("[ENG72] a check violation", { needs: "checkConstraints" }, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        await expect(conn.execute(insert(parents).values({ id: 1, code: "a", size: 0 }))).rejects.toBeInstanceOf(
          CheckViolationError,
        );
      });
    });

    test("[ENG72] a text that is too long for its column", { needs: "stringLength" }, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        await expect(
          conn.execute(insert(parents).values({ id: 1, code: "much too long", size: 1 })),
        ).rejects.toBeInstanceOf(DataError);
        expect(await conn.execute(select(func.count()).selectFrom(parents)).scalar()).toBe(0);
      });
    });

    test("[ENG72] a number beyond 32 bits", { needs: "integerRange" }, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        await expect(
          conn.execute(insert(parents).values({ id: 3_000_000_000, code: "a", size: 1 })),
        ).rejects.toBeInstanceOf(DataError);
        expect(await conn.execute(select(func.count()).selectFrom(parents)).scalar()).toBe(0);
      });
    });

    test("[ENG72] wrong SQL and unknown tables", {}, async (conn) => {
      await expect(conn.execute(sql.text("SELEC 1"))).rejects.toBeInstanceOf(ProgrammingError);
      await expect(conn.execute(sql.text("SELECT * FROM no_such_table_anywhere"))).rejects.toBeInstanceOf(
        ProgrammingError,
      );
      expect(await conn.execute(sql.text("SELECT 1 AS one").columns({ one: integer() })).scalar()).toBe(1);
    });

    test("a transaction in which a statement failed can be rolled back, and nothing of it stays", {}, async (conn) => {
      await withTables(conn, declareFamily, async ({ parents }) => {
        const work = conn.transaction(async () => {
          await conn.execute(insert(parents).values({ id: 1, code: "a", size: 1 }));
          await conn.execute(update(parents).set({ size: 5 }));
          await conn.execute(insert(parents).values({ id: 1, code: "b", size: 1 }));
        });
        await expect(work).rejects.toBeInstanceOf(UniqueViolationError);
        expect(await conn.execute(select(func.count()).selectFrom(parents)).scalar()).toBe(0);
      });
    });
  },
};
