import type { ConnectOptions } from "../dialect/driver.js";
import { ArgumentError } from "../errors/index.js";

/** The parts of a database URL. Nothing in them is escaped. */
export interface UrlParts {
  /** `"postgresql"`, `"mysql"`, `"sqlite"`: the name under which a dialect is registered. */
  readonly dialect: string;
  /** One of the dialect's drivers; without it the dialect's default. */
  readonly driver?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  /** What stands behind `?`; a key that is given several times has a list. */
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

const FORM = "Write dialect://user:password@host:port/database?option=value, or sqlite:///file.db.";
const SCHEME = /^([A-Za-z][A-Za-z0-9_]*)(?:\+([A-Za-z0-9_.@/-]+?))?:\/\//;

/**
 * Where a database is and how to log in. Immutable; `with` makes a changed one. Printing hides the password.
 *
 * @example
 * ```ts
 * const url = new DatabaseUrl({ dialect: "postgresql", username: "app", password: "p@ss", host: "db", database: "shop" });
 * String(url);                           // postgresql://app:***@db/shop
 * url.render({ hidePassword: false });   // postgresql://app:p%40ss@db/shop
 * url.with({ database: "shop_test" });
 * ```
 */
export class DatabaseUrl {
  readonly dialect: string;
  readonly driver: string | undefined;
  readonly username: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Private, so that neither inspect nor JSON shows it. */
  readonly #password: string | undefined;

  /** Throws ArgumentError (`BAD_URL`) for a port that is none. */
  constructor(parts: UrlParts) {
    const { port } = parts;
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw badUrl(`The port ${port} is not a whole number from 1 to 65535.`);
    }
    this.dialect = parts.dialect;
    this.driver = parts.driver;
    this.username = parts.username;
    this.#password = parts.password;
    this.host = parts.host;
    this.port = port;
    this.database = parts.database;
    this.query = parts.query ?? {};
  }

  /** The password; it is in no printed form of the URL. */
  get password(): string | undefined {
    return this.#password;
  }

  /** A URL with some parts changed; a part that is given as undefined is taken out. */
  with(changes: Partial<UrlParts>): DatabaseUrl {
    const { dialect, driver, username, host, port, database, query, password } = this;
    return new DatabaseUrl({ dialect, driver, username, password, host, port, database, query, ...changes });
  }

  /**
   * A URL with some options changed; one that is given as undefined is taken out, all others stay.
   *
   * @example
   * ```ts
   * url.updateQuery({ application_name: "worker", sslmode: undefined });
   * ```
   */
  updateQuery(changes: Readonly<Record<string, string | readonly string[] | undefined>>): DatabaseUrl {
    const entries = Object.entries({ ...this.query, ...changes }).filter((entry) => entry[1] !== undefined);
    return this.with({ query: Object.fromEntries(entries) as Record<string, string | readonly string[]> });
  }

  /** What a driver needs to connect. */
  get connectOptions(): ConnectOptions {
    const { host, port, username, password, database, query } = this;
    return { host, port, username, password, database, options: query };
  }

  /** The URL as text, escaped. The password is written as `***` unless `hidePassword` is false. */
  render(options: { readonly hidePassword?: boolean } = {}): string {
    const { dialect, driver, username, password, host, port, database } = this;
    const secret = (options.hidePassword ?? true) ? "***" : encodeURIComponent(password ?? "");
    const login = password === undefined ? "" : `:${secret}`;
    const user =
      username === undefined && password === undefined ? "" : `${encodeURIComponent(username ?? "")}${login}@`;
    const server = host === undefined ? "" : host.includes(":") ? `[${host}]` : host;
    const path =
      database === undefined ? "" : `/${encodeURIComponent(database).replaceAll("%2F", "/").replaceAll("%3A", ":")}`;
    const scheme = driver === undefined ? dialect : `${dialect}+${driver}`;
    return `${scheme}://${user}${server}${port === undefined ? "" : `:${port}`}${path}${this.renderQuery()}`;
  }

  private renderQuery(): string {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(this.query)) {
      for (const item of typeof value === "string" ? [value] : value) query.append(key, item);
    }
    const text = query.toString();
    return text === "" ? "" : `?${text}`;
  }

  /** The URL with the password hidden. */
  toString(): string {
    return this.render();
  }

  toJSON(): string {
    return this.render();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.render();
  }
}

