import { describe, expect, test } from "vitest";
import { DataError, insert, integer, json, MetaData, numeric, select, sql, string, Table } from "../index.js";
import { fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), {
  id: integer().primaryKey(),
  pin: string(9),
  age: integer(),
  pay: numeric(9, 2),
});
const secret = "4711-secret" as unknown as number;
const refused = select(users.c.id).where(users.c.age.eq(secret));

/** All that an error shows, its causes included. */
function shown(error: unknown): string {
  const each = error as Error & { readonly cause?: unknown };
  const fields = JSON.stringify(Object.values(each)) + each.message + (each.stack ?? "");
  return each.cause === undefined ? fields : fields + shown(each.cause);
}

async function failureOf(work: PromiseLike<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: unknown) => error,
  );
}

describe("the error of a value that its type refuses", () => {
  test("shows the value, so that one finds it", async () => {
    await using conn = await fakeEngine().engine.connect();
    await expect(conn.execute(refused)).rejects.toThrow(
      'Parameter "age_1": integer cannot take "4711-secret": it is not a whole number',
    );
  });

  test("[ENG31] does not show it where parameters are hidden, in whatever way it was given", async () => {
    const { engine } = fakeEngine({ hideParameters: true });
    await using conn = await engine.connect();
    const ways = [
      () => conn.execute(refused),
      () => conn.execute(insert(users).values({ pin: "1", age: secret, pay: "1" })),
      () =>
        conn.execute(
          insert(users).valuesList(Array.from({ length: 300 }, () => ({ pin: "1", age: secret, pay: "1" }))),
        ),
      () =>
        conn.execute(insert(users), [
          { pin: "1", age: 1, pay: "1" },
          { pin: "1", age: secret, pay: "1" },
        ]),
      () => conn.stream(refused).all(),
    ];
    for (const way of ways) {
      const error = await failureOf(way());
      expect(error).toBeInstanceOf(DataError);
      expect((error as DataError).code).toBe("VALUE_REFUSED");
      expect((error as DataError).message).toMatch(/integer cannot take the value: it is not a whole number/);
      expect(shown(error)).not.toContain("4711");
    }
  });

  test("[ENG31] does not show a value of the database that cannot be read either", async () => {
    const { engine } = fakeEngine({
      hideParameters: true,
      script: () => ({ columns: ["d"], rows: [["4711-secret"]] }),
    });
    await using conn = await engine.connect();
    const declared = sql.text("SELECT d").columns({ d: json() });
    const error = await failureOf(conn.execute(declared).all());
    expect((error as DataError).code).toBe("VALUE_UNREADABLE");
    expect(shown(error)).not.toContain("4711");
    await using open = await fakeEngine({
      script: () => ({ columns: ["d"], rows: [["4711-secret"]] }),
    }).engine.connect();
    expect(shown(await failureOf(open.execute(declared).all()))).toContain("4711");
  });
});
