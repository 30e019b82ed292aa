import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createEngine, insert, integer, MetaData, select, sql, string, Table } from "@acme/core";
import "@acme/dialect-postgres";
import "@acme/dialect-sqlite";
import { context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { activeTrace, traceDatabase } from "../src/observability/opentelemetry.js";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer("shop");
let stop: () => void;

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator({
    inject: (active, carrier: Record<string, string>) => {
      const span = trace.getSpanContext(active);
      if (span) carrier.traceparent = `00-${span.traceId}-${span.spanId}-01`;
    },
    extract: (active) => active,
    fields: () => ["traceparent"],
  });
  stop = traceDatabase(tracer);
});

afterEach(() => exporter.reset());

afterAll(async () => {
  stop();
  context.disable();
  propagation.disable();
  await provider.shutdown();
});

const metadata = new MetaData();
const users = new Table("otel_users", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  name: string(20),
});

async function work(url: string): Promise<readonly ReadableSpan[]> {
  await using engine = createEngine(url);
  await tracer.startActiveSpan("request", async (span) => {
    await metadata.createAll(engine);
    try {
      await engine.begin(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, name: "alice" }));
        await conn.execute(select(users.c.name).where(users.c.id.eq(1))).scalar();
        for await (const _row of conn.stream(select(users.c.id)));
        await conn.transaction(() => conn.execute(sql`SELECT * FROM no_such_table`)).catch(() => undefined);
      });
    } finally {
      await metadata.dropAll(engine);
    }
    span.end();
  });
  return exporter.getFinishedSpans();
}

function check(spans: readonly ReadableSpan[], dialect: string): void {
  const parent = spans.find((span) => span.name === "request");
  const others = spans.filter((span) => span !== parent);
  expect(parent).toBeDefined();
  for (const span of others) {
    expect(span.attributes["db.system.name"]).toBe(dialect);
    expect(span.spanContext().traceId).toBe(parent?.spanContext().traceId);
  }
  const names = others.map((span) => span.name);
  for (const name of ["connect", "checkout", "BEGIN", "INSERT", "SELECT", "COMMIT", "SAVEPOINT acme_1"])
    expect(names).toContain(name);
  const insertion = others.find((span) => span.name === "INSERT");
  expect(insertion?.attributes).toMatchObject({
    "db.query.text": expect.stringContaining("INSERT INTO otel_users"),
    "db.operation.name": "INSERT",
    "db.response.returned_rows": 1,
  });
  expect(insertion?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
  const failed = others.filter((span) => span.status.code === SpanStatusCode.ERROR);
  expect(failed.map((span) => [span.attributes["error.type"], span.attributes["db.query.text"]])).toEqual([
    ["ProgrammingError", "SELECT * FROM no_such_table"],
  ]);
}

describe("[sqlite] OpenTelemetry", () => {
  test("the recipe makes a span of each operation, under the active one", async () => {
    check(await work("sqlite://"), "sqlite");
  });

  test("the active span reaches the database in a comment", async () => {
    await using engine = createEngine("sqlite://", { sqlComment: activeTrace });
    const sent: string[] = [];
    engine.on("afterExecute", ({ execution }) => sent.push(execution.sql));
    const spanId = await tracer.startActiveSpan("request", async (span) => {
      await using conn = await engine.connect();
      await conn.execute(sql`SELECT 1`);
      span.end();
      return span.spanContext().spanId;
    });
    expect(sent).toEqual([
      expect.stringMatching(new RegExp(`^SELECT 1 /\\*traceparent='00-[0-9a-f]{32}-${spanId}-01'\\*/$`)),
    ]);
  });

  test("nothing is traced after the end", async () => {
    stop();
    await using engine = createEngine("sqlite://");
    await using conn = await engine.connect();
    await conn.execute(sql`SELECT 1`);
    expect(exporter.getFinishedSpans()).toEqual([]);
    stop = traceDatabase(tracer);
  });
});

const { postgresql } = inject("databases");

describe.skipIf(!postgresql.available)("[postgresql] OpenTelemetry", () => {
  test("the recipe makes a span of each operation, under the active one", async () => {
    if (!postgresql.available) return;
    await using admin = createEngine(postgresql.url);
    const name = sql.identifier(`acme_otel_${randomBytes(5).toString("hex")}`);
    const url = new URL(postgresql.url);
    url.pathname = `/${name.parts[0]}`;
    await using conn = await admin.connect();
    await conn.execute(sql`CREATE DATABASE ${name}`);
    try {
      exporter.reset();
      check(await work(url.href), "postgresql");
    } finally {
      await conn.execute(sql`DROP DATABASE ${name} WITH (FORCE)`);
    }
  });
});

test("the guide shows the recipe as it is run", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
  const shown = /<!-- opentelemetry.ts -->\n```ts\n([\s\S]*?)```/.exec(read("../../docs/guides/observability.md"))?.[1];
  expect(shown).toBe(read("../src/observability/opentelemetry.ts"));
});
