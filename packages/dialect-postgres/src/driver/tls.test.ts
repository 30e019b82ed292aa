import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "@acme/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../../scripts/test-databases/embedded-postgres.js";
import "../index.js";

/** A certificate for `localhost` that only whoever has it trusts; undefined where there is no openssl to make it. */
function makeCertificate(folder: string): boolean {
  const subject = ["-subj", "/CN=acme test", "-addext", "subjectAltName=DNS:localhost"];
  const key = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    join(folder, "key.pem"),
  ];
  try {
    execFileSync("openssl", ["req", "-x509", "-days", "2", ...subject, ...key, "-out", join(folder, "cert.pem")], {
      stdio: "pipe",
    });
    return true;
  } catch {
    return false;
  }
}

const folder = mkdtempSync(join(tmpdir(), "acme-tls-"));
const made = makeCertificate(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!made)("[postgresql] TLS, on a server of the test's own", () => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    // The server, which may run as another user, makes its socket there.
    chmodSync(folder, 0o777);
    const cert = readFileSync(join(folder, "cert.pem"), "utf8");
    server = await startEmbeddedPostgres({
      settings: { ssl: "on", ssl_ca_file: "server.crt", unix_socket_directories: folder },
      files: { "server.crt": cert, "server.key": readFileSync(join(folder, "key.pem"), "utf8") },
    });
  });
  afterAll(() => server.stop());

  /** Whether the session is encrypted, and whose certificate the client has shown. */
  const session = async (query: Readonly<Record<string, string>>, host = "localhost") => {
    const url = new URL(server.url);
    url.hostname = host;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    await using engine = createEngine(url.href);
    await using conn = await engine.connect();
    const text = "SELECT ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    return conn.executeDriverSql(text).one();
  };
  const ca = () => ({ sslrootcert: join(folder, "cert.pem") });

  it("sslmode=prefer and require encrypt, whoever answers", async () => {
    expect(await session({ sslmode: "disable" })).toMatchObject({ ssl: false });
    expect(await session({ sslmode: "prefer" })).toMatchObject({ ssl: true });
    expect(await session({ sslmode: "require" }, "127.0.0.1")).toMatchObject({ ssl: true });
  });

  it("verify-full asks for a certificate that is trusted and is that of the host", async () => {
    expect(await session({ sslmode: "verify-full", ...ca() })).toMatchObject({ ssl: true });
    await expect(session({ sslmode: "verify-full" })).rejects.toMatchObject({
      name: "ConnectError",
      message: expect.stringMatching(/self-signed/),
    });
    await expect(session({ sslmode: "verify-full", ...ca() }, "127.0.0.1")).rejects.toThrow(/altnames|IP/);
    await expect(session({ ssl: "true" })).rejects.toThrow(/self-signed/);
  });

  it("verify-ca asks for a certificate that is trusted, of whatever host", async () => {
    expect(await session({ sslmode: "verify-ca", ...ca() }, "127.0.0.1")).toMatchObject({ ssl: true });
    await expect(session({ sslmode: "verify-ca" }, "127.0.0.1")).rejects.toThrow(/self-signed/);
  });

  it("a client shows its own certificate", async () => {
    const own = { sslcert: join(folder, "cert.pem"), sslkey: join(folder, "key.pem") };
    expect(await session({ sslmode: "verify-full", ...ca(), ...own })).toEqual({
      ssl: true,
      client_dn: "/CN=acme test",
    });
  });

  it("a Unix socket is a folder, in which statements are cancelled too", async () => {
    const place = `host=${encodeURIComponent(folder)}&port=${new URL(server.url).port}`;
    await using engine = createEngine(`postgresql://postgres@/postgres?${place}`);
    await using conn = await engine.connect();
    expect(await conn.executeDriverSql("SELECT inet_client_addr()").scalar()).toBeNull();
    await expect(conn.executeDriverSql("SELECT pg_sleep(60)", [], { timeout: 50 })).rejects.toMatchObject({
      name: "StatementTimeoutError",
    });
  });

  it("what a URL leaves out comes from the environment of PostgreSQL's clients", async () => {
    const { port } = new URL(server.url);
    for (const [name, value] of Object.entries({
      HOST: "127.0.0.1",
      PORT: port,
      USER: "postgres",
      DATABASE: "template1",
    }))
      vi.stubEnv(`PG${name}`, value);
    try {
      await using engine = createEngine("postgresql://");
      await using conn = await engine.connect();
      expect(await conn.executeDriverSql("SELECT current_database()").scalar()).toBe("template1");
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("[ENG18] a client that the caller has made is connected and set up", async () => {
    const { default: pg } = await import("pg");
    const connect = () => new pg.Client({ connectionString: server.url, options: "-c DateStyle=German" });
    await using engine = createEngine("postgresql://", { connection: { connect } });
    await using conn = await engine.connect();
    expect(await conn.executeDriverSql("SELECT date '2024-02-29' AS d").scalar()).toBe("2024-02-29");
  });

  it("a statement is cancelled over TLS too", async () => {
    await using engine = createEngine(`${server.url}?sslmode=require`);
    await using conn = await engine.connect();
    await expect(conn.executeDriverSql("SELECT pg_sleep(60)", [], { timeout: 50 })).rejects.toMatchObject({
      name: "StatementTimeoutError",
    });
    expect(await conn.executeDriverSql("SELECT 1").scalar()).toBe(1);
  });
});
