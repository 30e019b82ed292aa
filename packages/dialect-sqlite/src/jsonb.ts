import { type ExpressionNode, func, Json, type JsonCodec } from "@acme/core/dialect";

/** JSON documents in SQLite's binary form. Made by {@link jsonb}. */
export class SqliteJsonb<out T> extends Json<T> {
  override ddl(): string {
    return "JSONB";
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return func("jsonb", value).returns(this);
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return func("json", value).returns(this);
  }
}

/**
 * A JSON document that SQLite stores parsed, as a BLOB: paths into it need not parse it again. Values are those of `json()`, and
 * `jsonPath` reads parts of it.
 *
 * @example
 * ```ts
 * payload: json<Payload>().variant("sqlite", jsonb<Payload>())
 * ```
 * SQL: column `JSONB`, `INSERT ... VALUES (jsonb(?))`, `SELECT json(t.payload)`
 */
export function jsonb<T = unknown>(codec?: JsonCodec): SqliteJsonb<T> {
  return new SqliteJsonb<T>([], codec);
}