/**
 * Reads a database URL: `dialect+driver://user:password@host:port/database?option=value`. What is special in a URL is
 * written with percent signs, as by `encodeURIComponent`. A DatabaseUrl passes as it is.
 *
 * `sqlite:///app.db` is a relative path, `sqlite:////var/app.db` an absolute one, `sqlite://` and `sqlite:///:memory:` a
 * database in memory.
 *
 * Several servers, `postgresql://app@db1:5432,db2:5433/shop`, are the option `host`, given once for each: for dialects that know
 * what to do with more than one.
 *
 * Throws ArgumentError (`BAD_URL`); the message never shows a password.
 *
 * @example
 * ```ts
 * parseUrl("postgresql+pg://app:p%40ss@localhost:5432/shop?ssl=1").port; // 5432
 * ```
 */
export function parseUrl(url: string | DatabaseUrl): DatabaseUrl {
  if (url instanceof DatabaseUrl) return url;
  if (typeof url !== "string") throw badUrl("A database URL is a string.");
  const text = url.trim();
  const scheme = SCHEME.exec(text);
  if (scheme === null) throw badUrl(`"${masked(text)}" is not a database URL.`);
  const rest = text.slice(scheme[0].length);
  const end = rest.search(/[/?]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const tail = end === -1 ? "" : rest.slice(end);
  const mark = tail.indexOf("?");
  const path = mark === -1 ? tail : tail.slice(0, mark);
  const decoded = (part: string | undefined): string | undefined => decode(part, text);
  const { user, password, host, port, hosts } = splitAuthority(authority, text);
  const query = mark === -1 ? {} : readQuery(tail.slice(mark + 1));
  return new DatabaseUrl({
    dialect: (scheme[1] as string).toLowerCase(),
    driver: scheme[2],
    username: decoded(user),
    password: decoded(password),
    host: decoded(host),
    port: port === undefined ? undefined : Number(port),
    database: path.length > 1 ? decoded(path.slice(1)) : undefined,
    query: hosts === undefined ? query : { host: hosts.map((each) => decode(each, text) as string), ...query },
  });
}

interface Authority {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Several servers, each with its port. */
  readonly hosts: readonly string[] | undefined;
}

const SERVER = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d*))?$/;

function splitAuthority(authority: string, url: string): Authority {
  const at = authority.lastIndexOf("@");
  const login = at === -1 ? undefined : authority.slice(0, at);
  const colon = login === undefined ? -1 : login.indexOf(":");
  const hosts = authority.slice(at + 1).split(",");
  const server = hosts.length > 1 ? [] : SERVER.exec(authority.slice(at + 1));
  if (server === null || (hosts.length > 1 && hosts.some((each) => each === "" || !SERVER.test(each)))) {
    throw badUrl(
      `"${masked(url)}" has a host or port that cannot be read; does a user name or password hold a "/", "?" or "@"?`,
    );
  }
  return {
    user: colon === -1 ? login || undefined : login?.slice(0, colon) || undefined,
    password: colon === -1 ? undefined : login?.slice(colon + 1),
    host: server[1] ?? (server[2] || undefined),
    port: server[3] || undefined,
    hosts: hosts.length > 1 ? hosts : undefined,
  };
}

function readQuery(text: string): Record<string, string | readonly string[]> {
  const query = new URLSearchParams(text);
  const found: Record<string, string | readonly string[]> = {};
  for (const key of new Set(query.keys())) {
    const all = query.getAll(key);
    found[key] = all.length === 1 ? (all[0] as string) : all;
  }
  return found;
}

function decode(part: string | undefined, url: string): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw badUrl(`"${masked(url)}" has a "%" that begins no escape sequence.`, cause);
  }
}

/** Everything that could be a password goes, also in text that is no proper URL. */
function masked(text: string): string {
  return text.replace(
    /^([^:]*:\/\/)?([^:]*):(.*)@/s,
    (_all, scheme: string | undefined, user: string) => `${scheme ?? ""}${user}:***@`,
  );
}

function badUrl(message: string, cause?: unknown): ArgumentError {
  return new ArgumentError(message, { code: "BAD_URL", remedy: FORM, cause });
}
