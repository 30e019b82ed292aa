/** The statement of workload W1, three joins, five conditions, three orderings and a limit; written out once. */

import type { Database } from "./schema.js";

/** The five values that the statement compares with, and its limit. */
export const joinedValues = {
  country: "Germany",
  statuses: ["paid", "sent"],
  price: 20,
  quantity: 3,
  orderDate: "2023-01-01",
  limit: 20,
} as const;

/** A row of the statement. */
export interface JoinedRow {
  line_id: number;
  quantity: number;
  order_date: string;
  customer_name: string;
  product_name: string;
}

/** The reference text: what the raw driver is given, and what every peer's statement must return the rows of. */
export function joinedSql(database: Database): string {
  let n = 0;
  const p = (): string => (database === "postgresql" ? `$${++n}` : "?");
  return `SELECT l.id AS line_id, l.quantity, o.order_date, c.name AS customer_name, p.name AS product_name
FROM order_line l JOIN orders o ON o.id = l.order_id JOIN customer c ON c.id = o.customer_id
JOIN product p ON p.id = l.product_id
WHERE c.country = ${p()} AND o.status IN (${p()}, ${p()}) AND p.price > ${p()} AND l.quantity >= ${p()}
AND o.order_date >= ${p()}
ORDER BY o.order_date DESC, c.name, l.id LIMIT ${p()}`;
}

/** The parameters of {@link joinedSql}, in order. */
export const joinedParameters: readonly (string | number)[] = [
  joinedValues.country,
  ...joinedValues.statuses,
  joinedValues.price,
  joinedValues.quantity,
  joinedValues.orderDate,
  joinedValues.limit,
];
