import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect as netConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, type EngineOptions } from "@acme/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OwnMariadb, startOwnMariadb } from "../../../scripts/test-databases/own-mariadb.js";
import "./index.js";

const folder = mkdtempSync(join(tmpdir(), "acme-mariadb-tls-"));
const file = (name: string) => join(folder, name);

/** A certificate for `localhost`, and a server that shows it; the reason where one of the two cannot be had. */
async function start(): Promise<OwnMariadb | string> {
  try {
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", file("key.pem")];
    execFileSync("openssl", ["req", "-x509", "-days", "2", ...subject, ...key, "-out", file("cert.pem")], {
      stdio: "pipe",
    });
    chmodSync(folder, 0o755);
    return await startOwnMariadb([
      `--ssl-cert=${file("cert.pem")}`,
      `--ssl-key=${file("key.pem")}`,
      `--socket=${file("socket")}`,
    ]);
  } catch (error) {
    return String(error);
  }
}

const server = await start();
afterAll(async () => {
  if (typeof server !== "string") await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(typeof server === "string")("[mariadb] TLS, on a server of the test's own", () => {
  let url: string;
  beforeAll(() => {
    url = (server as OwnMariadb).url.replace("127.0.0.1", "localhost");
  });
  const cipher = async (target: string, options: EngineOptions = {}) => {
    await using engine = createEngine(target, options);
    await using conn = await engine.connect();
    return (await conn.executeDriverSql("SHOW STATUS LIKE 'Ssl_cipher'").tuples())[0]?.[1];
  };

  test("[MY7] encrypts with a certificate that is trusted and is that of the host", async () => {
    const ssl = { ca: readFileSync(file("cert.pem"), "utf8"), verifyIdentity: true };
    expect(await cipher(url, { connection: { options: { ssl } } })).toMatch(/\w/);
    await expect(cipher(`${url}?ssl=true`)).rejects.toMatchObject({
      name: "ConnectError",
      message: expect.stringMatching(/self-signed/),
    });
    // The same server under a name that its certificate does not have.
    const elsewhere = new URL(url);
    const stream = () => netConnect(Number(elsewhere.port), "127.0.0.1");
    elsewhere.hostname = "db.example";
    await expect(cipher(elsewhere.href, { connection: { options: { ssl, stream } } })).rejects.toThrow(/altnames/);
  });

  test("[MY7] a name that cannot be compared, because the host is an IP address, is refused", async () => {
    const byAddress = url.replace("localhost", "127.0.0.1");
    await expect(cipher(`${byAddress}?ssl=true`)).rejects.toThrow("cannot be checked for the IP address 127.0.0.1");
    const ssl = { ca: readFileSync(file("cert.pem"), "utf8") };
    expect(await cipher(byAddress, { connection: { options: { ssl } } })).toMatch(/\w/);
  });

  test("[MY7] encrypts without asking who answers, or not at all", async () => {
    expect(await cipher(`${url}?ssl=no-verify`)).toMatch(/\w/);
    expect(await cipher(url)).toBe("");
  });

  test("[MY7] a Unix socket, as the proxies of Google Cloud SQL give", async () => {
    await using engine = createEngine(`mariadb://root@/test?socketPath=${encodeURIComponent(file("socket"))}`);
    await using conn = await engine.connect();
    const text = "SELECT host FROM information_schema.processlist WHERE id = connection_id()";
    expect(await conn.executeDriverSql(text).scalar()).toBe("localhost");
  });

  test("[ENG18] a connection that the caller has made of the adapter's configuration", async () => {
    const { default: mysql2 } = await import("mysql2");
    let made = 0;
    const connect = (config: object) => {
      made += 1;
      return mysql2.createConnection({ ...config, connectAttributes: { program_name: "mine" } });
    };
    await using engine = createEngine(url, { connection: { connect } });
    await using conn = await engine.connect();
    expect(await conn.executeDriverSql("SELECT 9007199254740993, '1'").tuples()).toEqual([[9007199254740993n, "1"]]);
    await expect(conn.executeDriverSql("SELECT SLEEP(60)", [], { timeout: 50 })).rejects.toThrow();
    // The second one asked the server to stop the statement.
    expect(made).toBe(2);
  });
});
