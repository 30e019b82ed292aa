import { ArgumentError, type ConnectOptions } from "@acme/core/dialect";

/** A server that can be connected to. */
export interface Host {
  readonly host?: string;
  readonly port?: number;
}

const TARGETS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;

/** What a server has to be, as libpq's `target_session_attrs`. */
export type SessionTarget = (typeof TARGETS)[number];

/** Reads `target_session_attrs`. */
export function targetOf(given: unknown): SessionTarget {
  const found = TARGETS.find((target) => target === (given ?? "any"));
  if (found !== undefined) return found;
  throw bad("target_session_attrs", given, `one of ${TARGETS.join(", ")}`);
}

/** The servers that the options name: `host` once or several times, with ports in it or beside it. */
export function hostsOf({ host, port, options = {} }: ConnectOptions): readonly Host[] {
  if (host !== undefined) return [port === undefined ? { host } : { host, port }];
  const names = list("host", options.host);
  const ports = list("port", port ?? options.port);
  if (names.length === 0) return [ports[0] === undefined ? {} : { port: portOf(ports[0]) }];
  if (ports.length > 1 && ports.length !== names.length) {
    throw bad("port", options.port, `one number, or as many as there are hosts (${names.length})`);
  }
  return names.map((name, i) => hostOf(name, ports[ports.length === 1 ? 0 : i]));
}

function hostOf(name: string, beside: string | undefined): Host {
  // A folder has no port, and an IPv6 address has colons of its own unless it stands in brackets.
  const parts = /^(?:\[([^\]]+)\]|([^:/]+)):(\d+)$/.exec(name);
  if (parts !== null) return { host: (parts[1] ?? parts[2]) as string, port: portOf(parts[3] as string) };
  const host = name.replace(/^\[([^\]]+)\]$/, "$1");
  return beside === undefined ? { host } : { host, port: portOf(beside) };
}

function list(name: string, given: unknown): readonly string[] {
  if (given === undefined) return [];
  const items = (Array.isArray(given) ? given : [given]) as readonly unknown[];
  return items.flatMap((item) => {
    if (typeof item === "string") return item.split(",").map((part) => part.trim());
    if (typeof item === "number") return [String(item)];
    throw bad(name, given, "a text");
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw bad("port", text, "a whole number from 1 to 65535");
}

function bad(name: string, value: unknown, expected: string): ArgumentError {
  return new ArgumentError(`The connection option "${name}" is ${expected}, not ${JSON.stringify(value)}.`, {
    code: "BAD_OPTION",
  });
}

/** What a server has to be asked to know whether it is the target; undefined where any will do. */
export function targetQuestion(target: SessionTarget): string | undefined {
  switch (target) {
    case "any":
      return undefined;
    case "read-write":
      return "SELECT NOT current_setting('transaction_read_only')::bool";
    case "read-only":
      return "SELECT current_setting('transaction_read_only')::bool";
    case "primary":
      return "SELECT NOT pg_is_in_recovery()";
    default:
      return "SELECT pg_is_in_recovery()";
  }
}
