import { tracingChannel } from "node:diagnostics_channel";
import type { CheckoutTrace, ConnectTrace, ExecuteTrace, TraceMessage, TransactionTrace } from "@acme/core";
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from "@opentelemetry/api";

/** Makes a span of each execution, transaction step, checkout and connection attempt. The returned function ends it. */
export function traceDatabase(tracer: Tracer): () => void {
  const stops = [
    spans<ExecuteTrace>(tracer, "acme:execute", ({ sql, kind, batch }) => ({
      name: kind?.toUpperCase() ?? "SQL",
      attributes: {
        "db.query.text": sql,
        ...(kind === undefined ? {} : { "db.operation.name": kind.toUpperCase() }),
        ...(batch === undefined ? {} : { "db.operation.batch.size": batch }),
      },
    })),
    spans<TransactionTrace>(tracer, "acme:transaction", ({ operation }) => ({
      name: operation,
      attributes: { "db.operation.name": operation },
    })),
    spans<CheckoutTrace>(tracer, "acme:checkout", () => ({ name: "checkout", attributes: {} })),
    spans<ConnectTrace>(tracer, "acme:connect", () => ({ name: "connect", attributes: {} })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function spans<M extends TraceMessage>(
  tracer: Tracer,
  channel: string,
  describe: (message: M) => { readonly name: string; readonly attributes: Attributes },
): () => void {
  const open = new WeakMap<M, Span>();
  const ignore = (): void => {};
  const handlers = {
    start(message: M): void {
      const { name, attributes } = describe(message);
      const { dialect, database, host, port } = message.target;
      const where: Attributes = { "db.system.name": dialect };
      if (database !== undefined) where["db.namespace"] = database;
      if (host !== undefined) where["server.address"] = host;
      if (port !== undefined) where["server.port"] = port;
      // The parent is the span that is active where the statement was executed.
      open.set(message, tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { ...where, ...attributes } }));
    },
    error(message: M): void {
      const { error } = message;
      if (!(error instanceof Error)) return;
      open
        .get(message)
        ?.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
        .setAttribute("error.type", error.name);
    },
    asyncEnd(message: M & { readonly rowCount?: number }): void {
      const span = open.get(message);
      const { rowCount = -1 } = message;
      if (rowCount >= 0) span?.setAttribute("db.response.returned_rows", rowCount);
      span?.end();
    },
    end: ignore,
    asyncStart: ignore,
  };
  const tracing = tracingChannel<unknown, M>(channel);
  tracing.subscribe(handlers);
  return () => void tracing.unsubscribe(handlers);
}

/** The active span in the form of sqlcommenter, for the option `sqlComment`. */
export function activeTrace(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}
