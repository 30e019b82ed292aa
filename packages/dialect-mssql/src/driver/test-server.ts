import { createEngine, type Engine } from "@acme/core";
import { type TdsRequest, type TdsResult, TdsServer } from "@acme/testkit/testing";

const VERSION = "SERVERPROPERTY('ProductVersion')";

/** A scripted server, and an engine that is connected to it by the real driver. */
export interface Scripted extends AsyncDisposable {
  readonly server: TdsServer;
  readonly engine: Engine;
  readonly url: string;
  /** Sets the script; the question for the version is answered in any case. */
  answer(script: TdsServer["script"]): void;
  /** What was asked, without the question for the version. */
  asked(): readonly Omit<TdsRequest, "cancelled">[];
}

/** Starts a scripted server of a version (14 unless told otherwise) and edition. */
export async function scripted(
  options: { readonly version?: string; readonly edition?: number } = {},
): Promise<Scripted> {
  const { version = "14.0.3456.2", edition = 2 } = options;
  const row: TdsResult = {
    columns: [
      ["", "nvarchar"],
      ["", "int"],
    ],
    rows: [[version, edition]],
  };
  const server = await TdsServer.start();
  const url = `mssql://sa:secret@127.0.0.1:${server.port}/shop?encrypt=false`;
  const engine = createEngine(url);
  const answer: Scripted["answer"] = (script) => {
    server.script = (request) => (request.sql.includes(VERSION) ? { results: [row] } : script(request));
  };
  answer(() => ({}));
  return {
    server,
    engine,
    url,
    answer,
    asked: () => server.requests.filter((request) => !request.sql.includes(VERSION)),
    async [Symbol.asyncDispose]() {
      await engine.dispose();
      await server.close();
    },
  };
}
