/** Three flat results into one graph with two Maps: what is written by hand where no ORM is used. */

import type { Customer, Order, OrderLine } from "../data/schema.js";
import type { GraphCustomer } from "./peer.js";

export function nestGraph(
  customers: readonly Customer[],
  orders: readonly Order[],
  lines: readonly OrderLine[],
): GraphCustomer[] {
  const linesOf = new Map<number, OrderLine[]>();
  for (const line of lines) {
    const list = linesOf.get(line.order_id);
    if (list === undefined) linesOf.set(line.order_id, [line]);
    else list.push(line);
  }
  const ordersOf = new Map<number, (Order & { lines: OrderLine[] })[]>();
  for (const order of orders) {
    const full = Object.assign(order, { lines: linesOf.get(order.id) ?? [] });
    const list = ordersOf.get(order.customer_id);
    if (list === undefined) ordersOf.set(order.customer_id, [full]);
    else list.push(full);
  }
  return customers.map((customer) => Object.assign(customer, { orders: ordersOf.get(customer.id) ?? [] }));
}
