/**
 * One canonical text per result, so that the rows of two peers can be compared by checksum.
 *
 * Values are compared, not types: SQLite's 0 and 1 equal a peer's booleans, an instant equals its ISO text.
 */

import { createHash } from "node:crypto";
import type { GraphCustomer } from "../peers/peer.js";
import type { Customer, Order, OrderLine } from "./schema.js";
import type { JoinedRow } from "./statement.js";

export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

const instant = (value: string | Date): string =>
  typeof value === "string" ? new Date(value).toISOString() : value.toISOString();

const customerValues = (c: Customer): unknown[] => [
  c.id,
  c.name,
  c.email,
  c.city,
  c.country,
  Number(c.active),
  c.credit,
  instant(c.created_at),
];

const byId = (a: { readonly id: number }, b: { readonly id: number }): number => a.id - b.id;

/** One customer, or none. */
export function canonicalCustomer(customer: Customer | undefined | null): string {
  return customer == null ? "none" : JSON.stringify(customerValues(customer));
}

/** Customers in the order of their keys: none of the statements orders its rows. */
export function canonicalCustomers(customers: Iterable<Customer>): string {
  return JSON.stringify([...customers].sort(byId).map(customerValues));
}

export function canonicalJoined(rows: readonly JoinedRow[]): string {
  return JSON.stringify(rows.map((r) => [r.line_id, r.quantity, r.order_date, r.customer_name, r.product_name]));
}

/** The foreign keys to the parent are left out: the nesting says them, and ORMs replace them by the parent. */
const orderValues = (o: Order): unknown[] => [
  o.id,
  o.employee_id,
  o.status,
  o.order_date,
  o.ship_city,
  o.freight,
  o.note,
];

function lineValues(line: OrderLine & { readonly product?: { readonly id: number } }): unknown[] {
  return [line.id, line.product_id ?? line.product?.id, line.quantity, line.unit_price];
}

/** The whole nested graph of workload W5. */
export function canonicalGraph(customers: readonly GraphCustomer[]): string {
  return JSON.stringify(
    [...customers]
      .sort(byId)
      .map((customer) => [
        customerValues(customer),
        [...customer.orders]
          .sort(byId)
          .map((order) => [orderValues(order), [...order.lines].sort(byId).map(lineValues)]),
      ]),
  );
}
