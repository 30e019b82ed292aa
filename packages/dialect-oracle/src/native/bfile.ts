import { type Conversion, defineFunction, type ExpressionNode, largeBinary } from "@acme/core/dialect";
import { OracleType } from "./oracle-type.js";

const BYTES = largeBinary();
const content = defineFunction("to_blob", { args: [BYTES], returns: BYTES, dialects: { oracle: "TO_BLOB" } });

/** Files of the server. Made by {@link bfile}. */
export class Bfile extends OracleType<Uint8Array, never> {
  constructor() {
    super(largeBinary(), "BFILE", { comparable: false });
  }

  override toDatabase(): Conversion {
    return (value) => {
      throw this.refuse(value, `a file is named, not sent: write func("BFILENAME", "DIRECTORY", "file")`);
    };
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return content(value as never) as ExpressionNode;
  }
}

/**
 * A file in a directory of the server's, of which the row holds the name; read, it is the file's bytes.
 * `func("BFILENAME", "DIRECTORY", "file")` names one. DDL: `BFILE`.
 */
export function bfile(): Bfile {
  return new Bfile();
}
