import { type Node, select } from "@acme/core";
import { describe, expect, test } from "vitest";
import { mssql } from "./index.js";
import { users } from "./test-schema.js";

const { id, balance, bio, born, seen, createdAt } = users.c;

/** The text that a statement is sent as. */
function write(statement: Node): string {
  return mssql().compile(statement).render(statement).sql;
}

describe("values as text", () => {
  test("[TYP20] dates and times on their way in and out", () => {
    expect(
      write(
        select(born, seen, createdAt).where(seen.ge(new Date(0)), createdAt.lt(new Date(0)), born.eq("2020-01-01")),
      ),
    ).toBe(
      "SELECT users.born, users.seen, users.[createdAt] FROM users WHERE users.seen >= @p1 AND users.[createdAt] < @p2 AND users.born = @p3",
    );
  });

  test("[TYP20] texts of any length are compared", () => {
    expect(write(select(bio).where(bio.eq("x"), bio.like("%a"), bio.isNotNull()))).toBe(
      "SELECT users.bio FROM users WHERE users.bio = @p1 AND users.bio LIKE @p2 AND users.bio IS NOT NULL",
    );
  });

  test("[TYP20] decimals in comparison and arithmetic", () => {
    expect(write(select(balance.mul("1.1").label("b")).where(balance.gt("1000.50")))).toBe(
      "SELECT CONVERT(NVARCHAR(50), users.balance * @p1, 2) AS b FROM users WHERE users.balance > @p2",
    );
  });

  test("[TYP20] bytes", () => {
    expect(write(select(id).where(users.c.photo.eq(new Uint8Array([1, 255]))))).toBe(
      "SELECT users.id FROM users WHERE users.photo = CAST(@p1 AS VARBINARY(max))",
    );
  });
});
