import { Dialect } from "../dialect/dialect.js";
import { AcmeError } from "../errors/index.js";
import { installPrinter } from "../sql/operate.js";
import type { Node } from "../visit/node.js";

let printing: Dialect | undefined;

/** The SQL of a node in the default dialect. Used where people look at statements: it never throws. */
function printNode(node: Node): string {
  printing ??= new Dialect();
  try {
    return printing.compile(node).sql;
  } catch (error) {
    if (error instanceof AcmeError) return `<${node.kind}: ${error.message}>`;
    throw error;
  }
}

installPrinter(printNode);
