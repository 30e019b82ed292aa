import { describe, expect, inject, it } from "vitest";
import { ownDatabase } from "../test-support.js";

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] streams", () => {
  const database = ownDatabase();
  const numbers = (to: number) => `SELECT n, 'row ' || n AS text FROM generate_series(1, ${to}) AS s(n)`;

  it("[PG6] give all rows in batches, with column names", async () => {
    const connection = await database.connect();
    for (const prepare of [false, true, true]) {
      const stream = connection.stream(numbers(2500), [], { batchSize: 1000, prepare });
      const sizes: number[] = [];
      const seen: unknown[] = [];
      for await (const rows of stream) {
        sizes.push(rows.length);
        for (const row of rows) seen.push(row[0]);
        expect(stream.columns).toEqual(["n", "text"]);
      }
      expect(sizes).toEqual([1000, 1000, 500]);
      expect(seen).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
    }
  });

  it("[PG6] take parameters, and give nothing where there is nothing", async () => {
    const connection = await database.connect();
    const read = async (limit: number, batchSize: number) => {
      const found: unknown[] = [];
      for await (const rows of connection.stream("SELECT generate_series(1, $1::int)", [limit], { batchSize }))
        found.push(...rows.map(([n]) => n));
      return found;
    };
    expect(await read(0, 10)).toEqual([]);
    expect(await read(10, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await read(3, 1)).toEqual([1, 2, 3]);
  });

  it("read only as much as is asked for: the server stops when the loop is left", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE SEQUENCE asked", [], {});
    let batches = 0;
    for await (const _rows of connection.stream("SELECT nextval('asked') FROM generate_series(1, 1000000)", [], {
      batchSize: 100,
    })) {
      batches += 1;
      if (batches === 3) break;
    }
    const { rows } = await connection.execute("SELECT last_value FROM asked", [], {});
    expect(rows).toEqual([[300]]);
  });

  it("work inside a transaction, which goes on after them", async () => {
    const connection = await database.connect();
    await connection.execute("CREATE TABLE streamed (id int)", [], {});
    connection.begin({});
    for await (const _rows of connection.stream("INSERT INTO streamed SELECT generate_series(1, 10) RETURNING id", [], {
      batchSize: 100,
    }));
    for await (const _rows of connection.stream(numbers(1000), [], { batchSize: 10 })) break;
    await connection.execute("INSERT INTO streamed VALUES (11)", [], {});
    await connection.commit();
    expect((await connection.execute("SELECT count(*) FROM streamed", [], {})).rows).toEqual([[11]]);
  });

  it("tell an error of the server where it comes, and leave the connection usable", async () => {
    const connection = await database.connect();
    const seen: unknown[] = [];
    const read = async () => {
      for await (const rows of connection.stream("SELECT 10 / (25 - n) FROM generate_series(1, 100) AS s(n)", [], {
        batchSize: 10,
      }))
        seen.push(rows.length);
    };
    await expect(read()).rejects.toMatchObject({ code: "22012" });
    expect(seen).toEqual([10, 10]);
    await expect(
      connection.stream("SELECT nothing", [], { batchSize: 10 })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: "42703" });
    expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
  });

  it("end when the connection is reset", async () => {
    const connection = await database.connect();
    const iterator = connection.stream(numbers(1000), [], { batchSize: 10 })[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toHaveLength(10);
    await connection.reset();
    expect((await connection.execute("SELECT 1", [], {})).rows).toEqual([[1]]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});
