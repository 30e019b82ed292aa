import { type Node, select } from "@acme/core";
import { describe, expect, test } from "vitest";
import { oracle } from "./index.js";
import { users } from "./test-schema.js";

const { id, balance, bio, born, seen, createdAt } = users.c;

/** The text that a statement is sent as. */
function write(statement: Node): string {
  return oracle().compile(statement).render(statement).sql;
}

describe("values as text", () => {
  test("[TYP20] dates and times on their way in and out", () => {
    expect(
      write(
        select(born, seen, createdAt).where(seen.ge(new Date(0)), createdAt.lt(new Date(0)), born.eq("2020-01-01")),
      ),
    ).toBe(
      "SELECT TO_CHAR(users.born, 'YYYY-MM-DD'), TO_CHAR(users.seen, 'YYYY-MM-DD HH24:MI:SS.FF3'), TO_CHAR(SYS_EXTRACT_UTC(users.\"createdAt\"), 'YYYY-MM-DD HH24:MI:SS.FF3') FROM users WHERE users.seen >= TO_TIMESTAMP(:1, 'YYYY-MM-DD HH24:MI:SS.FF6') AND users.\"createdAt\" < FROM_TZ(TO_TIMESTAMP(:2, 'YYYY-MM-DD HH24:MI:SS.FF6'), '+00:00') AND users.born = TO_DATE(:3, 'YYYY-MM-DD')",
    );
  });

  test("[TYP20] texts of any length are compared", () => {
    expect(write(select(bio).where(bio.eq("x"), bio.like("%a"), bio.isNotNull()))).toBe(
      "SELECT users.bio FROM users WHERE DBMS_LOB.COMPARE(users.bio, TO_CLOB(:1)) = 0 AND users.bio LIKE :2 AND users.bio IS NOT NULL",
    );
  });

  test("[TYP20] decimals in comparison and arithmetic", () => {
    expect(write(select(balance.mul("1.1").label("b")).where(balance.gt("1000.50")))).toBe(
      "SELECT users.balance * TO_NUMBER(:1) AS b FROM users WHERE users.balance > TO_NUMBER(:2)",
    );
  });

  test("[TYP20] bytes", () => {
    expect(write(select(id).where(users.c.photo.eq(new Uint8Array([1, 255]))))).toBe(
      "SELECT users.id FROM users WHERE DBMS_LOB.COMPARE(users.photo, TO_BLOB(:1)) = 0",
    );
  });
});
