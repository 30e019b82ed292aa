import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** Serves one connection; it takes what a client asks and gives it to `answer`. */
export type Serve<Request, Answer> = (socket: Socket, answer: (request: Request) => Answer | Promise<Answer>) => void;

/** A request that a client may break off. */
export interface Cancellable {
  /** Fulfilled when the client cancels the request. */
  readonly cancelled: Promise<void>;
}

/**
 * A server of some database's wire protocol that answers from a script. It proves how a driver adapter maps what it is asked
 * (the SQL and the values sent, the rows and errors read), never what a database would do.
 */
export class ScriptedServer<Request extends Cancellable, Answer> {
  /** The requests in the order of their coming. */
  readonly requests: Omit<Request, "cancelled">[] = [];
  /** The script; it may be replaced at any time. */
  script: (request: Request) => Answer | Promise<Answer>;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  protected constructor(serve: Serve<Request, Answer>, nothing: Answer) {
    this.script = () => nothing;
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined);
      serve(socket, (request) => {
        const { cancelled: _, ...noted } = request;
        this.requests.push(noted);
        return this.script(request);
      });
    });
  }

  /** Listens on a free port of this machine. */
  protected listen(): Promise<this> {
    return new Promise((resolve) => this.server.listen(0, "127.0.0.1", () => resolve(this)));
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.sockets.size;
  }

  /** Cuts all connections, as a server that goes down. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
