import { createServer, type Server, Socket } from "node:net";

/** Where bytes come from: `up` from the client, `down` from the server. */
export type Direction = "up" | "down";

/** What becomes of bytes: they go on, they are kept back until {@link Proxy.resume}, or the connection is cut instead. */
export type Verdict = "pass" | "hold" | "cut";

/** One connection through the proxy. */
export class Link {
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly held: (() => void)[] = [];
  private holding = false;

  constructor(client: Socket, server: Socket) {
    this.client = client;
    this.server = server;
  }

  /** Whether it keeps back what comes. */
  get stalled(): boolean {
    return this.holding;
  }

  /** Keeps back what comes from now on. */
  hold(): void {
    this.holding = true;
  }

  /** Lets go what was kept back. */
  resume(): void {
    this.holding = false;
    for (const go of this.held.splice(0)) go();
  }

  /** Hands something on, or keeps it. */
  pass(go: () => void): void {
    if (this.holding) this.held.push(go);
    else go();
  }

  /** Both sides get a reset. */
  cut(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  /** The client hears that the server will send no more; the way up stays open. */
  halfClose(): void {
    this.client.end();
  }
}

/**
 * A network between a client and a server that a test can break: cut, stall, delay, half-close. It knows no protocol.
 *
 * @example
 * ```ts
 * await using proxy = await Proxy.to("127.0.0.1", 5432);
 * const engine = createEngine(parseUrl(url).with({ host: "127.0.0.1", port: proxy.port }));
 * proxy.stall();
 * ```
 */
export class Proxy implements AsyncDisposable {
  /** The connections that are open. */
  readonly links = new Set<Link>();
  /** Milliseconds that everything is on its way. */
  delay = 0;
  /** Decides about each piece of data; undefined lets everything pass. */
  judge: ((direction: Direction, link: Link) => Verdict) | undefined = undefined;
  /** Called when a connection has ended. */
  ended: ((link: Link) => void) | undefined = undefined;
  private readonly server: Server;
  private holdsNew = false;

  private constructor(host: string, port: number) {
    // Half-open: what one side ends is ended at the other by us.
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const upstream = new Socket({ allowHalfOpen: true });
      upstream.setNoDelay(true).connect(port, host);
      this.connect(client, upstream);
    });
  }

  /** Listens on a free port and passes everything on to the given server. */
  static async to(host: string, port: number): Promise<Proxy> {
    const proxy = new Proxy(host, port);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { readonly port: number }).port;
  }

  private connect(client: Socket, upstream: Socket): void {
    const link = new Link(client, upstream);
    if (this.holdsNew) link.hold();
    this.links.add(link);
    this.pipe(link, client, upstream, "up");
    this.pipe(link, upstream, client, "down");
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      if (this.links.delete(link)) this.ended?.(link);
    };
    client.on("close", end);
    upstream.on("close", end);
  }

  private pipe(link: Link, from: Socket, to: Socket, direction: Direction): void {
    const later = (go: () => void): void => {
      link.pass(() => (this.delay > 0 ? void setTimeout(go, this.delay) : go()));
    };
    from.on("data", (bytes) => {
      const verdict = this.judge?.(direction, link) ?? "pass";
      if (verdict === "cut") return link.cut();
      if (verdict === "hold") link.hold();
      later(() => void (to.destroyed || to.write(bytes)));
    });
    from.on("end", () => later(() => void to.end()));
    from.on("error", () => undefined);
  }

  /** Swallows everything, of new connections too (`new: false`: of those that are open now only). */
  stall(options: { readonly new?: boolean } = {}): void {
    this.holdsNew = options.new ?? true;
    for (const link of this.links) link.hold();
  }

  /** Ends a stall: what was swallowed arrives. */
  resume(): void {
    this.holdsNew = false;
    for (const link of this.links) link.resume();
  }

  /** Resets all connections. */
  cut(): void {
    for (const link of this.links) link.cut();
  }

  /** Resets the connections that are stalled: what they hold back never arrives. */
  cutStalled(): void {
    for (const link of this.links) if (link.stalled) link.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    this.judge = undefined;
    this.cut();
    await closed;
  }
}
