import { type Engine, func, insert, inspect, literal, select, update } from "@acme/core";
import { customers, metadata, orders } from "./shop.js";
import type { Stage } from "./stage.js";

/** The lower floor: tables, statements, rows. */
export async function coreTour(engine: Engine, stage: Stage): Promise<void> {
  stage.from("tour-core.ts");
  await stage.step("Create the tables, in the order of their foreign keys", async () => {
    await metadata.createAll(engine);
  });

  await stage.step("Insert in a transaction: commit on return, rollback on throw", async () => {
    await engine.begin(async (conn) => {
      await conn.execute(
        insert(customers).values(
          { id: 1, name: "Ada", city: "London" },
          { id: 2, name: "Grace", referredBy: 1 },
          { id: 3, name: "Linus", referredBy: 2 },
        ),
      );
      await conn.execute(
        insert(orders).values(
          { customerId: 1, item: "Engine", price: "1200.00" },
          { customerId: 1, item: "Punched cards", price: "19.90" },
          { customerId: 2, item: "Compiler", price: 99 },
        ),
      );
    });
  });

  await using conn = await engine.connect();

  await stage.step("A typed select: plain objects, values bound", async () => {
    const rich = select(orders.c.item, orders.c.price).where(orders.c.price.gt("50")).orderBy(orders.c.price.desc());
    return conn.execute(rich).all(); // { item: string; price: `${number}` }[]
  });

  await stage.step("A join with an optional side: ON comes from the foreign key, its columns may be null", async () => {
    const spent = select(
      customers.c.name,
      func.count(orders.c.id).label("orders"),
      func.sum(orders.c.price).label("spent"),
    )
      .outerJoin(orders)
      .groupBy(customers.c.name)
      .orderBy(func.count(orders.c.id).desc(), customers.c.name);
    return conn.execute(spent).all(); // { name: string; orders: number; spent: `${number}` | null }[]
  });

  await stage.step("A recursive query: who was referred by whom, and how far from the first", async () => {
    const first = select(customers.c.id, customers.c.name, literal(0).label("distance")).where(
      customers.c.referredBy.isNull(),
    );
    const chain = first.cte("chain", { recursive: true });
    const whole = chain.unionAll(
      select(customers.c.id, customers.c.name, chain.c.distance.add(1)).join(
        chain,
        customers.c.referredBy.eq(chain.c.id),
      ),
    );
    return conn.execute(select(whole.c.name, whole.c.distance).orderBy(whole.c.distance)).all();
  });

  await stage.step("A savepoint takes back its own work only", async () => {
    await conn.transaction(async () => {
      await conn.execute(update(customers).set({ city: "Arlington" }).where(customers.c.name.eq("Grace")));
      const failed = conn.transaction(async () => {
        await conn.execute(update(customers).set({ city: "Nowhere" }));
        await conn.execute(insert(orders).values({ customerId: 3, item: "Refund", price: "-1.00" }));
      });
      await failed.catch((error: Error) => `${error.name}: ${error.message.split("\n")[0]}`);
    });
    return conn.execute(select(customers.c.name, customers.c.city).orderBy(customers.c.id)).all();
  });

  await stage.step("Reflection: what the database says of itself", async () => {
    const inspector = await inspect(conn);
    const columns = await inspector.getColumns("orders");
    return columns.map(({ name, typeText, nullable, default: value }) => ({
      name,
      type: typeText,
      nullable,
      default: value ?? "",
    }));
  });
}
