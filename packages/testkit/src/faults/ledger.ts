import {
  bigInteger,
  type Connection,
  type Engine,
  func,
  insert,
  integer,
  MetaData,
  select,
  Table,
  update,
} from "@acme/core";

const metadata = new MetaData();

/** Accounts, whose balances together never change. */
const accounts = new Table("fault_accounts", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  balance: bigInteger(),
});

/** What was moved: the balances can be reckoned from it. */
const transfers = new Table("fault_transfers", metadata, {
  id: integer().primaryKey(),
  source: integer(),
  destination: integer(),
  amount: bigInteger(),
  /** What the program calls this transfer, so that it can look for it afterwards. */
  token: integer(),
});

const FIRST_BALANCE = 1000n;

/** Makes accounts 1 to `count`, each with 1,000, unless there are accounts. */
export async function openLedger(engine: Engine, count: number): Promise<void> {
  await metadata.createAll(engine);
  await engine.begin(async (connection) => {
    if (Number(await connection.execute(select(func.count()).selectFrom(accounts)).scalar()) > 0) return;
    const rows = Array.from({ length: count }, (_, index) => ({ id: index + 1, balance: FIRST_BALANCE }));
    await connection.execute(insert(accounts).valuesList(rows));
  });
}

/** Moves money, in the transaction that is open: two updates and a note. */
export async function transfer(
  connection: Connection,
  source: number,
  destination: number,
  amount: bigint,
  token = 0,
): Promise<void> {
  await addTo(connection, source, -amount);
  await connection.execute(insert(transfers).values({ source, destination, amount, token }));
  await addTo(connection, destination, amount);
}

/** Changes one account. */
export async function addTo(connection: Connection, id: number, amount: bigint): Promise<void> {
  await connection.execute(
    update(accounts)
      .set({ balance: accounts.c.balance.add(amount) })
      .where(accounts.c.id.eq(id)),
  );
}

/** What an audit of the ledger found. */
export interface Audit {
  /** How many transfers there are. */
  readonly transfers: number;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

/** Checks that no money appeared or vanished, and that each balance is what the transfers make it. */
export async function audit(connection: Connection): Promise<Audit> {
  return connection.transaction(async () => {
    const rows = await connection.execute(select(accounts.c.id, accounts.c.balance)).all();
    const expected = new Map(rows.map(({ id }) => [id, FIRST_BALANCE]));
    let count = 0;
    for (const [end, sign] of [
      [transfers.c.source, -1n],
      [transfers.c.destination, 1n],
    ] as const) {
      const sums = select(
        end.label("account"),
        func.sum(transfers.c.amount).cast(bigInteger()).label("moved"),
        func.count().label("n"),
      )
        .selectFrom(transfers)
        .groupBy(end);
      count = 0;
      for (const { account, moved, n } of await connection.execute(sums).all()) {
        expected.set(account, (expected.get(account) ?? 0n) + sign * (moved ?? 0n));
        count += Number(n);
      }
    }
    const faults = rows
      .filter(({ id, balance }) => balance !== expected.get(id))
      .map(({ id, balance }) => `account ${id} has ${balance} instead of ${expected.get(id)}`);
    const total = rows.reduce((sum, { balance }) => sum + balance, 0n);
    const wanted = FIRST_BALANCE * BigInt(rows.length);
    if (total !== wanted) faults.push(`all accounts together have ${total} instead of ${wanted}`);
    return { transfers: count, faults };
  });
}

/** The tokens of all transfers. */
export async function tokensOf(connection: Connection): Promise<readonly number[]> {
  const tokens: number[] = [];
  for await (const { token } of connection.stream(select(transfers.c.token))) tokens.push(token);
  return tokens;
}

/** All accounts together: in one statement, so that it may be asked while money is moved. */
export async function totalOf(connection: Connection): Promise<bigint> {
  const sum = select(func.sum(accounts.c.balance).cast(bigInteger()));
  return BigInt((await connection.execute(sum).scalar()) as bigint);
}

/** The balance of one account. */
export async function balanceOf(connection: Connection, id: number): Promise<bigint | undefined> {
  return connection.execute(select(accounts.c.balance).where(accounts.c.id.eq(id))).scalar();
}

/** How many transfers there are. */
export async function countTransfers(connection: Connection): Promise<number> {
  return Number(await connection.execute(select(func.count()).selectFrom(transfers)).scalar());
}

/** A query of so many rows that no network buffer holds them. */
export const manyRows = select(accounts.c.id, accounts.c.balance)
  .crossJoin(accounts.alias("b"))
  .crossJoin(accounts.alias("c"))
  .crossJoin(accounts.alias("d"));
