import { type TypeHost, ValueType } from "@acme/core/dialect";

/** Cursors that a procedure gives. Made by {@link refCursor}. */
export class RefCursor extends ValueType<number> {
  readonly name = "refCursor";

  override ddl(host: TypeHost): string | undefined {
    return host.name === "oracle" ? "SYS_REFCURSOR" : undefined;
  }
}

/**
 * The type of an OUT argument of a procedure that gives a cursor: its rows are among the results of the call, and the output is the
 * position there.
 *
 * @example
 * ```ts
 * const { results, outputs } = await conn.callProcedure("list_orders", [customerId, outParameter("orders", refCursor())]);
 * await results[outputs.orders ?? 0].all();
 * ```
 */
export function refCursor(): RefCursor {
  return new RefCursor();
}
