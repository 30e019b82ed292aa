import type { BindRope } from "./binds.js";
import { canGenerateCode } from "./code-generation.js";
import { internAtom, internTuple, tuple } from "./intern.js";
import type { DeclaredField, Node, NodeDeclaration, Shaped } from "./node.js";

/** How the nodes of one class are read for keys. */
export interface NodeReaders {
  /** The number of the node's structure: of the class, and of every field that is part of the key. */
  readonly shape: (node: Node) => number;
  /** The bind parameters below the children. */
  readonly binds: (node: Node) => BindRope;
}

type Fields = { readonly [field: string]: unknown };
type Declared = Pick<NodeDeclaration, "shape" | "fields">;

/**
 * The readers of a node class, made from its declaration. Keys are what an application pays for each statement that it
 * builds anew: code that names the fields of one class takes a third of the time of a loop over fields of all classes. Where
 * no code can be made the loop does the same.
 */
export function makeReaders(declaration: Declared, generate: boolean = canGenerateCode()): NodeReaders {
  return generate ? generatedReaders(declaration) : loopedReaders(declaration);
}

const isSingle = ({ kind }: DeclaredField): boolean => kind === "node" || kind === "ref" || kind === "type";
const isList = ({ kind }: DeclaredField): boolean => kind === "nodes" || kind === "types";
const holdsNode = ({ kind }: DeclaredField): boolean => kind === "node" || kind === "ref";

// In both ways the numbers of all parts are asked for before the list is put together: asking a part makes it put its own
// list together in the same place. Asked again, it only remembers.

function generatedReaders({ shape, fields }: Declared): NodeReaders {
  const ask: string[] = [];
  const put: string[] = [];
  const gather: string[] = [];
  fields.forEach((field, i) => {
    const value = `node[${JSON.stringify(field.name)}]`;
    const each = (action: string): string => `for (let i = 0; i < v${i}.length; i++) ${action}`;
    if (isSingle(field)) {
      ask.push(`const v${i} = ${value}; const s${i} = v${i} === undefined ? 0 : v${i}.shape;`);
      put.push(`tuple[n++] = s${i};`);
    } else if (isList(field)) {
      ask.push(`const v${i} = ${value}; ${each(`v${i}[i].shape;`)}`);
      put.push(`tuple[n++] = v${i}.length; ${each(`tuple[n++] = v${i}[i].shape;`)}`);
    } else if (field.kind === "atom") {
      put.push(`tuple[n++] = internAtom(${value});`);
    } else if (field.kind === "atoms") {
      put.push(`const v${i} = ${value}; tuple[n++] = v${i}.length; ${each(`tuple[n++] = internAtom(v${i}[i]);`)}`);
    }
    const add =
      "if (below !== undefined) { if (first === undefined) first = below; " +
      "else if (all === undefined) all = [first, below]; else all.push(below); }";
    if (holdsNode(field)) gather.push(`below = ${value}; if (below !== undefined) { below = below.binds; ${add} }`);
    else if (field.kind === "nodes")
      gather.push(`const v${i} = ${value}; ${each(`{ below = v${i}[i].binds; ${add} }`)}`);
  });
  const make = new Function(
    "tuple",
    "internAtom",
    "internTuple",
    `return {
      shape(node) { ${ask.join("\n")} let n = 1; tuple[0] = ${shape}; ${put.join("\n")} return internTuple(n); },
      binds(node) { let first, all, below; ${gather.join("\n")} return all === undefined ? first : all; },
    };`,
  ) as (into: number[], atom: typeof internAtom, list: typeof internTuple) => NodeReaders;
  return make(tuple, internAtom, internTuple);
}

function loopedReaders({ shape, fields }: Declared): NodeReaders {
  return {
    shape(node) {
      const self = node as unknown as Fields;
      for (const field of fields) {
        const value = self[field.name];
        if (isList(field)) for (const item of value as readonly Shaped[]) item.shape;
        else if (isSingle(field)) (value as Shaped | undefined)?.shape;
      }
      let n = 1;
      tuple[0] = shape;
      for (const field of fields) {
        const value = self[field.name];
        if (isSingle(field)) {
          tuple[n++] = (value as Shaped | undefined)?.shape ?? 0;
        } else if (field.kind === "atom") {
          tuple[n++] = internAtom(value);
        } else if (isList(field)) {
          tuple[n++] = (value as readonly Shaped[]).length;
          for (const item of value as readonly Shaped[]) tuple[n++] = item.shape;
        } else if (field.kind === "atoms") {
          tuple[n++] = (value as readonly unknown[]).length;
          for (const item of value as readonly unknown[]) tuple[n++] = internAtom(item);
        }
      }
      return internTuple(n);
    },
    binds(node) {
      const self = node as unknown as Fields;
      const all: BindRope[] = [];
      for (const field of fields) {
        const value = self[field.name];
        if (field.kind === "nodes") for (const item of value as readonly Node[]) all.push(item.binds);
        else if (holdsNode(field)) all.push((value as Node | undefined)?.binds);
      }
      const found = all.filter((below) => below !== undefined);
      return found.length < 2 ? found[0] : found;
    },
  };
}
