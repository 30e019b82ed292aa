/** Deterministic rows: the same on every machine and in every run, without a random source. */

import type { Customer, Employee, NewContact, Order, OrderLine, Product } from "./schema.js";

const sizes = {
  employee: 50,
  product: 500,
  customer: 10_000,
  order: 50_000,
  orderLine: 150_000,
} as const;

/** The parents of the graph workload: 1,000 customers have 5,000 orders with 15,000 lines. */
export const graphParents = 1000;

const first = ["Ada", "Bela", "Chidi", "Dana", "Eva", "Femi", "Gita", "Hugo", "Ines", "Jun", "Kofi", "Lea"] as const;
const last = ["Adler", "Brandt", "Costa", "Dogan", "Eklund", "Fischer", "Gomez", "Hansen", "Ito", "Jansen"] as const;
const cities = ["Aachen", "Bergen", "Cork", "Delft", "Erfurt", "Florence", "Graz", "Haifa", "Izmir"] as const;
const countries = ["Austria", "Brazil", "Canada", "Denmark", "Estonia", "France", "Germany"] as const;
const statuses = ["new", "paid", "sent", "done", "void"] as const;
const categories = ["books", "games", "music", "tools", "food"] as const;

/** A stable scrambling of `n`, so that neighbouring rows differ in every column. */
function mix(n: number): number {
  let x = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function pick(list: readonly string[], n: number): string {
  return list[n % list.length] ?? "";
}

function dayOf(n: number): string {
  return new Date(Date.UTC(2022, 0, 1 + (n % 1000))).toISOString().slice(0, 10);
}

/** Person number `n`, counted from 1: the row of `customer` with that id, without the id. */
function contact(n: number): NewContact {
  const h = mix(n);
  const name = `${pick(first, h)} ${pick(last, h >>> 4)} ${n}`;
  return {
    name,
    email: `person${n}@example.test`,
    city: pick(cities, h >>> 8),
    country: pick(countries, h >>> 12),
    active: h % 4 !== 0,
    credit: h % 10_000,
    created_at: new Date(Date.UTC(2020, 0, 1) + (h % 100_000_000) * 1000).toISOString(),
  };
}

/** The 10,000 rows that the insert workloads write. */
export function contacts(): NewContact[] {
  return Array.from({ length: sizes.customer }, (_, i) => contact(i + 1));
}

export function* customers(): Generator<Customer> {
  for (let id = 1; id <= sizes.customer; id++) yield { id, ...contact(id) };
}

export function* employees(): Generator<Employee> {
  for (let id = 1; id <= sizes.employee; id++) {
    const name = `${pick(first, mix(id))} ${pick(last, id)}`;
    yield { id, name, title: pick(["clerk", "lead", "chief"], id), manager_id: id === 1 ? null : Math.ceil(id / 7) };
  }
}

export function* products(): Generator<Product> {
  for (let id = 1; id <= sizes.product; id++) {
    const h = mix(id + 7);
    yield { id, name: `Product ${id}`, category: pick(categories, h), price: (100 + (h % 9900)) / 100 };
  }
}

export function* orders(): Generator<Order> {
  for (let id = 1; id <= sizes.order; id++) {
    const h = mix(id + 1_000_003);
    yield {
      id,
      // 7919 has no factor in common with the number of customers: five orders each, spread over the table.
      customer_id: ((id * 7919) % sizes.customer) + 1,
      employee_id: (h % sizes.employee) + 1,
      status: pick(statuses, h >>> 3),
      order_date: dayOf(h >>> 5),
      ship_city: pick(cities, h >>> 9),
      freight: (h % 5000) / 100,
      note: h % 2 === 0 ? null : `note ${h % 977}`,
    };
  }
}

export function* orderLines(): Generator<OrderLine> {
  for (let id = 1; id <= sizes.orderLine; id++) {
    const h = mix(id + 2_000_003);
    yield {
      id,
      order_id: ((id * 104_729) % sizes.order) + 1,
      product_id: (h % sizes.product) + 1,
      quantity: 1 + (h % 9),
      unit_price: (100 + ((h >>> 6) % 9900)) / 100,
    };
  }
}

/** 4,096 customer ids in a scattered order: what the point selects ask for, one after another. */
export const pointIds: readonly number[] = Array.from({ length: 4096 }, (_, i) => (mix(i) % sizes.customer) + 1);
