/** mysql2 with a pool: prepared statements where a value comes from outside, plain queries elsewhere. */

import { createPool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { Customer, NewContact } from "../data/schema.js";
import { newContactColumns } from "../data/schema.js";
import type { JoinedRow } from "../data/statement.js";
import { joinedParameters, joinedSql } from "../data/statement.js";
import type { Peer } from "./peer.js";

const batch = 1000;

export function openRawMariadb(url: string, poolSize: number): Peer {
  const pool = createPool({ uri: url, connectionLimit: poolSize, timezone: "Z", flags: ["FOUND_ROWS"] });
  const compiled = { sql: joinedSql("mariadb"), parameters: joinedParameters };
  const first = async (id: number): Promise<Customer | undefined> => {
    const [rows] = await pool.execute<(RowDataPacket & Customer)[]>("SELECT * FROM customer WHERE id = ?", [id]);
    return rows[0];
  };

  return {
    isRaw: true,
    compile: () => compiled,
    joined: async () => (await pool.query<(RowDataPacket & JoinedRow)[]>(compiled.sql, [...joinedParameters]))[0],
    pointSelect: first,
    pointSelectPrepared: first,
    rows: async () => (await pool.query<(RowDataPacket & Customer)[]>("SELECT * FROM customer"))[0],
    bulkInsert: async (all) => {
      const connection = await pool.getConnection();
      try {
        await connection.beginTransaction();
        for (let at = 0; at < all.length; at += batch) {
          const tuples = all.slice(at, at + batch).map((row) => valuesOf(row));
          await connection.query<ResultSetHeader>(
            `INSERT INTO contact (${newContactColumns.join(", ")}) VALUES ${tuples.map(() => MARKS).join(", ")}`,
            tuples.flat(),
          );
        }
        await connection.commit();
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}

const MARKS = `(${newContactColumns.map(() => "?").join(", ")})`;

/** The values of a row; the server's DATETIME takes no ISO text. */
function valuesOf(row: NewContact): (string | number | boolean | Date)[] {
  return [row.name, row.email, row.city, row.country, row.active, row.credit, new Date(row.created_at)];
}
