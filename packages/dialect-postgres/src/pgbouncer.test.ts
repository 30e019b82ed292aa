import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type Engine, func, insert, integer, MetaData, select, sql, string, Table } from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePort, untilReady } from "../../../scripts/test-databases/embedded-postgres.js";
import "./index.js";

const { postgresql } = inject("databases");
const BINARY = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find(existsSync);
const reason = !postgresql.available
  ? postgresql.reason
  : BINARY === undefined
    ? "pgbouncer is not installed (apt-get install pgbouncer)"
    : undefined;

/** A pgbouncer of its own in transaction mode: each transaction may get another session of the server. */
async function startPgbouncer(): Promise<{ readonly url: string; stop(): void }> {
  const target = new URL(postgresql.available ? postgresql.url : "");
  const directory = mkdtempSync(join(tmpdir(), "acme-pgbouncer-"));
  const port = await freePort();
  const user = decodeURIComponent(target.username) || "postgres";
  const password = decodeURIComponent(target.password);
  writeFileSync(join(directory, "users.txt"), `"${user}" "${password}"\n`);
  writeFileSync(
    join(directory, "pgbouncer.ini"),
    `[databases]
* = host=${target.hostname} port=${target.port || "5432"}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory, "users.txt")}
pool_mode = transaction
default_pool_size = 3
server_reset_query =
logfile = ${join(directory, "log")}
pidfile = ${join(directory, "pid")}
`,
  );
  // It refuses to run as root.
  const root = process.getuid?.() === 0;
  if (root) {
    chmodSync(directory, 0o777);
    execFileSync("chown", ["-R", "nobody", directory]);
  }
  const command = [BINARY as string, join(directory, "pgbouncer.ini"), ...(root ? ["-u", "nobody"] : [])];
  const server: ChildProcess = spawn(command[0] as string, command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  const url = `postgresql://${encodeURIComponent(user)}@127.0.0.1:${port}${target.pathname === "/" || target.pathname === "" ? "/postgres" : target.pathname}`;
  await untilReady(server, url);
  return {
    url,
    stop: () => {
      server.kill("SIGINT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

describe.skipIf(reason !== undefined)(
  `[postgresql] behind pgbouncer in transaction mode${reason === undefined ? "" : ` (left out: ${reason})`}`,
  () => {
    const name = `bounced_${randomBytes(5).toString("hex")}`;
    const rows = new Table(name, new MetaData(), { id: integer().primaryKey(), text: string(20) });
    let bouncer: Awaited<ReturnType<typeof startPgbouncer>>;
    let engine: Engine;
    beforeAll(async () => {
      bouncer = await startPgbouncer();
      engine = createEngine(`${bouncer.url}?prepare=false`, { pool: { max: 12 } });
      await rows.create(engine);
    });
    afterAll(async () => {
      await rows.drop(engine);
      await engine.dispose();
      bouncer.stop();
    });

    test("the sessions of the server really change under the connections", async () => {
      const pids = await Promise.all(
        Array.from({ length: 12 }, async () => {
          await using conn = await engine.connect();
          const seen: unknown[] = [];
          for (let i = 0; i < 5; i++)
            seen.push(
              await conn
                .execute(sql`SELECT pg_backend_pid(), pg_sleep(0.01)`.columns({ pg_backend_pid: integer() }))
                .scalar(),
            );
          return seen;
        }),
      );
      expect(new Set(pids.flat()).size).toBeLessThanOrEqual(3);
      expect(pids.some((seen) => new Set(seen).size > 1)).toBe(true);
    });

    test("nothing prepared is assumed: one statement works on whatever session it meets", async () => {
      const statement = select(rows.c.id).where(rows.c.text.eq("x"));
      await Promise.all(
        Array.from({ length: 12 }, async (_, worker) => {
          await using conn = await engine.connect();
          for (let i = 0; i < 10; i++) {
            await conn.execute(insert(rows).values({ text: `worker ${worker}` }));
            await conn.execute(statement);
            await conn.transaction(async () => {
              await conn.execute(insert(rows).values({ text: "in a transaction" }));
              await conn.transaction(() => conn.execute(statement));
            });
          }
        }),
      );
      await using conn = await engine.connect();
      expect(await conn.scalar(select(func.count()).selectFrom(rows))).toBe(240);
      const prepared = await conn.execute(sql`SELECT count(*)::int AS n FROM pg_prepared_statements`).all();
      expect(prepared).toEqual([{ n: 0 }]);
    });

    test("streams, batches and read-only transactions at their level work, and leave nothing behind for the next", async () => {
      await using conn = await engine.connect();
      const many = Array.from({ length: 250 }, (_, i) => ({ text: `many ${i}` }));
      const back = await conn.execute(insert(rows).valuesList(many).returning(rows.c.text)).scalars();
      expect(back).toEqual(many.map(({ text }) => text));
      let count = 0;
      for await (const _row of conn.stream(select(rows.c.id).where(rows.c.text.like("many %")), undefined, {
        batchSize: 50,
      }))
        count += 1;
      expect(count).toBe(250);
      const level = () =>
        conn
          .execute(
            sql`SELECT current_setting('transaction_isolation') AS level, current_setting('transaction_read_only') AS ro`,
          )
          .one();
      await conn.transaction(async () => expect(await level()).toEqual({ level: "serializable", ro: "on" }), {
        isolationLevel: "SERIALIZABLE",
        readOnly: true,
      });
      for (let i = 0; i < 5; i++) expect(await level()).toEqual({ level: "read committed", ro: "off" });
    });
  },
);
